"""Two threads hash: hashlib lets go of the GIL, so that nobody waits for it for long."""
import hashlib
import threading

DATA = bytes(20_000_000)


def digest():
    for _ in range(60):
        hashlib.sha256(DATA).digest()


threads = [threading.Thread(target=digest, name=f"hash-{n}") for n in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
