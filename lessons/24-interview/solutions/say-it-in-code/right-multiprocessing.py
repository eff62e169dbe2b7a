"""Each job in a process of a Pool, and all of them at once."""

import time
from multiprocessing import Pool

JOBS = 4
WAIT = 0.2  # seconds until an answer comes
N = 2_000_000


def job(number):
    time.sleep(WAIT)
    return sum(n * n for n in range(N)) + number


def main():
    with Pool(JOBS) as pool:
        total = sum(pool.map(job, range(JOBS), chunksize=1))
    print(f"{JOBS} jobs add up to {total:,}")


if __name__ == "__main__":
    main()
