"""A solution: main waits for the prices, and no worker does."""

import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
ORDERS = 4
PAUSE = 0.05  # seconds of each step

executor = ThreadPoolExecutor(WORKERS, "worker")


def price(order):
    time.sleep(PAUSE)
    return 10 * (order + 1)


def customer(order):
    time.sleep(PAUSE)  # look up the customer
    return order


def main():
    with executor:
        orders = executor.map(customer, range(ORDERS))
        total = sum(executor.map(price, orders))
    print(f"{ORDERS} orders, together {total}")


if __name__ == "__main__":
    main()
