"""A fast producer, and a queue with little room."""

import time
from queue import Queue
from threading import Thread

CONSUMERS = 2
ORDERS = 20
USE_TIME = 0.05  # seconds of work on an order
MAXSIZE = 2      # orders that fit; 0: any number

orders = Queue(MAXSIZE)


def consume():
    while orders.get() is not None:
        time.sleep(USE_TIME)


def main():
    names = [f"consumer-{i}" for i in range(CONSUMERS)]
    consumers = [Thread(target=consume, name=name) for name in names]
    start = time.perf_counter()
    for consumer in consumers:
        consumer.start()
    for order in range(ORDERS):
        orders.put(order)  # waits for room
    last_put = time.perf_counter() - start
    for _ in consumers:
        orders.put(None)
    for consumer in consumers:
        consumer.join()
    share = last_put / (time.perf_counter() - start)
    print(f"{ORDERS} orders done, the last one put after {share:.0%} of the time")


if __name__ == "__main__":
    main()
