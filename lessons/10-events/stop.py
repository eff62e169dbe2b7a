"""A thread that beats at intervals, and can be stopped at once."""

import threading
import time

SECONDS = 1.1   # how long it may beat
INTERVAL = 0.2  # seconds from one beat to the next

stop = threading.Event()


def beat(beats):
    while not stop.wait(timeout=INTERVAL):  # False: time is up
        beats.append(time.perf_counter())


def main():
    beats = []
    heart = threading.Thread(target=beat, args=(beats,), name="heart")
    heart.start()
    time.sleep(SECONDS)  # the program does something else
    asked = time.perf_counter()
    stop.set()
    heart.join()
    took = (time.perf_counter() - asked) * 1000
    print(f"beats {len(beats)}, ended {took:.1f} ms after the stop")


if __name__ == "__main__":
    main()
