"""Woken, and they look again."""

import time
from threading import Condition, Thread

CUSTOMERS = 3
EACH = 4          # rolls each one wants
BAKE_TIME = 0.05  # seconds for a roll
WAKE = 3          # woken for each roll

rolls, in_vain = [], 0
baked = Condition()  # its lock guards both


def buy():
    global in_vain
    for _ in range(EACH):
        with baked:
            while not rolls:  # right: looks before and after
                in_vain += 1
                baked.wait()
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
    print(f"{CUSTOMERS * EACH} rolls baked, {len(rolls)} left, {in_vain:,} looks in vain")


if __name__ == "__main__":
    main()
