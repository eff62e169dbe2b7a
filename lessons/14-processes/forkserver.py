"""What it costs to start a process: forkserver."""

import multiprocessing
import time

METHOD = "forkserver"
STARTS = 5


def work():
    pass  # nothing: only starting and ending is measured


def main():
    context = multiprocessing.get_context(METHOD)
    took = []
    for i in range(STARTS):
        before = time.perf_counter()
        process = context.Process(target=work, name=f"worker-{i}")
        process.start()
        process.join()
        took.append((time.perf_counter() - before) * 1000)
    median = sorted(took)[STARTS // 2]
    print(f"{METHOD}: first {took[0]:.1f} ms, median {median:.1f} ms")


if __name__ == "__main__":  # a new process may import this file
    main()
