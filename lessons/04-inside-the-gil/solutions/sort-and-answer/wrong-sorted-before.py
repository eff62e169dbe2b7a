# It sorts before the requests, not while they run.
"""The same requests, beside a thread that makes long C calls."""

import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

REQUESTS = 100
THINK_TIME = 0.002  # seconds the server thinks
NUMBERS = 100_000  # to sort, in one call
SWITCH_INTERVAL = 0.005  # seconds until a waiter asks
URL = "http://127.0.0.1:8000"


def compute(numbers):
    for _ in range(5):
        sorted(numbers)


def ask(connection):
    start = time.perf_counter()
    connection.request("GET", f"/?think={THINK_TIME}")
    connection.getresponse().read()  # waits without the GIL
    return (time.perf_counter() - start) * 1000


def main():
    sys.setswitchinterval(SWITCH_INTERVAL)
    numbers = [n * n % 999_983 for n in range(NUMBERS)]  # in no order
    compute(numbers)
    with closing(HTTPConnection(urlsplit(URL).netloc, timeout=30)) as connection:
        times = sorted(ask(connection) for _ in range(REQUESTS))
    median, most = times[REQUESTS // 2], times[REQUESTS * 9 // 10]
    print(f"an answer: median {median:.1f} ms, 90 % within {most:.1f} ms")
    print("sorted 5 times")


if __name__ == "__main__":
    main()
