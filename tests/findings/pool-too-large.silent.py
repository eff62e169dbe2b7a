"""Two processes for as many pieces."""
import multiprocessing


def work(n):
    return sum(range(n))


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print(pool.map(work, [3_000_000] * 2, chunksize=1))
