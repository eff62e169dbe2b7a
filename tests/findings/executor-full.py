"""Six look-ups in threads at once, and an executor of two threads."""
import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


async def main():
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.3) for _ in range(6)))


asyncio.run(main())
