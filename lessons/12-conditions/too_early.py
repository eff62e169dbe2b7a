"""A call that comes before anybody listens."""

import time
from threading import Condition, Thread

OPENS_AT = 0.1  # seconds until the shop calls its customers
COMES_AT = 0.3  # seconds until the customer comes
PATIENCE = 0.5  # seconds that the customer waits

opened = False
door = Condition()  # its lock guards opened


def come():
    time.sleep(COMES_AT)
    with door:
        if door.wait(timeout=PATIENCE):  # wrong: waits without a look
            print("called in")
        else:
            print(f"no call in {PATIENCE} s, though opened is {opened}")


def main():
    global opened
    customer = Thread(target=come, name="customer-0")
    customer.start()
    time.sleep(OPENS_AT)
    with door:
        opened = True
        door.notify_all()  # wakes the threads that wait now
    customer.join()


if __name__ == "__main__":
    main()
