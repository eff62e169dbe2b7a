"""The same rows, and eight threads that write them: none waits for room."""
import queue
import threading
import time

rows = queue.Queue(40)


def write():
    while rows.get() is not None:
        time.sleep(0.2)


writers = [threading.Thread(target=write) for _ in range(8)]
for writer in writers:
    writer.start()
for n in range(30):
    rows.put(n)
for _ in writers:
    rows.put(None)
for writer in writers:
    writer.join()
