"""The main thread waits for the worker itself."""
import threading

finished = threading.Event()


def work():
    threading.Event().wait(0.8)
    finished.set()


threading.Thread(target=work, name="work").start()
finished.wait()
