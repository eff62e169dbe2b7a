"""Several windows sell the same seats: look first, then sell."""

import time
from concurrent.futures import ThreadPoolExecutor

WINDOWS = 4   # each sells as long as there are seats
SEATS = 10
PAUSE = 0.02  # seconds between looking and selling


class Hall:
    def __init__(self):
        self.free = SEATS

    def sell(self):
        if self.free <= 0:  # check
            return False
        time.sleep(PAUSE)   # the customer pays
        self.free -= 1      # act
        return True


def window(hall):
    sold = 0
    while hall.sell():
        sold += 1
    return sold


def main():
    hall = Hall()
    with ThreadPoolExecutor(WINDOWS, thread_name_prefix="window") as pool:
        sold = sum(pool.map(window, [hall] * WINDOWS))
    print(f"{SEATS} seats, {sold} sold: {sold - SEATS} too many")


if __name__ == "__main__":
    main()
