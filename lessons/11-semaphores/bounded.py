"""The same mistake, with a semaphore that complains."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

QUERIES = 9
LIMIT = 3  # queries that the database takes at once
THINK_TIME = 0.1  # seconds the database needs

places = threading.BoundedSemaphore(LIMIT)
starts, complaints = [], []  # each append is one safe step


def leave():
    try:
        places.release()
    except ValueError as error:
        complaints.append(error)


def query(number):
    places.acquire()
    starts.append(time.perf_counter())
    time.sleep(THINK_TIME)
    if number % 3 == 0:
        leave()  # it failed, and leaves
    leave()      # and leaves again


def main():
    with ThreadPoolExecutor(QUERIES, thread_name_prefix="query") as pool:
        list(pool.map(query, range(QUERIES)))
    near = [sum(0 <= t - s < THINK_TIME for s in starts) for t in starts]
    print(f"{len(starts)} queries, at most {max(near)} at once")
    print(f"{len(complaints)} complaints: {complaints[0]}")


if __name__ == "__main__":
    main()
