"""The main thread gives its core away for no time at all until a worker has finished."""
import threading
import time

finished = []


def work():
    threading.Event().wait(0.6)
    finished.append(True)


threading.Thread(target=work, name="work").start()
while not finished:
    time.sleep(0.000001)
