"""Twelve tasks, and a semaphore that lets one of them wait at a time."""
import asyncio


async def fetch(limit):
    async with limit:
        await asyncio.sleep(0.1)


async def main():
    limit = asyncio.Semaphore(1)
    await asyncio.gather(*(fetch(limit) for _ in range(12)))


asyncio.run(main())
