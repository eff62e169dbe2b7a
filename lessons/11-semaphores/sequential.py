"""Queries to a database, one after the other."""

import time

QUERIES = 9
THINK_TIME = 0.1  # seconds the database needs

inside, counts = [], []


def query(_):
    inside.append("query")
    counts.append(len(inside))
    time.sleep(THINK_TIME)
    inside.pop()


def main():
    for number in range(QUERIES):
        query(number)
    print(f"{len(counts)} queries, at most {max(counts)} at once")


if __name__ == "__main__":
    main()
