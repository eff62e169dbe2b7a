# The exception is caught and printed, and then forgotten: the status is 0.
"""One of three threads fails. Who is told?"""

import threading
import time

STEP = 0.1  # seconds
TEXTS = 3   # of these, from the first
LIMITS = ["20", "ten", "5"]  # one of them is no number
results = {}


def work(text, steps):
    time.sleep(STEP * steps)
    try:
        results[text] = sum(range(int(text)))
    except ValueError as error:
        print(f"failed: {error}")


def main():
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


if __name__ == "__main__":
    main()
