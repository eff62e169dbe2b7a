"""Two threads hash, and the main thread only waits for them."""
import hashlib
import threading

data = [bytes(40_000_000) for _ in range(2)]


def digest(part):
    for _ in range(60):
        hashlib.sha256(part).digest()


threads = [threading.Thread(target=digest, args=(part,), name=f"hash-{n}") for n, part in enumerate(data)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
