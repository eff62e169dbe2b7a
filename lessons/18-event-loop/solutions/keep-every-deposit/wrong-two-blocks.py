# Reading and storing each have the lock, but it is free between them.
"""Tasks that pay into one account, with an await in the middle."""

import asyncio

WORKERS = 3
DEPOSITS = 100  # of each worker

balance = 0


async def deposit(lock):
    global balance
    async with lock:
        seen = balance
    await asyncio.sleep(0.001)
    async with lock:
        balance = seen + 1


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
