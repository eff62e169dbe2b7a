"""The same messages through a Pipe."""

import time
from multiprocessing import Pipe, Process

MESSAGES = 20_000  # small ones: a number each
BLOCKS = 64  # large ones: 1 MiB each


def consume(theirs, ours):
    ours.close()  # else this process could not see that end close
    for _ in ("start", "small", "large"):
        while theirs.recv() is not None:
            pass
        theirs.send("all received")


def seconds_for(count, message, connection):
    start = time.perf_counter()
    for item in [message] * count + [None]:  # None: no more
        connection.send(item)
    connection.recv()
    return time.perf_counter() - start


def main():
    ours, theirs = Pipe()
    consumer = Process(target=consume, args=(theirs, ours))
    consumer.start()
    theirs.close()  # this process needs one end only
    seconds_for(0, None, ours)  # it has started, and answers
    small = seconds_for(MESSAGES, 1, ours)
    large = seconds_for(BLOCKS, bytes(1 << 20), ours)
    consumer.join()
    print(f"{small / MESSAGES * 1e6:.1f} us a message")
    print(f"{BLOCKS / large:.0f} MiB a second")


if __name__ == "__main__":
    main()
