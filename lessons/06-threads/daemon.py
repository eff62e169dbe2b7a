"""An ordinary thread and a daemon, when the main thread has ended."""

import threading
import time

STEP = 0.1  # seconds
STEPS = 5  # of the ordinary thread; the daemon has twice as many


def work(steps):
    name = threading.current_thread().name
    try:
        for _ in range(steps):
            time.sleep(STEP)
        print(f"{name}: took all {steps} steps")
    finally:
        print(f"{name}: cleaned up")


def main():
    threading.Thread(target=work, args=(STEPS,), name="ordinary").start()
    threading.Thread(target=work, args=(2 * STEPS,), name="daemon", daemon=True).start()
    print("MainThread: at its end")


if __name__ == "__main__":
    main()
