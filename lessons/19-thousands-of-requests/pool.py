"""Many HTTP requests: WORKERS at once, in a pool of threads."""

import resource
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

REQUESTS = 1000
WORKERS = 200
THINK_TIME = 0.5  # seconds the server thinks
URL = "http://127.0.0.1:8000"


def allow_open_files(needed):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < needed:
        raise SystemExit(f"{needed} open files needed, only {hard} allowed")
    if 0 <= soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def fetch(_):
    connection = HTTPConnection(urlsplit(URL).netloc, timeout=60)
    try:
        connection.request("GET", f"/?think={THINK_TIME}")
        return connection.getresponse().status
    finally:
        connection.close()


def main():
    allow_open_files(WORKERS + 50)  # each connection is an open file
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        statuses = list(pool.map(fetch, range(REQUESTS)))
    print(f"{REQUESTS:,} requests, {statuses.count(200):,} answered 200 OK")


if __name__ == "__main__":
    main()
