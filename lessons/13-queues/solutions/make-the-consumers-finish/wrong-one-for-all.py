# One message stops one consumer; the others wait for ever.
"""Consumers that nobody tells to stop."""

import time
from queue import Queue
from threading import Thread

CONSUMERS = 2
ORDERS = 20
MAKE_TIME = 0.05  # seconds until an order comes
USE_TIME = 0.05   # seconds of work on an order

orders, done = Queue(), []  # done: an append is one safe step


def consume():
    while True:
        order = orders.get()  # waits for one
        if order is None:
            break
        time.sleep(USE_TIME)
        done.append(order)


def main():
    names = [f"consumer-{i}" for i in range(CONSUMERS)]
    consumers = [Thread(target=consume, name=name) for name in names]
    for consumer in consumers:
        consumer.start()
    for order in range(ORDERS):
        time.sleep(MAKE_TIME)
        orders.put(order)
    orders.put(None)  # no more orders
    for consumer in consumers:
        consumer.join()
    left = sum(consumer.is_alive() for consumer in consumers)
    print(f"{len(done)} orders done, {left} consumers left")


if __name__ == "__main__":
    main()
