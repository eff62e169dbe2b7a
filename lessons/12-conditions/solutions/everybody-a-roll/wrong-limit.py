# The wait has a limit: when a roll is late, a customer goes home without one.
"""Woken, but they do not look again."""

import time
from threading import Condition, Thread

CUSTOMERS = 3
EACH = 4          # rolls each one wants
BAKE_TIME = 0.05  # seconds for a roll
WAKE = 3          # woken for each roll

rolls = []
baked = Condition()  # its lock guards rolls


def buy():
    for _ in range(EACH):
        with baked:
            if not rolls:  # wrong: looks only before the wait
                baked.wait(timeout=0.1)
            if rolls:  # else: home without one
                rolls.pop()


def main():
    customers = [Thread(target=buy, name=f"customer-{i}") for i in range(CUSTOMERS)]
    for customer in customers:
        customer.start()
    for _ in range(CUSTOMERS * EACH):
        time.sleep(BAKE_TIME)
        with baked:
            rolls.append("roll")
            baked.notify(WAKE)
    for customer in customers:
        customer.join()
    print(f"{CUSTOMERS * EACH} rolls baked, {len(rolls)} left")


if __name__ == "__main__":
    main()
