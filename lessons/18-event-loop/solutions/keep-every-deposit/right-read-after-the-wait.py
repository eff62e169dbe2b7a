"""Tasks that pay into one account: read and write without an await between."""

import asyncio

WORKERS = 3
DEPOSITS = 100  # of each worker

balance = 0


async def deposit():
    global balance
    await asyncio.sleep(0.001)  # stands for a query: the other tasks go on
    balance = balance + 1  # no await inside, so no other task in between


async def work():
    for _ in range(DEPOSITS):
        await deposit()


async def main():
    await asyncio.gather(*[work() for _ in range(WORKERS)])
    expected = WORKERS * DEPOSITS
    print(f"expected {expected:,}, got {balance:,}, lost {expected - balance:,}")


if __name__ == "__main__":
    asyncio.run(main())
