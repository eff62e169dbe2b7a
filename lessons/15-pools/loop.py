"""A small job for every item, one after the other."""

ITEMS = 20_000
COST = 20  # steps of a job


def job(n):
    return sum(n * k for k in range(COST))


def main():
    total = sum(job(n) for n in range(ITEMS))
    print(f"{ITEMS:,} jobs, total {total:,}")


if __name__ == "__main__":
    main()
