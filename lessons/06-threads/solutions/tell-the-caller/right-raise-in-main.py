"""One of three threads fails, and the main thread is told."""

import threading
import time

STEP = 0.1  # seconds
TEXTS = 3   # of these, from the first
LIMITS = ["20", "ten", "5"]  # one of them is no number
results = {}
errors = []


def work(text, steps):
    time.sleep(STEP * steps)
    try:
        results[text] = sum(range(int(text)))
    except ValueError as error:
        errors.append(error)


def main():
    threads = [
        threading.Thread(target=work, args=(text, i + 1), name=f"worker-{i}")
        for i, text in enumerate(LIMITS[:TEXTS])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"results: {len(results)} of {TEXTS}, {results}")
    if errors:
        raise errors[0]  # nobody catches it here: exit status 1


if __name__ == "__main__":
    main()
