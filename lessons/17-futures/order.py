"""The same jobs twice, in two orders."""

import time
from concurrent.futures import ThreadPoolExecutor, as_completed

WORKERS = 2
JOBS = 8
LONG = 0.6  # seconds of job 0
SHORT = 0.05  # seconds of every other job


def job(number):
    time.sleep(SHORT if number else LONG)
    return number


def show(name, results):
    start = time.perf_counter()
    order = [next(results)]
    first = time.perf_counter() - start
    order.extend(results)
    print(f"{name} order:", *order)
    print(f"{name} waited {first:.2f} s for the first")


def main():
    with ThreadPoolExecutor(WORKERS, "worker") as executor:
        show("map", executor.map(job, range(JOBS)))
        futures = [executor.submit(job, n) for n in range(JOBS)]
        done = as_completed(futures)
        show("as_completed", (future.result() for future in done))


if __name__ == "__main__":
    main()
