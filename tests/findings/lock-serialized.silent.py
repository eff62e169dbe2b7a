"""Four threads that hold the lock only to add up what they have done, and four that wait for work in a queue."""
import hashlib
import queue
import threading

DATA = bytes(2_000_000)
lock = threading.Lock()
jobs = queue.Queue()
done = 0


def work():
    global done
    while jobs.get() is not None:
        hashlib.sha256(DATA).digest()
        with lock:
            done += 1


threads = [threading.Thread(target=work, name=f"work-{n}") for n in range(4)]
for thread in threads:
    thread.start()
for _ in range(1200):
    jobs.put(1)
for _ in threads:
    jobs.put(None)
for thread in threads:
    thread.join()
