"""Each worker is a thread with an interpreter, and a GIL, of its own."""

import sys
from concurrent.futures import InterpreterPoolExecutor

WORKERS = 2
N = 10_000_000  # rounds of each worker


def count(cells):
    for n in range(N):
        cells[0] = n  # one store is safe on every build
    return N


def main():
    lists = [[0] for _ in range(WORKERS)]
    with InterpreterPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        rounds = sum(pool.map(count, lists))
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    print(f"{rounds:,} rounds, GIL {'on' if gil else 'off'}")


if __name__ == "__main__":
    main()
