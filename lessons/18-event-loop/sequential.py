"""Workers that compute and pause, as coroutines: one after the other."""

import asyncio

WORKERS = 3
ROUNDS = 5
N = 200_000  # numbers squared in a round
PAUSE = 0.03  # seconds of pause after a round

turns = []


async def work(name):
    total = 0
    for _ in range(ROUNDS):
        turns.append(name)
        total += sum(n * n for n in range(N))
        await asyncio.sleep(PAUSE)  # nothing else is there to run
    return total


async def main():
    totals = [await work(name) for name in "abcdefgh"[:WORKERS]]
    print("turns:", " ".join(turns))
    print(f"all squares add up to {sum(totals):,}")


if __name__ == "__main__":
    asyncio.run(main())
