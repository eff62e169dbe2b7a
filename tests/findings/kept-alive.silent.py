"""The same thread, told to stop."""
import threading
import time

stop = threading.Event()


def beat():
    while not stop.wait(0.4):
        pass


threading.Thread(target=beat, name="heartbeat").start()
time.sleep(1)
stop.set()
