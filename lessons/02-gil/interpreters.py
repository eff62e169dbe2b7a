"""Sum of squares, each share in its own interpreter."""

from concurrent.futures import InterpreterPoolExecutor  # from 3.14 on

WORKERS = 2
N = 10_000_000


def sum_of_squares(numbers):
    return sum(n * n for n in numbers)


def main():
    # Share i is every WORKERS-th number from i on:
    # so all shares cost the same.
    shares = [range(i, N, WORKERS) for i in range(WORKERS)]
    with InterpreterPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        total = sum(pool.map(sum_of_squares, shares))
    print(f"squares below {N:,} add up to {total:,}")


if __name__ == "__main__":  # workers may import this file
    main()
