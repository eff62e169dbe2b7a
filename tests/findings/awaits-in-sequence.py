"""Eight things to wait for, one await after the other."""
import asyncio


async def fetch():
    await asyncio.sleep(0.12)


async def main():
    for _ in range(8):
        await fetch()


asyncio.run(main())
