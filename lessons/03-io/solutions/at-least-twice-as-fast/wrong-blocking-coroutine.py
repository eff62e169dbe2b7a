# The coroutines never await: each call blocks the event loop.
"""HTTP requests, one after the other."""

import asyncio
from http.client import HTTPConnection
from urllib.parse import urlsplit

REQUESTS = 20
THINK_TIME = 0.05  # seconds the server thinks
URL = "http://127.0.0.1:8000"


async def fetch(_):
    connection = HTTPConnection(urlsplit(URL).netloc, timeout=30)
    try:
        connection.request("GET", f"/?think={THINK_TIME}")
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


async def main():
    statuses = await asyncio.gather(*map(fetch, range(REQUESTS)))
    print(f"{REQUESTS} requests, {statuses.count(200)} answered 200 OK")


if __name__ == "__main__":
    asyncio.run(main())
