"""The same jobs in a Pool, which makes chunks of them."""

from multiprocessing import Pool

WORKERS = 2
ITEMS = 20_000
COST = 20  # steps of a job


def job(n):
    return sum(n * k for k in range(COST))


def main():
    with Pool(WORKERS) as pool:
        total = sum(pool.map(job, range(ITEMS)))
    print(f"{ITEMS:,} jobs, total {total:,}")


if __name__ == "__main__":
    main()
