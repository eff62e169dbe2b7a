"""Queries that fail give their place back once, as all others do."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

QUERIES = 9
LIMIT = 3  # queries that the database takes at once
THINK_TIME = 0.1  # seconds the database needs

places = threading.Semaphore(LIMIT)
inside, counts = [], []


def query(number):
    try:
        with places:
            inside.append("query")
            counts.append(len(inside))
            time.sleep(THINK_TIME)
            inside.pop()
            if number % 3 == 0:
                raise ConnectionError("no answer")
    except ConnectionError:
        pass  # its place was given back on the way here


def main():
    with ThreadPoolExecutor(QUERIES, thread_name_prefix="query") as pool:
        list(pool.map(query, range(QUERIES)))
    print(f"{len(counts)} queries, at most {max(counts)} at once")


if __name__ == "__main__":
    main()
