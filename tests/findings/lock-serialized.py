"""Four threads that do all of their work while they hold one lock.

python up to 3.13: later ones do not tell one lock from another
"""
import hashlib
import threading

DATA = bytes(2_000_000)
lock = threading.Lock()


def work():
    for _ in range(40):
        with lock:
            hashlib.sha256(DATA).digest()


threads = [threading.Thread(target=work, name=f"work-{n}") for n in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
