"""A reference count as a model: what the GIL keeps whole in C."""

import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
SECONDS = 0.3  # how long each takes references


class Counted:
    def __init__(self):
        self.refs = 0  # no lock, on purpose: this is what goes wrong

    def take(self):
        refs = int(self.refs)  # read; another thread may come here
        self.refs = refs + 1   # add, store


def work(thing):
    taken, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        for _ in range(1000):
            thing.take()
        taken += 1000
    return taken


def main():
    thing = Counted()
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        taken = sum(pool.map(work, [thing] * WORKERS))
    lost = taken - thing.refs
    print(f"taken {taken:,}, counted {thing.refs:,}, lost {lost:,}")


if __name__ == "__main__":
    main()
