# One nap stands for all of them.
"""Naps, one after the other."""

import time

NAPS = 2
SECONDS = 0.2  # how long each is


def nap():
    time.sleep(SECONDS)


def main():
    nap()
    print(f"{NAPS} naps of {SECONDS} s")


if __name__ == "__main__":
    main()
