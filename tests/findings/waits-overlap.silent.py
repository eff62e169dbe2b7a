"""The same waits one after the other."""
import time
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(6) as pool:
    for _ in range(6):
        pool.submit(time.sleep, 0.15).result()
