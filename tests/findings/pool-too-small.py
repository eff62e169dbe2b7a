"""Twenty requests, and a pool of two threads."""
import time
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(2) as pool:
    list(pool.map(time.sleep, [0.1] * 20))
