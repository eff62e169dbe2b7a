"""The same with room for all of them."""
import asyncio


async def fetch(limit):
    async with limit:
        await asyncio.sleep(0.9)


async def main():
    limit = asyncio.Semaphore(12)
    await asyncio.gather(*(fetch(limit) for _ in range(12)))


asyncio.run(main())
