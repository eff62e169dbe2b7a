# Every process does job 0.
"""Jobs that wait and compute, one after the other."""

import time
from concurrent.futures import ProcessPoolExecutor

JOBS = 4
WAIT = 0.2  # seconds until an answer comes
N = 2_000_000


def job(number):
    time.sleep(WAIT)
    return sum(n * n for n in range(N)) + number


def main():
    with ProcessPoolExecutor(JOBS) as pool:
        total = sum(pool.map(job, [0] * JOBS))
    print(f"{JOBS} jobs add up to {total:,}")


if __name__ == "__main__":
    main()
