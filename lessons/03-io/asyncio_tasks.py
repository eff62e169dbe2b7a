"""HTTP requests, WORKERS at once, as asyncio tasks."""

import asyncio
from urllib.parse import urlsplit

WORKERS = 5
REQUESTS = 20
THINK_TIME = 0.05  # seconds the server thinks
URL = "http://127.0.0.1:8000"


async def fetch(limit):
    # By hand: the standard library has no async HTTP client.
    server = urlsplit(URL)
    async with limit:
        reader, writer = await asyncio.open_connection(server.hostname, server.port)
        try:
            writer.write(
                f"GET /?think={THINK_TIME} HTTP/1.1\r\n"
                f"Host: {server.netloc}\r\nConnection: close\r\n\r\n".encode()
            )
            answer = await reader.read()  # the others go on
            return int(answer.split()[1])
        finally:
            writer.close()
            await writer.wait_closed()


async def main():
    limit = asyncio.Semaphore(WORKERS)  # like the size of a pool
    tasks = [
        asyncio.create_task(fetch(limit), name=f"request-{i}")
        for i in range(REQUESTS)
    ]
    statuses = await asyncio.gather(*tasks)
    print(f"{REQUESTS} requests, {statuses.count(200)} answered 200 OK")


if __name__ == "__main__":
    asyncio.run(main())
