# A second executor does not get stuck, but there are twice as many workers.
"""Jobs that wait for other jobs."""

import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
ORDERS = 4
PAUSE = 0.05  # seconds of each step

executor = ThreadPoolExecutor(WORKERS, "worker")
prices = ThreadPoolExecutor(WORKERS, "prices")


def price(order):
    time.sleep(PAUSE)
    return 10 * (order + 1)


def invoice(order):
    time.sleep(PAUSE)  # look up the customer
    future = prices.submit(price, order)
    return future.result()  # this worker waits


def main():
    with executor:
        total = sum(executor.map(invoice, range(ORDERS)))
    print(f"{ORDERS} orders, together {total}")


if __name__ == "__main__":
    main()
