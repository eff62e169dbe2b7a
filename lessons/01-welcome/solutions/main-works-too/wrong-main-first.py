# The main thread works before it starts the others: they wait until it has finished.
"""The same workers, each in a thread of its own."""

import threading
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
    work()
    threads = [
        threading.Thread(target=work, name=f"worker-{i}")
        for i in range(WORKERS - 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()  # the main thread waits here
    print(f"{WORKERS} workers did {ROUNDS} rounds each")


if __name__ == "__main__":
    main()
