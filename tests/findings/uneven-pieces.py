"""One of six pieces of work takes most of the time: its process works on when the other has nothing to do any more."""
from multiprocessing import Pool


def work(n):
    return sum(i * i for i in range(n))


if __name__ == "__main__":
    with Pool(2) as pool:
        pool.map(work, [500_000] * 5 + [12_000_000], chunksize=1)
