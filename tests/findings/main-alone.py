"""The main thread prepares what two threads then hash: they are of use for half the time only."""
import hashlib
import threading

total = 0
for n in range(10_000_000):
    total += n
data = [bytes(40_000_000) for _ in range(2)]


def digest(part):
    for _ in range(15):
        hashlib.sha256(part).digest()


threads = [threading.Thread(target=digest, args=(part,), name=f"hash-{n}") for n, part in enumerate(data)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
