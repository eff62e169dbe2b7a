"""Tasks that pay into one account: the lock is taken after the query."""

import asyncio

WORKERS = 3
DEPOSITS = 100  # of each worker

balance = 0


async def deposit(lock):
    global balance
    await asyncio.sleep(0.001)  # stands for a query: the other tasks go on
    async with lock:
        balance += 1


async def work(lock):
    for _ in range(DEPOSITS):
        await deposit(lock)


async def main():
    lock = asyncio.Lock()
    await asyncio.gather(*[work(lock) for _ in range(WORKERS)])
    expected = WORKERS * DEPOSITS
    print(f"expected {expected:,}, got {balance:,}, lost {expected - balance:,}")


if __name__ == "__main__":
    asyncio.run(main())
