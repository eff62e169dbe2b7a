"""Three C functions that keep the GIL: first in a row, then in threads."""

import json
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
NUMBERS = 300_000


def main():
    numbers = [random.random() for _ in range(NUMBERS)]
    text = json.dumps(numbers)
    pattern = re.compile(r"\.\d*77")
    jobs = {
        "json.loads": lambda _: json.loads(text),
        "re.findall": lambda _: pattern.findall(text),
        "sorted": lambda _: sorted(numbers),
    }
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        for name, job in jobs.items():
            start = time.perf_counter()
            list(map(job, range(WORKERS)))
            middle = time.perf_counter()
            list(pool.map(job, range(WORKERS)))
            row, threads = middle - start, time.perf_counter() - middle
            print(f"{name} in threads: {row / threads:.2f} times as fast")


if __name__ == "__main__":
    main()
