"""The same jobs in a Pool, in chunks of a size that you choose."""

from multiprocessing import Pool

WORKERS = 2
ITEMS = 20_000
COST = 20  # steps of a job
CHUNK = 1  # jobs that are sent together


def job(n):
    return sum(n * k for k in range(COST))


def main():
    with Pool(WORKERS) as pool:
        total = sum(pool.map(job, range(ITEMS), chunksize=CHUNK))
    print(f"{ITEMS:,} jobs, total {total:,}")


if __name__ == "__main__":
    main()
