"""A solution: each worker is a process, with a list of its own."""

import sys
from concurrent.futures import ProcessPoolExecutor

WORKERS = 2
N = 10_000_000  # rounds of each worker


def count(_):
    cells = [0]  # a list of its own
    for n in range(N):
        cells[0] = n  # one store is safe on every build
    return N


def main():
    with ProcessPoolExecutor(WORKERS) as pool:
        rounds = sum(pool.map(count, range(WORKERS)))
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    print(f"{rounds:,} rounds, GIL {'on' if gil else 'off'}")


if __name__ == "__main__":
    main()
