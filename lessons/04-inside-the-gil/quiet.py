"""Requests, one after the other; nobody computes meanwhile."""

import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

REQUESTS = 100
THINK_TIME = 0.002  # seconds the server thinks
URL = "http://127.0.0.1:8000"


def ask(connection):
    start = time.perf_counter()
    connection.request("GET", f"/?think={THINK_TIME}")
    connection.getresponse().read()  # waits without the GIL
    return (time.perf_counter() - start) * 1000


def main():
    with closing(HTTPConnection(urlsplit(URL).netloc, timeout=30)) as connection:
        times = sorted(ask(connection) for _ in range(REQUESTS))
    median, most = times[REQUESTS // 2], times[REQUESTS * 9 // 10]
    print(f"an answer: median {median:.1f} ms, 90 % within {most:.1f} ms")


if __name__ == "__main__":
    main()
