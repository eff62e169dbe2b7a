"""A thread for each query, but no more than LIMIT at the database."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

QUERIES = 9
LIMIT = 3  # queries that the database takes at once
THINK_TIME = 0.1  # seconds the database needs

places = threading.Semaphore(LIMIT)
inside, counts = [], []


def query(_):
    with places:  # takes a place, or waits for one
        inside.append("query")
        counts.append(len(inside))
        time.sleep(THINK_TIME)
        inside.pop()


def main():
    with ThreadPoolExecutor(QUERIES, thread_name_prefix="query") as pool:
        list(pool.map(query, range(QUERIES)))
    print(f"{len(counts)} queries, at most {max(counts)} at once")


if __name__ == "__main__":
    main()
