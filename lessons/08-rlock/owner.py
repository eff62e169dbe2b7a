"""A meddler releases a lock that another thread holds."""

import threading
import time

AFTER = 0.1  # seconds until the meddler comes


def early_guests(lock):
    freed, inside = [], []
    def meddle():
        time.sleep(AFTER)
        try:
            freed.append(lock.release())  # it never took it
        except RuntimeError as error:
            print(f"the meddler failed: {error}")

    def visit():
        with lock:
            inside.append("guest")
    meddler = threading.Thread(target=meddle, name="meddler")
    guest = threading.Thread(target=visit, name="guest")
    lock.acquire()  # the main thread takes it,
    meddler.start()
    guest.start()
    time.sleep(2 * AFTER)  # and works
    meddler.join()
    if not freed:
        lock.release()  # gives it back: nobody came too early
    guest.join()
    return len(inside) if freed else 0


def main():
    print(f"Lock let in {early_guests(threading.Lock())} guests too early")
    print(f"RLock let in {early_guests(threading.RLock())} guests too early")


if __name__ == "__main__":
    main()
