"""Messages to another process through a multiprocessing.Queue."""

import time
from multiprocessing import Process, Queue

MESSAGES = 20_000  # small ones: a number each
BLOCKS = 64  # large ones: 1 MiB each


def consume(queue, replies):
    for _ in ("start", "small", "large"):
        while queue.get() is not None:
            pass
        replies.put("all received")


def seconds_for(count, message, queue, replies):
    start = time.perf_counter()
    for _ in range(count):
        queue.put(message)
    queue.put(None)  # no more
    replies.get(timeout=60)  # or for ever, if the consumer dies
    return time.perf_counter() - start


def main():
    queue, replies = Queue(), Queue()
    consumer = Process(target=consume, args=(queue, replies))
    consumer.start()
    seconds_for(0, None, queue, replies)  # it has started, and answers
    small = seconds_for(MESSAGES, 1, queue, replies)
    large = seconds_for(BLOCKS, bytes(1 << 20), queue, replies)
    consumer.join()
    print(f"{small / MESSAGES * 1e6:.1f} us a message")
    print(f"{BLOCKS / large:.0f} MiB a second")


if __name__ == "__main__":
    main()
