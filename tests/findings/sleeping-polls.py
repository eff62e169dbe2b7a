"""The main thread looks every 10 ms whether a worker has finished."""
import threading
import time

finished = []


def work():
    threading.Event().wait(2.5)
    finished.append(True)


threading.Thread(target=work, name="work").start()
while not finished:
    time.sleep(0.01)
