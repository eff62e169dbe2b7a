"""A lock beside the number, which all processes get."""

from multiprocessing import Barrier, Lock, Process, Value

WORKERS = 2
N = 100_000  # counts by each


def count(counter, together, lock):
    together.wait()  # begin at the same time
    for _ in range(N):
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
