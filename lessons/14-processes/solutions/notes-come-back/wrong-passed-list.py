# The list is copied on its way into the process, and nothing comes back.
"""Workers that note something down in a global list: processes."""

from multiprocessing import Process

WORKERS = 3
N = 1_500_000  # numbers that each worker squares

notes = []


def work(number, out):
    total = sum(n * n for n in range(N))
    out.append(f"worker-{number}: {total:,}")


def main():
    notes.append("main: ready")
    workers = [
        Process(target=work, args=(i, notes), name=f"worker-{i}")
        for i in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"notes in main: {len(notes)}", *notes, sep="\n")


if __name__ == "__main__":  # a new process may import this file
    main()
