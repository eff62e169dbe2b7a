"""Some threads count in one variable, with counter += 1."""

import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
SECONDS = 0.5  # how long each worker counts

counter = 0


def work(_):
    global counter
    added, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        for _ in range(1000):
            counter += 1  # read counter, add, store counter
        added += 1000
    return added


def main():
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        expected = sum(pool.map(work, range(WORKERS)))
    got = counter  # the workers have ended
    print(f"expected {expected:,}, got {got:,}, lost {expected - got:,}")


if __name__ == "__main__":
    main()
