"""The main thread has come to its end; a thread that is no daemon goes on for ever.

timeout 3
"""
import threading

stop = threading.Event()


def beat():
    while not stop.wait(0.4):
        pass


threading.Thread(target=beat, name="heartbeat").start()
