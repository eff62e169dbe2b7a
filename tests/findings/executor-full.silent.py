"""The same with a thread for each."""
import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


async def main():
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(6))
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.9) for _ in range(6)))


asyncio.run(main())
