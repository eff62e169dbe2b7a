"""Shares of a sum on the processes of this machine."""

from concurrent.futures import ProcessPoolExecutor

WORKERS = 2
SHARES = 8
N = 20_000_000


def sum_of_squares(numbers):
    return sum(n * n for n in numbers)


def main():
    shares = [range(i, N, SHARES) for i in range(SHARES)]
    with ProcessPoolExecutor(WORKERS) as executor:
        total = sum(executor.map(sum_of_squares, shares))
    print(f"squares below {N:,} add up to {total:,}, in {len(shares)} shares")


if __name__ == "__main__":
    main()
