# One process has all the threads: they take turns there.
"""Each worker is a thread, and each has a list of its own."""

import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

WORKERS = 2
N = 10_000_000  # rounds of each worker


def count(_):
    cells = [0]  # a list of its own
    for n in range(N):
        cells[0] = n  # one store is safe on every build
    return N


def everything():
    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(pool.map(count, range(WORKERS)))


def main():
    with ProcessPoolExecutor(1) as pool:
        rounds = pool.submit(everything).result()
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    print(f"{rounds:,} rounds, GIL {'on' if gil else 'off'}")


if __name__ == "__main__":
    main()
