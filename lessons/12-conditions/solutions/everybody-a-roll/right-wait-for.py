"""`wait_for` looks again, as often as it takes."""

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
            baked.wait_for(lambda: rolls)
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
