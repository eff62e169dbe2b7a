"""A number goes there, and a number comes back."""
from concurrent.futures import ProcessPoolExecutor


def length(n):
    return sum(i * i for i in range(n))


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        print(sum(pool.map(length, [1_500_000] * 8)))
