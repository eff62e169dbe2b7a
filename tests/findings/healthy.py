"""Two threads hash, and hashlib lets go of the GIL."""
import hashlib
import threading

DATA = bytes(40_000_000)


def digest():
    for _ in range(40):
        hashlib.sha256(DATA).digest()


threads = [threading.Thread(target=digest, name=f"hash-{n}") for n in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
