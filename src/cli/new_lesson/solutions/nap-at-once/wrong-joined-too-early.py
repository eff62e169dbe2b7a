# Each thread is joined before the next one starts.
"""Naps, one after the other."""

import threading
import time

NAPS = 2
SECONDS = 0.2  # how long each is


def nap():
    time.sleep(SECONDS)


def main():
    for _ in range(NAPS):
        thread = threading.Thread(target=nap)
        thread.start()
        thread.join()
    print(f"{NAPS} naps of {SECONDS} s")


if __name__ == "__main__":
    main()
