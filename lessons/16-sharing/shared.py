"""The large blocks in shared memory; only the news goes through a Pipe."""

import time
from multiprocessing import Pipe, Process
from multiprocessing.shared_memory import SharedMemory

BLOCKS = 64  # 1 MiB each
SIZE = 1 << 20


def consume(name, connection):
    memory = SharedMemory(name)  # the same bytes, no copy
    for _ in range(BLOCKS + 1):
        number = connection.recv()
        assert memory.buf[0] == memory.buf[SIZE - 1] == number
        connection.send("read")
    memory.close()


def hand_over(number, memory, connection):
    memory.buf[:SIZE] = bytes([number]) * SIZE
    connection.send(number)
    connection.recv()  # it may be overwritten now


def main():
    memory = SharedMemory(create=True, size=SIZE)
    ours, theirs = Pipe()
    consumer = Process(target=consume, args=(memory.name, theirs))
    consumer.start()
    hand_over(0, memory, ours)  # it has started, and answers
    start = time.perf_counter()
    for block in range(BLOCKS):
        hand_over(block % 256, memory, ours)
    print(f"{BLOCKS / (time.perf_counter() - start):.0f} MiB a second")
    consumer.join()
    memory.close()
    memory.unlink()


if __name__ == "__main__":
    main()
