"""Many HTTP requests: all at once, as asyncio tasks in one thread."""

import asyncio
import resource
from urllib.parse import urlsplit

REQUESTS = 1000
THINK_TIME = 0.5  # seconds the server thinks
URL = "http://127.0.0.1:8000"


def allow_open_files(needed):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < needed:
        raise SystemExit(f"{needed} open files needed, only {hard} allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed), hard))


async def fetch(host, port):  # by hand: no async HTTP in the library
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(
        f"GET /?think={THINK_TIME} HTTP/1.1\r\n"
        f"Host: {host}:{port}\r\nConnection: close\r\n\r\n".encode()
    )
    answer = await reader.read()  # the other tasks go on
    writer.close()
    return int(answer.split()[1])


async def main():
    allow_open_files(REQUESTS + 50)  # each connection is an open file
    server = urlsplit(URL)
    fetches = [fetch(server.hostname, server.port) for _ in range(REQUESTS)]
    statuses = await asyncio.gather(*fetches)
    print(f"{REQUESTS:,} requests, {statuses.count(200):,} answered 200 OK")


if __name__ == "__main__":
    asyncio.run(main())
