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
        mark = load("log")["log_writer"](posix.environ[b"CONCUR_TUTOR_LOG"])
    stacks = loader.get_data("stacks")
    if not preloaded:
        hide(os.environ, here)
    main_interpreter = getattr(sys.modules.get("_thread"), "_is_main_interpreter", lambda: True)()
    threads = load("threads")["name_threads"]  # now, while the archive is there for sure

    def name_threads(threading):
        threads(threading, mark, main_interpreter)

    if "threading" in sys.modules:
        name_threads(sys.modules["threading"])
    else:
        sys.meta_path.insert(0, Watcher(name_threads))
        if main_interpreter:
            # What `threading` will call it, should the program ever import that.
            mark(b"T%d:MainThread" % posix.getpid())
    if main_interpreter:
        if preloaded:
            mark(b"X")
            if getattr(sys, "_is_gil_enabled", bool)():
                mark(b"G")
        program = sys.argv[0] if sys.argv else ""
        if program == "-c":
            helper = load("helper")["helper_process"]()
            if helper:
                mark(b"H")
            mark(b"P" + (helper or b"python -c"))
        elif program == "-m":
            mark(b"Ppython -m " + encoded(load("helper")["module_name"]()))
        elif program:
            mark(b"P" + encoded(program.rstrip("/").rpartition("/")[2]))
        if stacks:
            listen(loader.get_data("stacks.py"), stacks)
        at_exit(mark, b"E")
        mark(b"S")


def at_exit(function, argument):
    there = "atexit" in sys.modules
    import atexit

    atexit.register(function, argument)
    # A program that has not imported it need not see it; before 3.10 a second one would forget what the first knew.
    if not there and sys.version_info >= (3, 10):
        del sys.modules["atexit"]


def listen(source, path):
    """When asked, in a run that can go on no more, tells where every thread stands."""
    try:
        import _signal

        def handler(number, frame):
            try:
                run(source)["tell"](path, frame)
            except Exception:
                pass

        _signal.signal(_signal.SIGURG, handler)
    except Exception:
        pass


def run(source):
    module = {}
    exec(source, module)
    return module


def hide(environ, here):
    """Takes the tutor's variables out of os.environ, and leaves them to child processes."""
    variables = environ._data
    entries = variables.get(b"PYTHONPATH", b"").split(b":")
    if entries[0] == os_fsencode(here):
        if entries[1:]:
            variables[b"PYTHONPATH"] = b":".join(entries[1:])
        else:
            del variables[b"PYTHONPATH"]
    for name in (b"CONCUR_TUTOR_LOG", b"CONCUR_TUTOR_RUN"):
        variables.pop(name, None)


def encoded(name):
    return name.encode("utf-8", "replace")


def os_fsencode(path):
    return path.encode(sys.getfilesystemencoding(), "surrogateescape")


class Watcher:
    """Sees `threading` be imported; then it is gone."""

    def __init__(self, imported):
        self.imported = imported

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
                self.imported(module)
            except Exception:
                pass

        loader.exec_module = exec_module
