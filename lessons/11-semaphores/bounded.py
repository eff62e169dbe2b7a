"""The same fault, with a semaphore that complains."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

QUERIES = 9
LIMIT = 3  # queries that the database takes at once
THINK_TIME = 0.1  # seconds the database needs

places = threading.BoundedSemaphore(LIMIT)
inside, counts, complaints = [], [], []


def leave():
    try:
        places.release()
    except ValueError as error:
        complaints.append(error)


def query(number):
    places.acquire()
    inside.append("query")
    counts.append(len(inside))
    time.sleep(THINK_TIME)
    inside.pop()
    if number % 3 == 0:
        leave()  # it failed, and leaves
    leave()      # and leaves again


def main():
    with ThreadPoolExecutor(QUERIES, thread_name_prefix="query") as pool:
        list(pool.map(query, range(QUERIES)))
    print(f"{len(counts)} queries, at most {max(counts)} at once")
    print(f"{len(complaints)} complaints: {complaints[0]}")


if __name__ == "__main__":
    main()
