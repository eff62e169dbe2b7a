# Each process is joined before the next one starts.
"""Two processes count in one shared number."""

from multiprocessing import Barrier, Process, Value

WORKERS = 2
N = 100_000  # counts by each


def count(counter, together):
    for _ in range(N):
        counter.value += 1


def main():
    counter = Value("q", 0)  # a 64-bit integer in shared memory
    together = Barrier(WORKERS)
    args = (counter, together)
    workers = [Process(target=count, args=args) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
        worker.join()
    expected, got = WORKERS * N, counter.value
    print(f"expected {expected:,}, got {got:,}, lost {expected - got:,}")


if __name__ == "__main__":
    main()
