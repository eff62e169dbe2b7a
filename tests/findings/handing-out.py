"""Each item is pickled, sent to a process and back, for next to no work there."""
from multiprocessing import Pool


def first(item):
    return item


if __name__ == "__main__":
    items = [list(range(2000)) for _ in range(600)]
    with Pool(2) as pool:
        pool.map(first, items, chunksize=1)
