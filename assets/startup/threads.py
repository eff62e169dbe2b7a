"""The names of threads and of multiprocessing's processes; which of them the library has started for itself, and which for a
pool: by what those get their work."""

import posix
import sys


def name_threads(threading, mark, main_interpreter):
    """Tells every thread's name when the thread starts and when it is renamed."""
    Thread = threading.Thread
    set_native_id, name = Thread._set_native_id, Thread.name

    def tell(thread):
        try:
            if thread is not threading._main_thread and thread._native_id == posix.getpid():
                return  # a greenlet, which runs in the main thread and does not rename that
            mark(b"T%d:%s" % (thread._native_id, thread._name.encode("utf-8", "replace")))
        except Exception:
            pass

    def _set_native_id(self):
        set_native_id(self)
        tell_pickle(mark)
        if self is threading._main_thread:
            tell_process(mark)
        else:
            tell(self)
            if is_helper(self):
                mark(b"H")
            else:
                tell_work(self, mark)

    def rename(self, value):
        name.fset(self, value)
        if getattr(self, "_native_id", None) is not None:
            tell(self)

    Thread._set_native_id = _set_native_id
    Thread.name = property(name.fget, rename, name.fdel, name.__doc__)
    # In another interpreter, the thread that imports this is named already: by the one that created it.
    if main_interpreter:
        tell(threading._main_thread)
        try:
            import _thread

            mark(b"L%d" % id(type(_thread.allocate_lock())))
            mark(b"R%d" % id(_thread.RLock))
            if hasattr(_thread, "_ThreadHandle"):
                mark(b"J%d" % id(_thread._ThreadHandle))
            folder = threading.__file__.rpartition("/")[0]
            mark(b"D" + folder.encode(sys.getfilesystemencoding(), "surrogateescape"))
        except Exception:
            pass


def tell_process(mark):
    """In the main thread of a child that multiprocessing has just started."""
    try:
        current = sys.modules["multiprocessing.process"]._current_process
        if current._parent_pid is not None:
            mark(b"P" + current.name.encode("utf-8", "replace"))
            mark(b"S")  # what it is there for begins now
            tell_work(current, mark)
    except Exception:
        pass


def tell_pickle(mark):
    """Where objects are turned into bytes and back, once there are processes to send them to."""
    try:
        pickle = sys.modules.get("_pickle")
        if pickle is not None and "multiprocessing.process" in sys.modules:
            mark(b"K%d:%d:%d:%d" % tuple(map(id, (pickle.Pickler, pickle.Unpickler, pickle.dumps, pickle.loads))))
    except Exception:
        pass


def tell_work(worker, mark):
    """Of a pool's thread or process: the queue that it gets its work from, or the pipe and the lock."""
    try:
        target = worker._target
        module, name = target.__module__, target.__name__
        if (module, name) not in WORKERS and not (name == "_process_worker" and module.endswith(".loky.process_executor")):
            return
        simple = getattr(sys.modules.get("_queue"), "SimpleQueue", None)
        for queue in worker._args:
            if type(queue) is simple:
                mark(b"Q%d" % id(queue))
                break
            if hasattr(queue, "_reader") and hasattr(queue, "_rlock"):
                mark(b"W%d:%d" % (queue._reader.fileno(), queue._rlock._semlock.handle))
                break
    except Exception:
        pass


WORKERS = {
    ("concurrent.futures.thread", "_worker"),
    ("concurrent.futures.process", "_process_worker"),
    ("multiprocessing.pool", "worker"),
}


def is_helper(thread):
    """Whether the library has started the thread for itself, not for the program's work."""
    try:
        target = thread._target
        made_by = type(thread) if target is None else target
        module = made_by.__module__
        if module == "multiprocessing.pool":
            return target is not None and target.__name__ != "worker"
        # asyncio starts one to wait for its executor's threads at the end of a run.
        return (
            module in ("concurrent.futures.process", "asyncio.base_events")
            or (module.startswith("multiprocessing.") and module != "multiprocessing.dummy")
            or module.endswith(".loky.process_executor")
            or ".loky.backend." in module
        )
    except Exception:
        return False
