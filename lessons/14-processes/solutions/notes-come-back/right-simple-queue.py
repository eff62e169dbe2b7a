"""Workers that hand their notes back to main: a queue."""

from multiprocessing import Process, SimpleQueue

WORKERS = 3
N = 1_500_000  # numbers that each worker squares

notes = []


def work(number, out):
    total = sum(n * n for n in range(N))
    out.put(f"worker-{number}: {total:,}")


def main():
    notes.append("main: ready")
    out = SimpleQueue()
    workers = [
        Process(target=work, args=(i, out), name=f"worker-{i}")
        for i in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    notes.extend(out.get() for _ in workers)
    for worker in workers:
        worker.join()
    print(f"notes in main: {len(notes)}", *notes, sep="\n")


if __name__ == "__main__":  # a new process may import this file
    main()
