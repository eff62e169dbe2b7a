"""Customers that look again and again."""

import time
from threading import Lock, Thread

CUSTOMERS = 3
EACH = 4          # rolls each one wants
BAKE_TIME = 0.05  # seconds for a roll

rolls, in_vain = [], 0
lock = Lock()  # guards both


def buy():
    global in_vain
    bought = 0
    while bought < EACH:
        with lock:
            if rolls:
                rolls.pop()
                bought += 1
            else:
                in_vain += 1  # nothing there: look again


def main():
    customers = [Thread(target=buy, name=f"customer-{i}") for i in range(CUSTOMERS)]
    for customer in customers:
        customer.start()
    for _ in range(CUSTOMERS * EACH):
        time.sleep(BAKE_TIME)
        with lock:
            rolls.append("roll")
    for customer in customers:
        customer.join()
    print(f"{CUSTOMERS * EACH} rolls baked, {len(rolls)} left, {in_vain:,} looks in vain")


if __name__ == "__main__":
    main()
