"""A solution: threads for the waiting, processes for the rest."""

import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

TASKS = 8
WORKERS = 2
PAUSE = 0.05  # seconds that an I/O-bound task waits
N = 1_000_000  # numbers that a CPU-bound task squares


def wait():
    time.sleep(PAUSE)


def compute():
    sum(n * n for n in range(N))


def both():
    wait()
    compute()


def run(work):
    kind = ThreadPoolExecutor if work is wait else ProcessPoolExecutor
    with kind(TASKS if work is wait else WORKERS) as executor:
        for future in [executor.submit(work) for _ in range(TASKS)]:
            future.result()


def main():
    for work, name in (wait, "I/O-bound"), (compute, "CPU-bound"), (both, "mixed"):
        start = time.perf_counter()
        run(work)
        print(f"{name} {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
