"""The same requests, while another process computes."""

import time
from contextlib import closing
from http.client import HTTPConnection
from multiprocessing import Barrier, Process
from urllib.parse import urlsplit

REQUESTS = 100
THINK_TIME = 0.002  # seconds the server thinks
NEIGHBOURS = 1  # processes that compute
URL = "http://127.0.0.1:8000"


def compute(barrier):
    barrier.wait()
    while True:
        sum(n * n for n in range(1000))


def ask(connection):
    start = time.perf_counter()
    connection.request("GET", f"/?think={THINK_TIME}")
    connection.getresponse().read()
    return (time.perf_counter() - start) * 1000


def main():
    barrier = Barrier(NEIGHBOURS + 1)
    for i in range(NEIGHBOURS):  # daemon: ends with the program
        Process(target=compute, args=(barrier,), name=f"neighbour-{i}", daemon=True).start()
    barrier.wait()  # until all of them are there
    with closing(HTTPConnection(urlsplit(URL).netloc, timeout=30)) as connection:
        times = sorted(ask(connection) for _ in range(REQUESTS))
    median, most = times[REQUESTS // 2], times[REQUESTS * 9 // 10]
    print(f"an answer: median {median:.1f} ms, 90 % within {most:.1f} ms")


if __name__ == "__main__":  # the process may import this file
    main()
