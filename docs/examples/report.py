"""A small server's work: answers ten requests, and one of them makes a report."""

import asyncio
import time


def make_report():
    time.sleep(0.4)


async def answer(number):
    await asyncio.sleep(0.1)
    if number == 3:
        make_report()
    await asyncio.sleep(0.1)


async def main():
    await asyncio.gather(*(answer(number) for number in range(10)))
    print("answered")


if __name__ == "__main__":
    asyncio.run(main())
