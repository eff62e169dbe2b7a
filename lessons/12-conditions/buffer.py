"""A small shelf: the baker waits for room, too."""

import time
from threading import Condition, Lock, Thread

ROLLS = 8
BAKE_TIME = 0.05  # seconds for a roll
EAT_TIME = 0.15   # seconds until the next one is wanted
ROOM = 2          # rolls that fit on the shelf

rolls = []
lock = Lock()            # guards rolls
baked = Condition(lock)  # two things to wait for,
taken = Condition(lock)  # and one lock


def buy():
    for _ in range(ROLLS):
        with baked:
            baked.wait_for(lambda: rolls)  # has the loop inside
            rolls.pop()
            taken.notify()
        time.sleep(EAT_TIME)


def main():
    customer = Thread(target=buy, name="customer-0")
    customer.start()
    for _ in range(ROLLS):
        time.sleep(BAKE_TIME)
        with taken:
            taken.wait_for(lambda: len(rolls) < ROOM)
            rolls.append("roll")
            baked.notify()
    customer.join()
    print(f"{ROLLS} rolls baked, {len(rolls)} left")


if __name__ == "__main__":
    main()
