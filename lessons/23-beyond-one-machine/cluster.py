"""The same shares on the workers of a Dask cluster."""

import os

from distributed import Client

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
    with connect() as client, client.get_executor() as executor:
        total = sum(executor.map(sum_of_squares, shares))
    print(f"squares below {N:,} add up to {total:,}, in {len(shares)} shares")


if __name__ == "__main__":
    main()
