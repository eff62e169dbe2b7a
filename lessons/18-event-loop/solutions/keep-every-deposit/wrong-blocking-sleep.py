# `time.sleep` keeps the whole loop waiting: no other task can come between.
"""Tasks that pay into one account, with an await in the middle."""

import asyncio
import time

WORKERS = 3
DEPOSITS = 100  # of each worker

balance = 0


async def deposit():
    global balance
    seen = balance
    time.sleep(0.001)  # stands for a query: the other tasks go on
    balance = seen + 1


async def work():
    for _ in range(DEPOSITS):
        await deposit()


async def main():
    await asyncio.gather(*[work() for _ in range(WORKERS)])
    expected = WORKERS * DEPOSITS
    print(f"expected {expected:,}, got {balance:,}, lost {expected - balance:,}")


if __name__ == "__main__":
    asyncio.run(main())
