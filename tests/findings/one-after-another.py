"""Six requests one after the other, through a pool that could do them all at once."""
import time
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(6) as pool:
    for _ in range(6):
        pool.submit(time.sleep, 0.15).result()
