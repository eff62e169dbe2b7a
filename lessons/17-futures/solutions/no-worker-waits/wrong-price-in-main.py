# The prices are found in the main thread, one after the other.
"""Jobs that wait for other jobs."""

import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
ORDERS = 4
PAUSE = 0.05  # seconds of each step

executor = ThreadPoolExecutor(WORKERS, "worker")


def price(order):
    time.sleep(PAUSE)
    return 10 * (order + 1)


def invoice(order):
    time.sleep(PAUSE)  # look up the customer
    return order


def main():
    with executor:
        total = sum(price(order) for order in executor.map(invoice, range(ORDERS)))
    print(f"{ORDERS} orders, together {total}")


if __name__ == "__main__":
    main()
