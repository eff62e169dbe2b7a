"""A thread for each of 250 requests: they wait, and that is what threads are good for."""
import threading
import time

threads = [threading.Thread(target=time.sleep, args=(0.4,)) for _ in range(250)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
