"""Queries to a database, one after the other."""

import time

QUERIES = 9
THINK_TIME = 0.1  # seconds the database needs


def query(_):
    start = time.perf_counter()
    time.sleep(THINK_TIME)
    return start


def most_at_once(starts):  # each is there for THINK_TIME
    return max(sum(0 <= now - s < THINK_TIME for s in starts) for now in starts)


def main():
    starts = list(map(query, range(QUERIES)))
    print(f"{len(starts)} queries, at most {most_at_once(starts)} at once")


if __name__ == "__main__":
    main()
