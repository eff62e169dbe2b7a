"""One C function, loaded in two ways: ctypes.CDLL and ctypes.PyDLL."""

import ctypes
import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
PAUSE = 0.3  # seconds that each call waits


def main():
    microseconds = [round(PAUSE * 1e6)] * WORKERS
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        for load in ctypes.CDLL, ctypes.PyDLL:
            usleep = load(None).usleep  # from the C library
            start = time.perf_counter()
            list(pool.map(usleep, microseconds))
            took = time.perf_counter() - start
            print(f"{load.__name__} took {took:.2f} s for {WORKERS} calls at once")


if __name__ == "__main__":
    main()
