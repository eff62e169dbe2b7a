"""Many HTTP requests as asyncio tasks, no more than LIMIT of them open at once."""

import asyncio
import resource
from urllib.parse import urlsplit

REQUESTS = 1000
THINK_TIME = 0.5  # seconds the server thinks
URL = "http://127.0.0.1:8000"
LIMIT = 50


def allow_open_files(needed):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < needed:
        raise SystemExit(f"{needed} open files needed, only {hard} allowed")
    if 0 <= soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


async def fetch(host, port, limit):
    async with limit:
        reader, writer = await asyncio.open_connection(host, port)
        request = f"GET /?think={THINK_TIME} HTTP/1.1\r\nHost: {host}:{port}\r\n"
        try:
            writer.write(f"{request}Connection: close\r\n\r\n".encode())
            answer = await reader.read()  # the other tasks go on
            return int(answer.split()[1])
        finally:
            writer.close()
            await writer.wait_closed()


async def main():
    allow_open_files(LIMIT + 50)  # each connection is an open file
    server, limit = urlsplit(URL), asyncio.Semaphore(LIMIT)
    fetches = [fetch(server.hostname, server.port, limit) for _ in range(REQUESTS)]
    statuses = await asyncio.gather(*fetches)
    print(f"{REQUESTS:,} requests, {statuses.count(200):,} answered 200 OK")


if __name__ == "__main__":
    asyncio.run(main())
