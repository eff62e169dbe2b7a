"""Two threads move money between two accounts."""

import threading
import time

TRANSFERS = 10  # by each thread
PAUSE = 0.01  # seconds between the two locks
moved = []  # an append is one safe step


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()  # guards the balance


def move(source, target):
    assert source.lock.locked()
    assert target.lock.locked()
    source.balance -= 5
    target.balance += 5
    moved.append(5)


def transfer(source, target):
    for _ in range(TRANSFERS):
        with source.lock:
            time.sleep(PAUSE)  # look up the other account
            with target.lock:
                move(source, target)


def main():
    ann, bob = Account(100), Account(100)
    threads = [
        threading.Thread(target=transfer, args=(ann, bob), name="ann-to-bob"),
        threading.Thread(target=transfer, args=(bob, ann), name="bob-to-ann"),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"together {ann.balance + bob.balance} after {len(moved)} transfers")


if __name__ == "__main__":
    main()
