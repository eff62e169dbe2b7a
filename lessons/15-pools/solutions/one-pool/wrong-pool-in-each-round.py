# Smaller pools, but still one in each round.
"""What a Pool costs before it has done anything."""

import time
from multiprocessing import Pool

WORKERS = 2
ROUNDS = 5  # pools, one after the other
NAP = 0.0   # seconds that each job sleeps


def milliseconds_since(start):
    return (time.perf_counter() - start) * 1e3


def main():
    for _ in range(ROUNDS):
        start = time.perf_counter()
        with Pool(1) as pool:
            pool.map(time.sleep, [NAP] * WORKERS, chunksize=1)
            ready = milliseconds_since(start)
            again = time.perf_counter()
            pool.map(time.sleep, [NAP] * WORKERS, chunksize=1)
            answer = milliseconds_since(again)
        print(f"first answer after {ready:.1f} ms, the next after {answer:.2f} ms")


if __name__ == "__main__":
    main()
