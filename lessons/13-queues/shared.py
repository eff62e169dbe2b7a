"""Orders in a list, and consumers who look for them."""

import time
from threading import Lock, Thread

CONSUMERS = 2
ORDERS = 20
MAKE_TIME = 0.05  # seconds until an order comes
USE_TIME = 0.05   # seconds of work on an order

orders, done, closed = [], [], False
lock = Lock()  # guards orders


def consume():
    while not closed or orders:  # again and again
        with lock:
            order = orders.pop(0) if orders else None
        if order is not None:
            time.sleep(USE_TIME)
            done.append(order)


def main():
    global closed
    consumers = [Thread(target=consume, name=f"consumer-{i}") for i in range(CONSUMERS)]
    for consumer in consumers:
        consumer.start()
    for order in range(ORDERS):
        time.sleep(MAKE_TIME)
        with lock:
            orders.append(order)
    closed = True
    for consumer in consumers:
        consumer.join()
    print(f"{len(done)} orders done")


if __name__ == "__main__":
    main()
