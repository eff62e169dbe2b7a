"""Two processes that compute from a number, and send a number back."""
from multiprocessing import Pool


def primes(n):
    return sum(all(i % d for d in range(2, int(i**0.5) + 1)) for i in range(2, n))


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(primes, [150_000] * 4))
