"""Two tasks take two locks, each in another order.

timeout 2
"""
import asyncio


async def take(first, second):
    async with first:
        await asyncio.sleep(0.02)
        async with second:
            pass


async def main():
    left, right = asyncio.Lock(), asyncio.Lock()
    await asyncio.gather(take(left, right), take(right, left))


asyncio.run(main())
