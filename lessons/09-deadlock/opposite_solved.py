"""A solution: both threads lock the account with the lower number first."""

import threading
import time

TRANSFERS = 10  # by each thread
PAUSE = 0.01  # seconds between the two locks


class Account:
    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = threading.Lock()  # guards the balance


def transfer(source, target):
    first, second = sorted((source, target), key=lambda a: a.number)
    for _ in range(TRANSFERS):
        with first.lock:
            time.sleep(PAUSE)  # look up the other account
            with second.lock:
                source.balance -= 5
                target.balance += 5


def main():
    ann, bob = Account(1, 100), Account(2, 100)
    pairs = {"ann-to-bob": (ann, bob), "bob-to-ann": (bob, ann)}
    threads = []
    for name, pair in pairs.items():
        threads.append(threading.Thread(target=transfer, args=pair, name=name))
        threads[-1].start()
    for thread in threads:
        thread.join()
    print(f"together {ann.balance + bob.balance}")


if __name__ == "__main__":
    main()
