"""Each result is waited for before the next piece of work is handed out."""
import time
from concurrent.futures import ProcessPoolExecutor


def work(n):
    return sum(i * i for i in range(n))


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        both = [pool.submit(time.sleep, 0.1) for _ in range(2)]
        [one.result() for one in both]
        for _ in range(10):
            pool.submit(work, 1_200_000).result()
