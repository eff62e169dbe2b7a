"""The same count, in an object with its number and its lock."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
SECONDS = 0.5  # how long each worker counts


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0  # only with self.lock

    def add_one(self):
        with self.lock:
            self.value += int("1")


def work(counter):
    added, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        for _ in range(1000):
            counter.add_one()
        added += 1000
    return added


def main():
    counter = Counter()
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        expected = sum(pool.map(work, [counter] * WORKERS))
    got = counter.value  # the workers have ended: no lock needed
    print(f"expected {expected:,}, got {got:,}, lost {expected - got:,}")


if __name__ == "__main__":
    main()
