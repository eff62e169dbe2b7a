"""A fast producer, and a queue with little room."""

import time
from queue import Queue
from threading import Thread

CONSUMERS = 2
ORDERS = 20
USE_TIME = 0.05  # seconds of work on an order
MAXSIZE = 2      # orders that fit; 0: any number
orders = Queue(MAXSIZE)


def produce(items):
    for item in items:
        orders.put(item)  # waits for room


def consume():
    while orders.get() is not None:
        time.sleep(USE_TIME)


def main():
    producer = Thread(target=produce, args=[range(ORDERS)], name="producer")
    consumers = [Thread(target=consume, name=f"consumer-{i}") for i in range(CONSUMERS)]
    start = time.perf_counter()
    for thread in [producer, *consumers]:
        thread.start()
    producer.join()
    last_put = time.perf_counter() - start
    produce([None] * CONSUMERS)  # no more orders: one each
    for consumer in consumers:
        consumer.join()
    share = last_put / (time.perf_counter() - start)
    print(f"{ORDERS} orders done, the last one put after {share:.0%} of the time")


if __name__ == "__main__":
    main()
