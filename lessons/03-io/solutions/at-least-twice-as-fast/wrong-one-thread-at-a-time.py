# Each thread is joined before the next one starts.
"""HTTP requests, one after the other."""

from http.client import HTTPConnection
from threading import Thread
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
    statuses = []
    for i in range(REQUESTS):
        thread = Thread(target=lambda i=i: statuses.append(fetch(i)))
        thread.start()
        thread.join()
    print(f"{REQUESTS} requests, {statuses.count(200)} answered 200 OK")


if __name__ == "__main__":
    main()
