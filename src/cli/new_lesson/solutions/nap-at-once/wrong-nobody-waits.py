# Nobody waits for the naps: the program ends while they go on.
"""Naps, one after the other."""

import threading
import time

NAPS = 2
SECONDS = 0.2  # how long each is


def nap():
    time.sleep(SECONDS)


def main():
    for _ in range(NAPS):
        threading.Thread(target=nap, daemon=True).start()
    print(f"{NAPS} naps of {SECONDS} s")


if __name__ == "__main__":
    main()
