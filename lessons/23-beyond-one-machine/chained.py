"""The same sum, added up where the shares are: only one number comes back."""

import os

from distributed import Client, wait

WORKERS = 2
SHARES = 8
N = 20_000_000


def sum_of_squares(numbers):
    return sum(n * n for n in numbers)


def connect():
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    if address:  # such as tcp://10.0.0.5:8786
        return Client(address)
    # A cluster on this machine: a process for each worker.
    return Client(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None)


def main():
    shares = [range(i, N, SHARES) for i in range(SHARES)]
    with connect() as client:
        parts = client.map(sum_of_squares, shares)  # futures, at once
        total = client.submit(sum, parts)  # starts when they are done
        wait(total)
        places = {worker for where in client.who_has(parts).values() for worker in where}
        print(f"squares below {N:,} add up to {total.result():,}, in {len(shares)} shares")
        print(f"the parts lay on {len(places)} workers")


if __name__ == "__main__":
    main()
