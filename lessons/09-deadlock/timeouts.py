"""The same transfers: a thread that waited too long tries again."""

import time
from threading import Lock, Thread
from types import SimpleNamespace

TRANSFERS = 10  # by each thread
PAUSE = 0.01  # seconds between the two locks


def transfer(source, target, patience, tries):
    left = TRANSFERS
    while left:
        tries.append(left)  # one append is safe
        with source.lock:
            time.sleep(PAUSE)  # look up the other account
            if target.lock.acquire(timeout=patience):
                try:
                    source.balance -= 5
                    target.balance += 5
                finally:
                    target.lock.release()
                left -= 1
        time.sleep(patience)  # both locks are free: a turn for the other


def main():
    ann, bob = [SimpleNamespace(balance=100, lock=Lock()) for _ in "ab"]
    tries = []
    hasty = Thread(target=transfer, args=(ann, bob, 0.002, tries), name="hasty")
    calm = Thread(target=transfer, args=(bob, ann, 0.02, tries), name="calm")
    for thread in hasty, calm:
        thread.start()
    for thread in hasty, calm:
        thread.join()
    print(f"together {ann.balance + bob.balance}, {len(tries)} tries")


if __name__ == "__main__":
    main()
