"""The names of threads and of multiprocessing's processes, and which of them the library has started for itself."""

import sys


def name_threads(threading, mark, main_interpreter):
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
    # In another interpreter, the thread that imports this is named already: by the one that created it.
    if main_interpreter:
        tell(threading._main_thread)


def tell_process(mark):
    """In the main thread of a child that multiprocessing has just started."""
    try:
        current = sys.modules["multiprocessing.process"]._current_process
        if current._parent_pid is not None:
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
        # asyncio starts one to wait for its executor's threads at the end of a run.
        return module in ("concurrent.futures.process", "asyncio.base_events") or (
            module.startswith("multiprocessing.") and module != "multiprocessing.dummy"
        )
    except Exception:
        return False
