"""Many HTTP requests: all at once, as asyncio tasks with aiohttp."""

import asyncio
import resource

import aiohttp

REQUESTS = 1000
THINK_TIME = 0.5  # seconds the server thinks
URL = "http://127.0.0.1:8000"


def allow_open_files(needed):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < needed:
        raise SystemExit(f"{needed} open files needed, only {hard} allowed")
    if 0 <= soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


async def fetch(session):
    async with session.get(URL, params={"think": THINK_TIME}) as response:
        await response.read()
        return response.status


async def main():
    allow_open_files(REQUESTS + 50)  # each connection is an open file
    connector = aiohttp.TCPConnector(limit=0)  # unless set, 100 at once
    async with aiohttp.ClientSession(connector=connector) as session:
        fetches = [fetch(session) for _ in range(REQUESTS)]
        statuses = await asyncio.gather(*fetches)
    print(f"{REQUESTS:,} requests, {statuses.count(200):,} answered 200 OK")


if __name__ == "__main__":
    asyncio.run(main())
