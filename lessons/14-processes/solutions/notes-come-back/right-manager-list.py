"""Workers that hand their notes back to main: a list that a manager keeps."""

from multiprocessing import Manager, Process

WORKERS = 3
N = 1_500_000  # numbers that each worker squares

notes = []


def work(number, out):
    total = sum(n * n for n in range(N))
    out.append(f"worker-{number}: {total:,}")


def main():
    notes.append("main: ready")
    manager = Manager()
    out = manager.list()
    workers = [
        Process(target=work, args=(i, out), name=f"worker-{i}")
        for i in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    notes.extend(out)
    manager.shutdown()
    print(f"notes in main: {len(notes)}", *notes, sep="\n")


if __name__ == "__main__":  # a new process may import this file
    main()
