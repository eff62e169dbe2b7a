"""NumPy on three kinds of arrays: first in a row, then in threads."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

WORKERS = 2
NUMBERS = 300_000


def add_often(array):
    for _ in range(NUMBERS // 2):
        array + array  # only the time counts


def main():
    floats = np.random.default_rng().random(NUMBERS)
    objects = floats[: NUMBERS // 5].astype(object)
    small = floats[:100]
    jobs = {
        "sort floats": lambda _: [np.sort(floats) for _ in range(20)],
        "sort objects": lambda _: np.sort(objects),
        "add small arrays": lambda _: add_often(small),
    }
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        for name, job in jobs.items():
            start = time.perf_counter()
            list(map(job, range(WORKERS)))
            middle = time.perf_counter()
            list(pool.map(job, range(WORKERS)))
            row, threads = middle - start, time.perf_counter() - middle
            print(f"{name} in threads: {row / threads:.2f} times as fast")


if __name__ == "__main__":
    main()
