"""Many HTTP requests: all at once, a thread for each."""

import resource
from contextlib import closing
from http.client import HTTPConnection
from threading import Thread
from urllib.parse import urlsplit

REQUESTS = 1000
THINK_TIME = 0.5  # seconds the server thinks
URL = "http://127.0.0.1:8000"
statuses = []  # appending is safe from many threads


def allow_open_files(needed):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < needed:
        raise SystemExit(f"{needed} open files needed, only {hard} allowed")
    if 0 <= soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def fetch():
    with closing(HTTPConnection(urlsplit(URL).netloc, timeout=60)) as connection:
        connection.request("GET", f"/?think={THINK_TIME}")
        statuses.append(connection.getresponse().status)


def main():
    allow_open_files(REQUESTS + 50)  # each connection is an open file
    threads = [Thread(target=fetch, name=f"request-{i}") for i in range(REQUESTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{REQUESTS:,} requests, {statuses.count(200):,} answered 200 OK")


if __name__ == "__main__":
    main()
