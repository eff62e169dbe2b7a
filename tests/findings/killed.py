"""A process that was killed before it sent what its parent waits for.

timeout 2
"""
import multiprocessing
import os
import signal


def work(results):
    os.kill(os.getpid(), signal.SIGKILL)
    results.put(1)


if __name__ == "__main__":
    results = multiprocessing.Queue()
    worker = multiprocessing.Process(target=work, args=(results,), name="cruncher")
    worker.start()
    results.get()
