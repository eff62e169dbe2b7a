"""One of three threads fails, and its future says so."""

import time
from concurrent.futures import ThreadPoolExecutor

STEP = 0.1  # seconds
TEXTS = 3   # of these, from the first
LIMITS = ["20", "ten", "5"]  # one of them is no number
results = {}


def work(text, steps):
    time.sleep(STEP * steps)
    results[text] = sum(range(int(text)))  # ValueError?


def main():
    with ThreadPoolExecutor(TEXTS) as pool:
        futures = [pool.submit(work, text, i + 1) for i, text in enumerate(LIMITS[:TEXTS])]
    print(f"results: {len(results)} of {TEXTS}, {results}")
    for future in futures:
        future.result()  # raises what was raised in its thread


if __name__ == "__main__":
    main()
