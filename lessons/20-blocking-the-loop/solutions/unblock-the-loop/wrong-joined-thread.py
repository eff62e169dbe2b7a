# The job has a thread, but joining it blocks the loop.
"""Jobs that wait and compute, called in coroutines; a ticker beside them."""

import asyncio
import threading
import time

JOBS = 2
WAIT = 0.1  # seconds that a job waits, in a call that blocks
N = 2_000_000  # numbers that a job squares
TICK = 0.01  # seconds from tick to tick


def job():
    time.sleep(WAIT)  # stands for a slow disk or a blocking library
    return sum(n * n for n in range(N))


async def handle():
    totals = []
    thread = threading.Thread(target=lambda: totals.append(job()))
    thread.start()
    thread.join()
    return totals[0]


async def ticker(lags, done):
    while not done.is_set():
        due = time.perf_counter() + TICK
        await asyncio.sleep(TICK)
        lags.append((time.perf_counter() - due) * 1000)  # ms too late


async def main():
    lags, done = [], asyncio.Event()
    ticks = asyncio.create_task(ticker(lags, done))
    totals = await asyncio.gather(*[handle() for _ in range(JOBS)])
    done.set()
    await ticks  # its last tick may be late
    p50 = sorted(lags)[len(lags) // 2]
    print(f"{JOBS} jobs, squares add up to {sum(totals):,}")
    print(f"{len(lags)} ticks, lag p50 {p50:.1f} ms, max {max(lags):.1f} ms")


if __name__ == "__main__":
    asyncio.run(main())
