"""A queue keeps the letters until they are read."""

import queue
import threading
import time

LETTERS = 20
GAP = 0.0025  # seconds from one letter to the next
PAUSE = 0.01  # seconds to read one

box = queue.SimpleQueue()


def send():
    for _ in range(LETTERS):
        time.sleep(GAP)
        box.put("letter")
    box.put(None)  # no more come


def read(letters):
    while box.get() is not None:
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
