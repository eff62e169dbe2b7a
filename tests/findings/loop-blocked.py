"""A coroutine that sleeps without await: the ticks of the others are late."""
import asyncio
import time


async def tick():
    for _ in range(40):
        await asyncio.sleep(0.01)


async def report():
    for _ in range(4):
        await asyncio.sleep(0.02)
        time.sleep(0.15)


async def main():
    await asyncio.gather(report(), *(tick() for _ in range(3)))


asyncio.run(main())
