"""A semaphore counts the letters that nobody has read yet."""

import threading
import time

LETTERS = 20
GAP = 0.0025  # seconds from one letter to the next
PAUSE = 0.01  # seconds to read one

arrived = threading.Semaphore(0)


def send():
    for _ in range(LETTERS):
        time.sleep(GAP)
        arrived.release()  # here is a letter


def read(letters):
    while arrived.acquire(timeout=0.5):  # one for each letter
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
