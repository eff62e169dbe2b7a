"""Sum of squares, one share after the other."""

WORKERS = 2
N = 10_000_000


def sum_of_squares(numbers):
    return sum(n * n for n in numbers)


def main():
    # Share i is every WORKERS-th number from i on:
    # so all shares cost the same.
    shares = [range(i, N, WORKERS) for i in range(WORKERS)]
    total = sum(map(sum_of_squares, shares))
    print(f"squares below {N:,} add up to {total:,}")


if __name__ == "__main__":
    main()
