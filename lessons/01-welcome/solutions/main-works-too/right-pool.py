"""A pool of one thread fewer, and the main thread beside it."""

import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
ROUNDS = 6
N = 1_000_000  # numbers squared in a round
PAUSE = 0.03   # seconds slept after it


def work():
    for _ in range(ROUNDS):
        sum(n * n for n in range(N))  # needs a core
        time.sleep(PAUSE)             # needs none


def main():
    with ThreadPoolExecutor(max(WORKERS - 1, 1)) as pool:
        for _ in range(WORKERS - 1):
            pool.submit(work)
        work()  # the last worker's rounds
    print(f"{WORKERS} workers did {ROUNDS} rounds each")


if __name__ == "__main__":
    main()
