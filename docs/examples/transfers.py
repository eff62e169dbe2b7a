"""Two transfers, each with both accounts locked, in the opposite order."""

import threading
import time

left, right = threading.Lock(), threading.Lock()


def transfer(first, second):
    with first:
        time.sleep(0.1)
        with second:
            pass


def main():
    one = threading.Thread(target=transfer, args=(left, right), name="one")
    two = threading.Thread(target=transfer, args=(right, left), name="two")
    one.start()
    two.start()
    one.join()
    two.join()


if __name__ == "__main__":
    main()
