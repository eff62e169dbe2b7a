"""The same tasks, each in a thread."""

import time
from threading import Thread

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
    threads = [Thread(target=work) for _ in range(TASKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    for work, name in (wait, "I/O-bound"), (compute, "CPU-bound"), (both, "mixed"):
        start = time.perf_counter()
        run(work)
        print(f"{name} {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
