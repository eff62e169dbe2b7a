"""Tells concur-tutor the names of threads and processes, and keeps out of the program's way.

It reaches every Python process of a run as an entry of PYTHONPATH, which it takes out of sight at once. It says what it
has to say through the preloaded library where that is loaded (which catches one variable's `putenv`: no system call, the
GIL stays held), else by writing to the event log itself. No failure in here may reach the program.
"""

import sys


def start(here):
    import os
    import posix

    sys.path[:] = [entry for entry in sys.path if entry != here]
    sys.path_importer_cache.pop(here, None)
    getattr(sys.modules.get("zipimport"), "_zip_directory_cache", {}).pop(here, None)
    preloaded = b"CONCUR_TUTOR_LOG" not in posix.environ
    if preloaded:
        def mark(what):
            try:
                posix.putenv(b"CONCUR_TUTOR_MARK", what)
            except Exception:
                pass
    else:
        mark = log_writer(posix.environ[b"CONCUR_TUTOR_LOG"])
    hide(os.environ, here)
    main_interpreter = getattr(sys.modules.get("_thread"), "_is_main_interpreter", lambda: True)()
    if "threading" in sys.modules:
        name_threads(sys.modules["threading"], mark)
    else:
        sys.meta_path.insert(0, Watcher(mark))
    if main_interpreter:
        import atexit

        if preloaded:
            mark(b"X")
            if getattr(sys, "_is_gil_enabled", bool)():
                mark(b"G")
        helper = helper_process()
        if helper:
            mark(b"H")
            mark(b"P" + helper)
        atexit.register(mark, b"E")
        mark(b"S")


def hide(environ, here):
    """Takes the tutor's variables out of os.environ, and leaves them to child processes."""
    variables = environ._data
    entries = variables.get(b"PYTHONPATH", b"").split(b":")
    if entries[0] == os_fsencode(here):
        if entries[1:]:
            variables[b"PYTHONPATH"] = b":".join(entries[1:])
        else:
            del variables[b"PYTHONPATH"]
    for name in (b"CONCUR_TUTOR_LOG", b"CONCUR_TUTOR_STARTUP", b"CONCUR_TUTOR_RUN"):
        variables.pop(name, None)


def os_fsencode(path):
    return path.encode(sys.getfilesystemencoding(), "surrogateescape")


def helper_process():
    """The name of the process if multiprocessing has started it for itself."""
    if sys.argv[:1] != ["-c"]:
        return None
    if hasattr(sys, "orig_argv"):
        words = sys.orig_argv
    else:
        with open("/proc/self/cmdline", encoding="utf-8", errors="replace") as line:
            words = line.read().split("\0")
    for word in words:
        if word.startswith("from multiprocessing.resource_tracker import main"):
            return b"resource_tracker"
        if word.startswith("from multiprocessing.forkserver import main"):
            return b"forkserver"
    return None


class Watcher:
    """Sees `threading` be imported; then it is gone."""

    def __init__(self, mark):
        self.mark = mark

    def find_spec(self, name, path=None, target=None):
        if name != "threading":
            return None
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    self.watch(spec.loader)
                    return spec
        return None

    def watch(self, loader):
        run = getattr(loader, "exec_module", None)
        if run is None or isinstance(loader, type):
            return

        def exec_module(module):
            loader.__dict__.pop("exec_module", None)
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            run(module)
            try:
                name_threads(module, self.mark)
            except Exception:
                pass

        loader.exec_module = exec_module


def name_threads(threading, mark):
    """Tells every thread's name when the thread starts and when it is renamed."""
    Thread = threading.Thread
    set_native_id, name = Thread._set_native_id, Thread.name

    def tell(thread):
        try:
            mark(b"T%d:%s" % (thread._native_id, thread._name.encode("utf-8", "replace")))
        except Exception:
            pass

    def _set_native_id(self):
        set_native_id(self)
        if self is threading._main_thread:
            tell_process(mark)
        else:
            tell(self)
            if is_helper(self):
                mark(b"H")

    def rename(self, value):
        name.fset(self, value)
        if getattr(self, "_native_id", None) is not None:
            tell(self)

    Thread._set_native_id = _set_native_id
    Thread.name = property(name.fget, rename, name.fdel, name.__doc__)
    tell(threading._main_thread)


def tell_process(mark):
    """In the main thread of a child that multiprocessing has just started."""
    try:
        current = sys.modules["multiprocessing.process"]._current_process
        mark(b"P" + current.name.encode("utf-8", "replace"))
    except Exception:
        pass


def is_helper(thread):
    """Whether the library has started the thread for itself, not for the program's work."""
    try:
        target = thread._target
        made_by = type(thread) if target is None else target
        module = made_by.__module__
        if module == "multiprocessing.pool":
            return target is not None and target.__name__ != "worker"
        return module == "concurrent.futures.process" or (
            module.startswith("multiprocessing.") and module != "multiprocessing.dummy"
        )
    except Exception:
        return False


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


try:
    start(__loader__.archive)
except Exception:
    pass
# The name is the program's again: a sitecustomize that this one shadows now runs, and if there is none, the ImportError
# is what the interpreter expects then.
this = sys.modules.pop("sitecustomize")
try:
    import sitecustomize
except BaseException:
    sys.modules["sitecustomize"] = this  # the import system takes out what has failed
    raise
