"""The same transfers: who has waited too long lets go and tries again."""

import threading
import time

TRANSFERS = 10  # by each thread
PAUSE = 0.01  # seconds between the two locks


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()  # guards the balance


def transfer(source, target, patience, tries):
    left = TRANSFERS
    while left:
        with source.lock:
            time.sleep(PAUSE)  # look up the other account
            if target.lock.acquire(timeout=patience):
                source.balance -= 5
                target.balance += 5
                left -= 1
                target.lock.release()
        tries.append(left)
        time.sleep(patience)  # both locks are free: a turn for the other


def main():
    ann, bob, tries = Account(100), Account(100), []
    to_bob, to_ann = (ann, bob, 0.002, tries), (bob, ann, 0.02, tries)
    hasty = threading.Thread(target=transfer, args=to_bob, name="hasty")
    calm = threading.Thread(target=transfer, args=to_ann, name="calm")
    hasty.start()
    calm.start()
    hasty.join()
    calm.join()
    print(f"together {ann.balance + bob.balance}, {len(tries)} tries")


if __name__ == "__main__":
    main()
