"""The same with the sleep in a thread: the loop is free meanwhile."""
import asyncio
import functools
import time


async def tick():
    for _ in range(40):
        await asyncio.sleep(0.01)


async def report():
    for _ in range(4):
        await asyncio.sleep(0.02)
        await asyncio.get_running_loop().run_in_executor(None, functools.partial(time.sleep, 0.15))


async def main():
    await asyncio.gather(report(), *(tick() for _ in range(3)))


asyncio.run(main())
