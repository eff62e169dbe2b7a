"""Each philosopher takes the fork with the lower number first."""

import threading
import time

PHILOSOPHERS = 5
MEALS = 10  # of each
PAUSE = 0.01  # seconds to reach for a fork, and to eat


def dine(first, second):
    for _ in range(MEALS):
        with first:
            time.sleep(PAUSE)  # reach for the other fork
            with second:
                time.sleep(PAUSE)  # eat


def main():
    forks = [threading.Lock() for _ in range(PHILOSOPHERS)]
    threads = []
    for i in range(PHILOSOPHERS):
        low, high = sorted((i, (i + 1) % PHILOSOPHERS))
        pair = forks[low], forks[high]
        name = f"philosopher-{i}"
        threads.append(threading.Thread(target=dine, args=pair, name=name))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{PHILOSOPHERS} philosophers had {MEALS} meals each")


if __name__ == "__main__":
    main()
