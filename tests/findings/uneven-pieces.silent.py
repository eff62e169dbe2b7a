"""Pieces that take as long as each other."""
from multiprocessing import Pool


def work(n):
    return sum(i * i for i in range(n))


if __name__ == "__main__":
    with Pool(2) as pool:
        pool.map(work, [1_500_000] * 8, chunksize=1)
