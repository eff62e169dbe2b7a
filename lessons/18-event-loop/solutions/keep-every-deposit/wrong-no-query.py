# Nothing is lost, but nothing waits for a query either.
"""Tasks that pay into one account, with an await in the middle."""

import asyncio

WORKERS = 3
DEPOSITS = 100  # of each worker

balance = 0


async def deposit():
    global balance
    balance += 1


async def work():
    for _ in range(DEPOSITS):
        await deposit()


async def main():
    await asyncio.gather(*[work() for _ in range(WORKERS)])
    expected = WORKERS * DEPOSITS
    print(f"expected {expected:,}, got {balance:,}, lost {expected - balance:,}")


if __name__ == "__main__":
    asyncio.run(main())
