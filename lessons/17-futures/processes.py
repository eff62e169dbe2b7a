"""The same jobs, for processes."""

from concurrent.futures import ProcessPoolExecutor

WORKERS = 2
JOBS = 8
N = 500_000  # numbers that a job squares


def job(start):
    return sum(n * n for n in range(start, start + N))


def main():
    with ProcessPoolExecutor(WORKERS) as executor:
        total = sum(executor.map(job, range(JOBS)))
    print(f"{JOBS} jobs, total {total:,}")


if __name__ == "__main__":  # workers may import this file
    main()
