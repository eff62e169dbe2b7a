"""Two threads move money between two accounts."""

import threading
import time

TRANSFERS = 10  # by each thread
PAUSE = 0.01  # seconds between the two locks


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()  # guards the balance


def transfer(source, target):
    for _ in range(TRANSFERS):
        with source.lock:
            time.sleep(PAUSE)  # look up the other account
            with target.lock:
                source.balance -= 5
                target.balance += 5


def main():
    ann, bob = Account(100), Account(100)
    pairs = {"ann-to-bob": (ann, bob), "bob-to-ann": (bob, ann)}
    threads = [
        threading.Thread(target=transfer, args=pair, name=name)
        for name, pair in pairs.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"together {ann.balance + bob.balance}")


if __name__ == "__main__":
    main()
