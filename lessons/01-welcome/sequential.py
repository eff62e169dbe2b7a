"""Two workers, one after the other, in one thread."""

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
    for _ in range(WORKERS):
        work()
    print(f"{WORKERS} workers did {ROUNDS} rounds each")


if __name__ == "__main__":
    main()
