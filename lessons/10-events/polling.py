"""Workers keep asking: is the data there?"""

import threading
import time

WORKERS = 3
FETCH = 0.3    # seconds until the data arrives
N = 2_000_000  # numbers to compute it from

data = []
ready = threading.Event()


def work(seen):
    while not ready.is_set():  # asks again and again
        pass
    seen.append(data[0])  # one append is safe


def main():
    seen = []
    threads = [
        threading.Thread(target=work, args=(seen,), name=f"worker-{i}")
        for i in range(WORKERS)
    ]
    for thread in threads:
        thread.start()
    time.sleep(FETCH)
    data.append(sum(n * n for n in range(N)))
    ready.set()  # ends their loops
    for thread in threads:
        thread.join()
    print(f"{len(seen)} workers saw {seen[0]:,}")


if __name__ == "__main__":
    main()
