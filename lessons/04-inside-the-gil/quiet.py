"""Requests, one after the other; nobody computes meanwhile."""

import time
from http.client import HTTPConnection

REQUESTS = 100
THINK_TIME = 0.002  # seconds the server thinks
URL = "http://127.0.0.1:8000"


def ask(connection):
    start = time.perf_counter()
    connection.request("GET", f"/?think={THINK_TIME}")
    connection.getresponse().read()  # waits without the GIL
    return (time.perf_counter() - start) * 1000


def main():
    connection = HTTPConnection(URL.split("//")[1], timeout=30)
    times = sorted(ask(connection) for _ in range(REQUESTS))
    connection.close()
    median, most = times[REQUESTS // 2], times[REQUESTS * 9 // 10]
    print(f"an answer: median {median:.1f} ms, 90 % within {most:.1f} ms")


if __name__ == "__main__":
    main()
