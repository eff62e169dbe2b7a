# The workers are awaited one after the other.
"""Tasks that pay into one account, with an await in the middle."""

import asyncio

WORKERS = 3
DEPOSITS = 100  # of each worker

balance = 0


async def deposit():
    global balance
    seen = balance
    await asyncio.sleep(0.001)  # stands for a query: the other tasks go on
    balance = seen + 1


async def work():
    for _ in range(DEPOSITS):
        await deposit()


async def main():
    for _ in range(WORKERS):
        await work()
    expected = WORKERS * DEPOSITS
    print(f"expected {expected:,}, got {balance:,}, lost {expected - balance:,}")


if __name__ == "__main__":
    asyncio.run(main())
