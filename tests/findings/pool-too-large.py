"""Twelve processes are started for two pieces of work."""
import multiprocessing


def work(n):
    return sum(range(n))


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(12) as pool:
        print(pool.map(work, [60_000_000] * 2, chunksize=1))
        pool.close()
        pool.join()
