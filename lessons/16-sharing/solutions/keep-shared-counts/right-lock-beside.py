"""A lock beside the number, which all processes get."""

import time
from multiprocessing import Barrier, Lock, Process, Value

WORKERS = 2
N = 100_000   # counts by each
PAUSE = 0.01  # seconds until the next ten thousand arrive


def count(counter, together, lock):
    together.wait()  # begin at the same time
    for i in range(N):
        if i % 10_000 == 0:
            time.sleep(PAUSE)  # until the next ones arrive
        with lock:
            counter.value += 1


def main():
    counter = Value("q", 0)  # a 64-bit integer in shared memory
    together = Barrier(WORKERS)
    args = (counter, together, Lock())
    workers = [Process(target=count, args=args) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expected, got = WORKERS * N, counter.value
    print(f"expected {expected:,}, got {got:,}, lost {expected - got:,}")


if __name__ == "__main__":
    main()
