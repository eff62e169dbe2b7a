# The I/O-bound tasks still wait one after the other.
"""Three kinds of work, one task after the other."""

import time
from concurrent.futures import ProcessPoolExecutor

TASKS = 8
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
    if work is wait:
        for _ in range(TASKS):
            work()
        return
    with ProcessPoolExecutor(2) as executor:
        for future in [executor.submit(work) for _ in range(TASKS)]:
            future.result()


def main():
    kinds = {"I/O-bound": wait, "CPU-bound": compute, "mixed": both}
    for kind, work in kinds.items():
        start = time.perf_counter()
        run(work)
        print(f"{kind} {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
