# The main thread does the work itself, one piece after the other.
"""One of three threads fails. Who is told?"""

import threading
import time

STEP = 0.1  # seconds
TEXTS = 3   # of these, from the first
LIMITS = ["20", "ten", "5"]  # one of them is no number
results = {}


def work(text, steps):
    time.sleep(STEP * steps)
    results[text] = sum(range(int(text)))  # ValueError?


def main():
    for i, text in enumerate(LIMITS[:TEXTS]):
        thread = threading.Thread(target=print, name=f"worker-{i}")
        thread.start()
        thread.join()
    errors = []
    for i, text in enumerate(LIMITS[:TEXTS]):
        try:
            work(text, i + 1)
        except ValueError as error:
            errors.append(error)
    threads = []
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()  # of a failed thread, too
        print(f"{thread.name}: alive {thread.is_alive()}")
    print(f"results: {len(results)} of {TEXTS}, {results}")
    raise errors[0]


if __name__ == "__main__":
    main()
