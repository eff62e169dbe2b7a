"""Each ten thousand counts go into the number at once, with its lock."""

import time
from multiprocessing import Barrier, Process, Value

WORKERS = 2
N = 100_000   # counts by each
PAUSE = 0.01  # seconds until the next ten thousand arrive


def count(counter, together):
    together.wait()  # begin at the same time
    for first in range(0, N, 10_000):
        time.sleep(PAUSE)
        counts = 0
        for _ in range(first, min(first + 10_000, N)):
            counts += 1
        with counter.get_lock():
            counter.value += counts


def main():
    counter = Value("q", 0)  # a 64-bit integer in shared memory
    together = Barrier(WORKERS)
    args = (counter, together)
    workers = [Process(target=count, args=args) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expected, got = WORKERS * N, counter.value
    print(f"expected {expected:,}, got {got:,}, lost {expected - got:,}")


if __name__ == "__main__":
    main()
