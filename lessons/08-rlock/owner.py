"""A meddler releases a lock that another thread has taken."""

import threading
import time

AFTER = 0.1  # seconds until the meddler comes


def meddle(lock):
    time.sleep(AFTER)
    try:
        lock.release()
    except RuntimeError as error:
        print(f"the meddler failed: {error}")


def visit(lock, inside):
    with lock:
        inside.append("guest")


def early_guests(lock):
    inside = []
    lock.acquire()  # the main thread takes it,
    threading.Thread(target=meddle, args=(lock,), name="meddler").start()
    threading.Thread(target=visit, args=(lock, inside), name="guest").start()
    time.sleep(2 * AFTER)  # works,
    early = len(inside)
    if not early:
        lock.release()  # and gives it back
    return early


def main():
    print(f"Lock let in {early_guests(threading.Lock())} guests too early")
    print(f"RLock let in {early_guests(threading.RLock())} guests too early")


if __name__ == "__main__":
    main()
