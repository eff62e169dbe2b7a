"""Two workers, one after the other: one thread does everything."""

import time

WORKERS = 2
ROUNDS = 6
N = 1_000_000  # numbers squared in a round
PAUSE = 0.03   # seconds slept after it


def work():
    for _ in range(ROUNDS):
        sum(n * n for n in range(N))  # compute: this needs a core
        time.sleep(PAUSE)             # sleep: this needs nothing


def main():
    for _ in range(WORKERS):
        work()
    print(f"{WORKERS} workers did {ROUNDS} rounds each")


if __name__ == "__main__":
    main()
