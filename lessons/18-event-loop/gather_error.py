"""One of several tasks fails, and `gather` awaits them."""

import asyncio

WORKERS = 3
ROUNDS = 5
PAUSE = 0.03  # seconds of pause after a round

turns = []


async def work(name):
    for number in range(ROUNDS):
        turns.append(name)
        if name == "b" and number == 1:
            raise ValueError("b has failed")
        await asyncio.sleep(PAUSE)


async def main():
    try:
        await asyncio.gather(*[work(name) for name in "abcdefgh"[:WORKERS]])
    except ValueError as error:
        print(f"main hears of it: {error}")
    heard = len(turns)
    print("turns until then:", " ".join(turns))
    for _ in range(ROUNDS):
        await asyncio.sleep(PAUSE)  # main does something else
    print(f"turns after that: {len(turns) - heard}", *turns[heard:])


if __name__ == "__main__":
    asyncio.run(main())
