# The letters are kept, but only one is read for each time that the event was set.
"""A sender sets an event for each letter, a reader reads them."""

import threading
import time
from collections import deque

LETTERS = 20
GAP = 0.0025  # seconds from one letter to the next
PAUSE = 0.01  # seconds to read one

box = deque()
arrived = threading.Event()


def send():
    for _ in range(LETTERS):
        time.sleep(GAP)
        box.append("letter")
        arrived.set()  # here is a letter


def read(letters):
    while arrived.wait(timeout=0.5):  # until no more come
        arrived.clear()
        box.popleft()
        time.sleep(PAUSE)
        letters.append("read")


def main():
    letters = []
    reader = threading.Thread(target=read, args=(letters,), name="reader")
    sender = threading.Thread(target=send, name="sender")
    reader.start()
    sender.start()
    sender.join()
    reader.join()
    lost = LETTERS - len(letters)
    print(f"sent {LETTERS}, read {len(letters)}, lost {lost}")


if __name__ == "__main__":
    main()
