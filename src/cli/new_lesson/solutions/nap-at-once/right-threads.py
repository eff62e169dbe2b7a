"""Naps, each in a thread of its own."""

import threading
import time

NAPS = 2
SECONDS = 0.2  # how long each is


def nap():
    time.sleep(SECONDS)


def main():
    threads = [threading.Thread(target=nap) for _ in range(NAPS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{NAPS} naps of {SECONDS} s")


if __name__ == "__main__":
    main()
