"""Naps, all at once, by a pool."""

import time
from concurrent.futures import ThreadPoolExecutor

NAPS = 2
SECONDS = 0.2  # how long each is


def nap():
    time.sleep(SECONDS)


def main():
    with ThreadPoolExecutor(NAPS) as pool:
        for _ in range(NAPS):
            pool.submit(nap)
    print(f"{NAPS} naps of {SECONDS} s")


if __name__ == "__main__":
    main()
