"""Four threads work on what one fetches, and the fetching takes longest."""
import queue
import threading
import time

pages = queue.Queue()


def work():
    while pages.get() is not None:
        sum(range(1000))


workers = [threading.Thread(target=work, name=f"worker-{n}") for n in range(4)]
for worker in workers:
    worker.start()
for n in range(25):
    time.sleep(0.04)
    pages.put(n)
for _ in workers:
    pages.put(None)
for worker in workers:
    worker.join()
