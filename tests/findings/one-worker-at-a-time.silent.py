"""The same work, handed out together."""
from concurrent.futures import ProcessPoolExecutor


def work(n):
    return sum(i * i for i in range(n))


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(work, [1_200_000] * 10))
