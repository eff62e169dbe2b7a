# Only a query that fails releases its place: the others keep theirs for ever.
"""Queries that fail release their place twice."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

QUERIES = 9
LIMIT = 3  # queries that the database takes at once
THINK_TIME = 0.1  # seconds the database needs

places = threading.Semaphore(LIMIT)
failed = []  # an append is one safe step


def query(number):
    places.acquire()
    start = time.perf_counter()
    try:
        time.sleep(THINK_TIME)
        if number % 3 == 0:
            raise ConnectionError("no answer")
    except ConnectionError:
        failed.append(number)
        places.release()  # it failed, and leaves
    return start


def most_at_once(starts):  # each is there for THINK_TIME
    return max(sum(0 <= now - s < THINK_TIME for s in starts) for now in starts)


def main():
    with ThreadPoolExecutor(QUERIES, thread_name_prefix="query") as pool:
        starts = list(pool.map(query, range(QUERIES)))
    most = most_at_once(starts)
    print(f"{len(starts)} queries, {len(failed)} failed, at most {most} at once")


if __name__ == "__main__":
    main()
