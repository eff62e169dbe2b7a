"""One of three threads fails; a hook keeps what it raised."""

import sys
import threading
import time

STEP = 0.1  # seconds
TEXTS = 3   # of these, from the first
LIMITS = ["20", "ten", "5"]  # one of them is no number
results = {}
failed = []


def work(text, steps):
    time.sleep(STEP * steps)
    results[text] = sum(range(int(text)))  # ValueError?


def main():
    threading.excepthook = lambda hook: failed.append(hook.exc_value)
    threads = [
        threading.Thread(target=work, args=(text, i + 1), name=f"worker-{i}")
        for i, text in enumerate(LIMITS[:TEXTS])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()  # of a failed thread, too
        print(f"{thread.name}: alive {thread.is_alive()}")
    print(f"results: {len(results)} of {TEXTS}, {results}")
    if failed:
        sys.exit(f"failed: {failed[0]}")


if __name__ == "__main__":
    main()
