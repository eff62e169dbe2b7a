"""Four threads work on what lies in the queue already."""
import queue
import threading
import time

pages = queue.Queue()


def work():
    while pages.get() is not None:
        time.sleep(0.05)


for n in range(40):
    pages.put(n)
workers = [threading.Thread(target=work) for _ in range(4)]
for worker in workers:
    pages.put(None)
    worker.start()
for worker in workers:
    worker.join()
