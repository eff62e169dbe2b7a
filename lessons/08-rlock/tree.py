"""A tree grows and is added up, by two threads, under one lock."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

DEPTH = 4     # levels of the tree
ROUNDS = 2    # how often it grows, and is added up
PAUSE = 0.01  # seconds that a node takes


class Node:
    def __init__(self, lock, depth):
        self.lock = lock  # one for the whole tree
        self.size = 1     # only with the lock
        self.below = [Node(lock, depth - 1) for _ in (1, 2) if depth > 1]

    def grow(self):
        with self.lock:  # once more at each level
            time.sleep(PAUSE)
            self.size += 1
            for node in self.below:
                node.grow()

    def total(self):
        with self.lock:
            time.sleep(PAUSE)
            return self.size + sum(node.total() for node in self.below)


def main():
    tree = Node(threading.RLock(), DEPTH)
    with ThreadPoolExecutor(2, thread_name_prefix="worker") as pool:
        done = list(pool.map(lambda m: m(), [tree.grow, tree.total] * ROUNDS))
    halves = sum(t % (2**DEPTH - 1) > 0 for t in done[1::2])
    print(f"{ROUNDS} sums, {halves} of a half-grown tree")


if __name__ == "__main__":
    main()
