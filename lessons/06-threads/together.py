"""Start all threads, then wait for each of them."""

import threading
import time

WORKERS = 3
STEP = 0.1  # seconds; worker 0 needs the most steps


def work(steps):
    time.sleep(STEP * steps)  # stands for any wait
    print(f"{threading.current_thread().name} is done")


def main():
    start = time.perf_counter()
    threads = [
        threading.Thread(target=work, args=(WORKERS - i,), name=f"worker-{i}")
        for i in range(WORKERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()  # at once for those that have ended
        print(f"{thread.name} is joined")
    print(f"all joined after {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
