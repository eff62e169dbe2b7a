# How many are open is left to how long the server thinks.
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
    if 0 <= soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


async def fetch(host, port, nth):
    await asyncio.sleep(nth * 0.006)
    reader, writer = await asyncio.open_connection(host, port)
    request = f"GET /?think={THINK_TIME} HTTP/1.1\r\nHost: {host}:{port}\r\n"
    try:
        writer.write(f"{request}Connection: close\r\n\r\n".encode())
        return int((await reader.read()).split()[1])  # the others go on
    finally:
        writer.close()
        await writer.wait_closed()


async def main():
    allow_open_files(REQUESTS + 50)  # each connection is an open file
    server = urlsplit(URL)
    fetches = [fetch(server.hostname, server.port, i) for i in range(REQUESTS)]
    statuses = await asyncio.gather(*fetches)
    print(f"{REQUESTS:,} requests, {statuses.count(200):,} answered 200 OK")


if __name__ == "__main__":
    asyncio.run(main())
