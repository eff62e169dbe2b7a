"""One thread writes what is handed to it through a queue of four places, and each takes a while."""
import queue
import threading
import time

rows = queue.Queue(4)


def write():
    while rows.get() is not None:
        time.sleep(0.04)


writer = threading.Thread(target=write, name="writer")
writer.start()
for n in range(30):
    rows.put(n)
rows.put(None)
writer.join()
