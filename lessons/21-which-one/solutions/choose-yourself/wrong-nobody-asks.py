# Every call fails, for `work` takes no argument, and nobody asks for the results.
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
    with ProcessPoolExecutor(TASKS) as executor:
        executor.map(work, range(TASKS))  # each call fails: `work` takes no argument


def main():
    kinds = {"I/O-bound": wait, "CPU-bound": compute, "mixed": both}
    for kind, work in kinds.items():
        start = time.perf_counter()
        run(work)
        print(f"{kind} {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
