"""Four threads multiply matrices, and the library underneath computes each product with threads of its own.

needs numpy
"""
import threading

import numpy

matrix = numpy.random.rand(900, 900)


def multiply():
    for _ in range(8):
        matrix @ matrix


threads = [threading.Thread(target=multiply, name=f"multiply-{n}") for n in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
