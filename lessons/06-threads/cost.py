"""What a thread costs: start many, let them wait, end them."""

import threading
import time

THREADS = 100


def main():
    gate = threading.Event()
    threads = [
        threading.Thread(target=gate.wait, name=f"waiter-{i}")
        for i in range(THREADS)
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    middle = time.perf_counter()
    print(f"{threading.active_count()} threads are alive")
    gate.set()
    for thread in threads:
        thread.join()
    starting, ending = middle - start, time.perf_counter() - middle
    print(f"to start one: {starting / THREADS * 1e6:.0f} microseconds")
    print(f"to end one: {ending / THREADS * 1e6:.0f} microseconds")


if __name__ == "__main__":
    main()
