"""HTTP requests, several processes at once."""

from concurrent.futures import ProcessPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

REQUESTS = 20
THINK_TIME = 0.05  # seconds the server thinks
URL = "http://127.0.0.1:8000"


def fetch(_):
    connection = HTTPConnection(urlsplit(URL).netloc, timeout=30)
    try:
        connection.request("GET", f"/?think={THINK_TIME}")
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def main():
    with ProcessPoolExecutor(6) as pool:
        statuses = list(pool.map(fetch, range(REQUESTS)))
    print(f"{REQUESTS} requests, {statuses.count(200)} answered 200 OK")


if __name__ == "__main__":
    main()
