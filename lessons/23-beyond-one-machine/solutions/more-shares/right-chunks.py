"""Shares of neighbouring numbers, forty of them or more."""

from concurrent.futures import ProcessPoolExecutor

WORKERS = 2
SHARES = 8
N = 20_000_000


def sum_of_squares(numbers):
    return sum(n * n for n in numbers)


def main():
    size = max(N // 40, 1)
    shares = [range(i, min(i + size, N)) for i in range(0, N, size)]
    with ProcessPoolExecutor(WORKERS) as executor:
        total = sum(executor.map(sum_of_squares, shares))
    print(f"squares below {N:,} add up to {total:,}, in {len(shares)} shares")


if __name__ == "__main__":
    main()
