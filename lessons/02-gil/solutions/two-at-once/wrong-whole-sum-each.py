# Each process computes the whole sum, and they are added up.
"""Sum of squares, each share in a thread."""

import sys
from concurrent.futures import ProcessPoolExecutor

WORKERS = 2
N = 10_000_000
SWITCH_INTERVAL = 0.005  # seconds until a waiter asks


def sum_of_squares(numbers):
    return sum(n * n for n in numbers)


def main():
    sys.setswitchinterval(SWITCH_INTERVAL)
    # Share i is every WORKERS-th number from i on:
    # so all shares cost the same.
    shares = [range(N) for i in range(WORKERS)]
    with ProcessPoolExecutor(WORKERS) as pool:
        total = sum(pool.map(sum_of_squares, shares))
    print(f"squares below {N:,} add up to {total:,}")


if __name__ == "__main__":
    main()
