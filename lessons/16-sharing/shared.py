"""Large blocks in shared memory; only the news goes through a Pipe."""

import time
from multiprocessing import Pipe, Process
from multiprocessing.shared_memory import SharedMemory

BLOCKS = 64  # 1 MiB each


def consume(memory, theirs, ours):
    ours.close()  # one end for each process
    for _ in range(BLOCKS + 1):
        theirs.recv()  # the news: there is something to read
        theirs.send(memory.buf[-1])  # reads it
    memory.close()


def main():
    memory = SharedMemory(create=True, size=1 << 20)
    ours, theirs = Pipe()
    consumer = Process(target=consume, args=(memory, theirs, ours))
    try:
        consumer.start()
        theirs.close()
        for number in range(BLOCKS + 1):
            memory.buf[:] = bytes([number % 256]) * memory.size
            ours.send("written")
            ours.recv()  # from now on it may be overwritten
            if number == 0:  # the consumer has started
                start = time.perf_counter()
        print(f"{BLOCKS / (time.perf_counter() - start):.0f} MiB a second")
        consumer.join()
    finally:
        memory.close()
        memory.unlink()


if __name__ == "__main__":
    main()
