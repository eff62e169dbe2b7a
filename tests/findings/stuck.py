"""Two threads take two locks, each in another order.

timeout 2
"""
import threading

left, right = threading.Lock(), threading.Lock()
both = threading.Barrier(2)


def take(first, second):
    with first:
        both.wait()
        with second:
            pass


threading.Thread(target=take, args=(left, right), name="one").start()
threading.Thread(target=take, args=(right, left), name="two").start()
