"""Workers that note something down in a global list: threads."""

from threading import Thread

WORKERS = 3
N = 1_500_000  # numbers that each worker squares

notes = []


def work(number):
    total = sum(n * n for n in range(N))
    notes.append(f"worker-{number}: {total:,}")
    print(f"notes in worker-{number}: {len(notes)}")


def main():
    notes.append("main: ready")
    workers = [
        Thread(target=work, args=(i,), name=f"worker-{i}")
        for i in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"notes in main: {len(notes)}")


if __name__ == "__main__":
    main()
