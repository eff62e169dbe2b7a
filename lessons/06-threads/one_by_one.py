"""Start a thread, wait for it, start the next one."""

import threading
import time

WORKERS = 3
STEP = 0.1  # seconds; worker 0 needs the most steps


def work(steps):
    time.sleep(STEP * steps)  # stands for any wait
    print(f"{threading.current_thread().name} is done")


def main():
    start = time.perf_counter()
    for i in range(WORKERS):
        thread = threading.Thread(target=work, args=(WORKERS - i,), name=f"worker-{i}")
        thread.start()
        thread.join()  # waits here for this one
    print(f"all joined after {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
