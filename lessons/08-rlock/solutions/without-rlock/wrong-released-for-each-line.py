# The lock is free between two lines of a block.
"""A journal whose lock is taken again by the thread that has it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

WORKERS = 2
BLOCKS = 8    # blocks to write, and as many notes
LINES = 3     # lines in a block
PAUSE = 0.01  # seconds to write a line


class Journal:
    def __init__(self):
        self.lock = threading.Lock()
        self.lines = []  # only with self.lock

    def add(self, line):
        with self.lock:
            time.sleep(PAUSE)
            self.lines.append(line)

    def add_block(self, line):
        for _ in range(LINES):
            with self.lock:
                pass
            self.add(line)


def main():
    journal = Journal()
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="worker") as pool:
        blocks = pool.map(journal.add_block, range(BLOCKS))
        for _ in range(BLOCKS):
            time.sleep(PAUSE)
            journal.add("note")  # a line of its own, now and then
        list(blocks)
    runs = [line for line, _ in groupby(journal.lines) if line != "note"]
    breaks = len(runs) - BLOCKS
    kind = type(journal.lock).__name__
    print(f"{kind}: {len(journal.lines)} lines, {breaks} breaks in blocks")


if __name__ == "__main__":
    main()
