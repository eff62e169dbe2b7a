"""Each philosopher takes the left fork, then the right one, and eats."""

import threading
import time

PHILOSOPHERS = 5
MEALS = 10  # of each
PAUSE = 0.01  # seconds to reach for a fork, and to eat


def dine(left, right):
    for _ in range(MEALS):
        with left:
            time.sleep(PAUSE)  # reach for the other fork
            with right:
                time.sleep(PAUSE)  # eat


def main():
    forks = [threading.Lock() for _ in range(PHILOSOPHERS)]
    threads = []
    for i in range(PHILOSOPHERS):
        pair = forks[i], forks[(i + 1) % PHILOSOPHERS]
        name = f"philosopher-{i}"
        threads.append(threading.Thread(target=dine, args=pair, name=name))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{PHILOSOPHERS} philosophers had {MEALS} meals each")


if __name__ == "__main__":
    main()
