"""Six waits at once in six threads."""
import time
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(6) as pool:
    list(pool.map(time.sleep, [0.9] * 6))
