"""The same requests, while another thread computes."""

import sys
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

REQUESTS = 100
THINK_TIME = 0.002  # seconds the server thinks
NEIGHBOURS = 1  # threads that compute
SWITCH_INTERVAL = 0.005  # seconds until a waiter asks
URL = "http://127.0.0.1:8000"


def compute():
    while True:
        sum(n * n for n in range(1000))


def ask(connection):
    start = time.perf_counter()
    connection.request("GET", f"/?think={THINK_TIME}")
    connection.getresponse().read()  # waits without the GIL
    return (time.perf_counter() - start) * 1000


def main():
    sys.setswitchinterval(SWITCH_INTERVAL)
    for i in range(NEIGHBOURS):  # daemon: ends with the program
        threading.Thread(target=compute, name=f"neighbour-{i}", daemon=True).start()
    with closing(HTTPConnection(urlsplit(URL).netloc, timeout=30)) as connection:
        times = sorted(ask(connection) for _ in range(REQUESTS))
    median, most = times[REQUESTS // 2], times[REQUESTS * 9 // 10]
    print(f"an answer: median {median:.1f} ms, 90 % within {most:.1f} ms")


if __name__ == "__main__":
    main()
