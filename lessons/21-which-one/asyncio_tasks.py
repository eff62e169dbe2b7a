"""The same tasks, as coroutines in one thread."""

import asyncio
import time

TASKS = 8
PAUSE = 0.05  # seconds that an I/O-bound task waits
N = 1_000_000  # numbers that a CPU-bound task squares


async def wait():
    await asyncio.sleep(PAUSE)


async def compute():
    sum(n * n for n in range(N))


async def both():
    await wait()
    await compute()


async def run(work):
    await asyncio.gather(*[work() for _ in range(TASKS)])


def main():
    kinds = {"I/O-bound": wait, "CPU-bound": compute, "mixed": both}
    for kind, work in kinds.items():
        start = time.perf_counter()
        asyncio.run(run(work))
        print(f"{kind} {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
