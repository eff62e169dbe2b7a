"""Jobs for workers that are threads."""

from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
JOBS = 8
N = 500_000  # numbers that a job squares


def job(start):
    return sum(n * n for n in range(start, start + N))


def main():
    with ThreadPoolExecutor(WORKERS, "worker") as executor:
        total = sum(executor.map(job, range(JOBS)))
    print(f"{JOBS} jobs, total {total:,}")


if __name__ == "__main__":
    main()
