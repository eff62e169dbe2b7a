"""The same requests with a thread for each."""
import time
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(20) as pool:
    list(pool.map(time.sleep, [0.9] * 20))
