"""Orders in a list, and consumers that keep looking."""

import time
from threading import Lock, Thread

CONSUMERS = 2
ORDERS = 20
MAKE_TIME = 0.05  # seconds until an order comes
USE_TIME = 0.05   # seconds of work on an order
orders, done, closed, lock = [], [], False, Lock()  # for orders, closed


def consume():
    while True:
        with lock:  # again and again
            order = orders.pop(0) if orders else None
            if order is None and closed:
                return
        if order is not None:
            time.sleep(USE_TIME)
            done.append(order)  # one append is safe


def main():
    global closed
    consumers = [Thread(target=consume, name=f"consumer-{i}") for i in range(CONSUMERS)]
    for consumer in consumers:
        consumer.start()
    for order in range(ORDERS):
        time.sleep(MAKE_TIME)
        with lock:
            orders.append(order)
            closed = order == ORDERS - 1  # that was the last one
    for consumer in consumers:
        consumer.join()
    print(f"{len(done)} orders done")


if __name__ == "__main__":
    main()
