# Each process has a global list of its own.
"""Workers that note something down in a global list: processes."""

from multiprocessing import Process

WORKERS = 3
N = 1_500_000  # numbers that each worker squares

notes = []


def work(number):
    total = sum(n * n for n in range(N))
    global notes
    notes = notes + [f"worker-{number}: {total:,}"]
    print(f"notes in worker-{number}: {len(notes)}")


def main():
    notes.append("main: ready")
    workers = [
        Process(target=work, args=(i,), name=f"worker-{i}")
        for i in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"notes in main: {len(notes)}", *notes, sep="\n")


if __name__ == "__main__":  # a new process may import this file
    main()
