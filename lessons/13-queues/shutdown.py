"""A queue that is closed when the last order is in."""

import time
from queue import Queue, ShutDown  # from 3.13 on
from threading import Thread

CONSUMERS = 2
ORDERS = 20
MAKE_TIME = 0.05  # seconds until an order comes
USE_TIME = 0.05   # seconds of work on an order

orders, done = Queue(), []  # done: an append is one safe step


def consume():
    while True:
        try:
            order = orders.get()
        except ShutDown:  # closed, and empty
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
    orders.shutdown()  # once, for all of them
    for consumer in consumers:
        consumer.join()
    print(f"{len(done)} orders done")


if __name__ == "__main__":
    main()
