"""How names reach the event log without the preloaded library: by writing to a lane of this process."""

import sys


def log_writer(path):
    """Writes marks to a lane of this process in the event log: the way without the preloaded library."""
    import os
    import time
    from _thread import allocate_lock, get_native_id
    from mmap import mmap

    tags = {84: @THREAD_NAME@, 80: @PROCESS_NAME@, 72: @KIND@, 83: @PROGRAM_START@, 69: @PROGRAM_END@}
    pending, lock = [], allocate_lock()
    lane = None

    def claim():
        nonlocal lane
        keep = {"trackfd": False} if sys.version_info >= (3, 13) else {}
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            os.lockf(fd, os.F_LOCK, 0)
            base = memoryview(mmap(fd, @BASE_BYTES@, **keep)).cast("Q")
            if base[0] != @MAGIC@:
                return
            number = base[@NEXT_PROCESS_LANE@]
            if number < @PROCESS_LANES@:
                base[@NEXT_PROCESS_LANE@] = number + 1
            else:
                heads = (@THREAD_LANES@ + n for n in range(@PROCESS_LANES@))
                number = next(n for n in heads if not base[(@HEADER_BYTES@ + n * @HEAD_BYTES@) // 8]) - @THREAD_LANES@
            number += @THREAD_LANES@
            head = (@HEADER_BYTES@ + number * @HEAD_BYTES@) // 8
            offset = @BASE_BYTES@ + number * @RING_BYTES@
            ring = memoryview(mmap(fd, @RING_BYTES@, offset=offset, **keep)).cast("Q")
            base[head + 1] = os.getpid() << 32
            base[head] = @OWNED@
            lane = base, head, ring
        finally:
            os.close(fd)

    def put(at, thread, what):
        base, head, ring = lane
        tag, text = tags[what[0]], what[1:]
        if tag == @THREAD_NAME@:
            digits, _, text = text.partition(b":")
            thread = int(digits)
        elif tag == @KIND@:
            text = b"\1"
        text = text[:255]
        count = max(1, (len(text) + 15) // 16)
        written = base[head + 8]
        if written + count - base[head + 16] > @CAPACITY@:
            base[head + 9] += count
            return
        for part in range(count):
            slot = (written + part) % @CAPACITY@ * 4
            ring[slot] = at
            ring[slot + 1] = (tag if part == 0 else @MORE_TEXT@) | len(text) << 24 | thread << 32
            both = int.from_bytes(text[part * 16 : part * 16 + 16], "little")
            ring[slot + 2] = both & 0xFFFFFFFFFFFFFFFF
            ring[slot + 3] = both >> 64
        base[head + 8] = written + count

    def mark(what):
        # A thread that finds the lock taken leaves its mark to the one that holds it: nobody ever waits here.
        try:
            if what[0] in tags:
                pending.append((time.monotonic_ns(), get_native_id(), what))
            while pending and lock.acquire(False):
                try:
                    while pending:
                        put(*pending.pop(0))
                finally:
                    lock.release()
        except Exception:
            pass

    def forked():
        nonlocal lane, lock
        lane, lock = None, allocate_lock()
        pending.clear()
        try:
            claim()
        except Exception:
            pass

    claim()
    os.register_at_fork(after_in_child=forked)
    return mark
