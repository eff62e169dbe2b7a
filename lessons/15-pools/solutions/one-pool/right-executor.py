"""One executor for all rounds."""

import time
from concurrent.futures import ProcessPoolExecutor

WORKERS = 2
ROUNDS = 5  # pools, one after the other
NAP = 0.0   # seconds that each job sleeps


def milliseconds_since(start):
    return (time.perf_counter() - start) * 1e3


def main():
    with ProcessPoolExecutor(WORKERS) as pool:
        for _ in range(ROUNDS):
            start = time.perf_counter()
            list(pool.map(time.sleep, [NAP] * WORKERS))
            ready = milliseconds_since(start)
            again = time.perf_counter()
            list(pool.map(time.sleep, [NAP] * WORKERS))
            answer = milliseconds_since(again)
            print(f"first answer after {ready:.1f} ms, the next after {answer:.2f} ms")


if __name__ == "__main__":
    main()
