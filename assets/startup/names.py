"""Tells concur-tutor the names of threads and processes, and keeps out of the program's way.

It says what it has to say through the preloaded library where that is loaded (which catches one variable's `putenv`: no
system call, the GIL stays held), else by writing to the event log itself. No failure in here may reach the program.
"""

import sys


def start(loader):
    import os
    import posix

    here = loader.archive
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
        module = {}
        exec(loader.get_data("log.py"), module)
        mark = module["log_writer"](posix.environ[b"CONCUR_TUTOR_LOG"])
    hide(os.environ, here)
    if "threading" in sys.modules:
        name_threads(sys.modules["threading"], mark)
    else:
        sys.meta_path.insert(0, Watcher(mark))
    if is_main_interpreter():
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


def is_main_interpreter():
    return getattr(sys.modules.get("_thread"), "_is_main_interpreter", lambda: True)()


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
        if "from multiprocessing.resource_tracker import main" in word:
            return b"resource_tracker"
        if "from multiprocessing.forkserver import main" in word:
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
    # In another interpreter, the thread that imports this is named already: by the one that created it.
    if is_main_interpreter():
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
        return module == "concurrent.futures.process" or (
            module.startswith("multiprocessing.") and module != "multiprocessing.dummy"
        )
    except Exception:
        return False
