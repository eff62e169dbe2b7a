"""A server that waits for an event that a signal sets, and a queue that a socket's reader fills: these go on by themselves.

timeout 2
"""
import asyncio
import signal


async def consume(queue):
    while True:
        await queue.get()


async def main():
    stop, queue = asyncio.Event(), asyncio.Queue()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, stop.set)
    consumer = asyncio.ensure_future(consume(queue))
    await stop.wait()
    consumer.cancel()


asyncio.run(main())
