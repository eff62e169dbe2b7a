"""Two workers' rounds, one after the other."""

import sys

WORKERS = 2
N = 10_000_000  # rounds of each worker


def count(cells):
    for n in range(N):
        cells[0] = n  # one store is safe on every build
    return N


def main():
    rounds = sum(count([0]) for _ in range(WORKERS))
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    print(f"{rounds:,} rounds, GIL {'on' if gil else 'off'}")


if __name__ == "__main__":
    main()
