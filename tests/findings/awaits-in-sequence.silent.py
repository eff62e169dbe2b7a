"""The same, gathered."""
import asyncio


async def fetch():
    await asyncio.sleep(0.9)


async def main():
    await asyncio.gather(*(fetch() for _ in range(8)))


asyncio.run(main())
