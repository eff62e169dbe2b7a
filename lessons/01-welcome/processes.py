"""The same workers, each in a process of its own."""

import multiprocessing
import sys
import time

WORKERS = 2
ROUNDS = 6
N = 1_000_000  # numbers squared in a round
PAUSE = 0.03   # seconds slept after it


def work():
    for _ in range(ROUNDS):
        sum(n * n for n in range(N))  # needs a core
        time.sleep(PAUSE)             # needs none


def main():
    processes = [
        multiprocessing.Process(target=work, name=f"worker-{i}")
        for i in range(WORKERS)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()  # the main process waits here
    if any(process.exitcode for process in processes):
        sys.exit("a worker failed")
    print(f"{WORKERS} workers did {ROUNDS} rounds each")


if __name__ == "__main__":  # workers may import this file
    main()
