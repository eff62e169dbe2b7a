"""Two threads hash: the library that does it has no threads of its own."""
import hashlib
import threading

DATA = bytes(20_000_000)


def digest():
    for _ in range(40):
        hashlib.sha256(DATA).digest()


threads = [threading.Thread(target=digest) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
