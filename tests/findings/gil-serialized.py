"""Two threads count primes: both compute in Python, under one GIL."""
import threading


def primes(n):
    return sum(all(i % d for d in range(2, int(i**0.5) + 1)) for i in range(2, n))


threads = [threading.Thread(target=primes, args=(250_000,), name=f"primes-{n}") for n in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
