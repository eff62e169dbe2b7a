"""Says, as JSON, what a program sees of itself and its surroundings: one property a function.

Run alone and under `watch` by `tests/alone.rs`, which compares. What cannot be equal (numbers of processes, times) is
told relative to something that can.
"""

# What was there before anything was imported here.
import sys

MODULES = sorted(sys.modules)
META_PATH = [getattr(finder, "__name__", type(finder).__name__) for finder in sys.meta_path]
MAIN = sorted(vars(sys.modules["__main__"]))

import _signal
import _thread
import atexit
import gc
import json
import os
import stat

PROPERTIES = {}


def seen(function):
    PROPERTIES[function.__name__] = function
    return function


def status(*names):
    with open("/proc/self/status") as lines:
        fields = dict(line.rstrip("\n").split(":\t", 1) for line in lines)
    return {name: fields.get(name) for name in names}


def masks(*names):
    """Sets of signals, without the two that the C library keeps for itself and sets once there are threads."""
    return {name: "%x" % (int(value, 16) & ~(3 << 31)) for name, value in status(*names).items()}


def proc(name):
    with open("/proc/self/" + name, "rb") as file:
        return file.read().decode("utf-8", "backslashreplace")


def libc():
    import ctypes

    return ctypes.CDLL(None)


# First what importing more would change.


@seen
def modules_at_the_start():
    return MODULES


@seen
def finders_at_the_start():
    return META_PATH


@seen
def names_in_main():
    return MAIN


@seen
def importer_cache():
    return sorted(sys.path_importer_cache)


@seen
def path_hooks():
    return [repr(hook).split(" at 0x")[0] for hook in sys.path_hooks]


@seen
def exit_handlers():
    return atexit._ncallbacks()


@seen
def garbage_collector():
    return [gc.isenabled(), gc.get_threshold(), gc.get_debug(), len(gc.callbacks), gc.get_freeze_count()]


@seen
def descriptors():
    import fcntl

    found = {}
    for fd in sorted(map(int, os.listdir("/proc/self/fd"))):
        try:
            kind = stat.S_IFMT(os.fstat(fd).st_mode)
            found[fd] = [kind, fcntl.fcntl(fd, fcntl.F_GETFD), fcntl.fcntl(fd, fcntl.F_GETFL) & ~0o100000]
        except OSError:  # the one that lists them
            pass
    return found


@seen
def native_threads():
    return len(os.listdir("/proc/self/task"))


@seen
def signals():
    return masks("SigBlk", "SigIgn", "SigCgt", "SigPnd", "ShdPnd")


@seen
def signal_handlers():
    return [str(_signal.getsignal(number)) for number in range(1, 32)]


@seen
def wakeup_descriptor():
    return _signal.set_wakeup_fd(-1)


@seen
def environment():
    return list(os.environ.items())


@seen
def environment_of_the_c_library():
    import ctypes

    texts = ctypes.POINTER(ctypes.c_char_p).in_dll(libc(), "environ")
    found = []
    while texts[len(found)] is not None:
        found.append(os.fsdecode(texts[len(found)]))
    return found


@seen
def room_for_a_title():
    """How much of the environment lies together: what `setproctitle` writes over."""
    import ctypes

    pointers, texts = [ctypes.POINTER(kind).in_dll(libc(), "environ") for kind in (ctypes.c_void_p, ctypes.c_char_p)]
    length = 0
    for count in range(10_000):
        if texts[count] is None or pointers[count] != pointers[0] + length:
            return [count, length]
        length += len(texts[count]) + 1


@seen
def initial_environment():
    return proc("environ").rstrip("\0").split("\0")


@seen
def path():
    return sys.path


@seen
def flags():
    return str(sys.flags)


@seen
def arguments():
    return [sys.argv, getattr(sys, "orig_argv", None)]


@seen
def command_line():
    return proc("cmdline")


@seen
def command_name():
    return proc("comm")


@seen
def executable():
    return [sys.executable, sys._base_executable, sys.prefix, sys.exec_prefix, sys.base_prefix, os.readlink("/proc/self/exe")]


@seen
def options():
    return [sys.warnoptions, {name: str(value) for name, value in sys._xoptions.items()}]


@seen
def bytecode():
    return [sys.dont_write_bytecode, sys.pycache_prefix]


@seen
def limits_of_the_interpreter():
    return [sys.getrecursionlimit(), sys.getswitchinterval(), getattr(sys, "get_int_max_str_digits", int)()]


@seen
def hooks():
    names = ["excepthook", "displayhook", "unraisablehook", "breakpointhook"]
    same = [getattr(sys, name) is getattr(sys, "__" + name + "__") for name in names]
    return same + [sys.gettrace(), sys.getprofile(), str(sys.get_asyncgen_hooks()), sys.get_coroutine_origin_tracking_depth()]


@seen
def monitoring_tools():
    return [sys.monitoring.get_tool(tool) for tool in range(6)] if hasattr(sys, "monitoring") else None


@seen
def attributes_of_sys():
    return sorted(set(vars(sys)) - {"last_exc"})


@seen
def builtins():
    return sorted(vars(__import__("builtins")))


@seen
def encodings():
    import locale

    names = [sys.getfilesystemencoding(), sys.getfilesystemencodeerrors(), sys.getdefaultencoding()]
    return names + [locale.setlocale(locale.LC_ALL), locale.getpreferredencoding()]


@seen
def streams():
    def of(stream):
        mode = os.fstat(stream.fileno()).st_mode
        buffer = [type(stream.buffer).__name__, stream.line_buffering, getattr(stream, "write_through", None)]
        return [stream.name, stream.mode, stream.encoding, stream.errors, stream.isatty(), stat.S_IFMT(mode)] + buffer

    return [of(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)]


@seen
def input():
    return sys.stdin.read()


@seen
def process_group():
    parent = os.getppid()
    own = [os.getpgrp() == os.getpid(), os.getsid(0) == os.getpid(), os.getpgrp() == os.getpgid(parent)]
    return own + [os.getsid(0) == os.getsid(parent), parent > 1]


@seen
def terminal():
    try:
        with open("/dev/tty") as tty:
            return os.tcgetpgrp(tty.fileno()) == os.getpgrp()
    except OSError as error:
        return error.errno


@seen
def umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


@seen
def limits():
    import resource

    return {name: resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")}


@seen
def scheduling():
    numbers = [os.nice(0), os.sched_getscheduler(0), os.sched_getparam(0).sched_priority]
    return numbers + [sorted(os.sched_getaffinity(0)), proc("oom_score_adj"), proc("timerslack_ns")]


@seen
def current_directory():
    return os.getcwd()


@seen
def identity():
    numbers = status("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp")
    return [numbers, proc("cgroup"), proc("personality"), proc("coredump_filter")]


@seen
def process_controls():
    import ctypes

    prctl, value = libc().prctl, ctypes.c_int(-1)
    prctl(2, ctypes.byref(value), 0, 0, 0)
    found = {"death signal": value.value}
    prctl(37, ctypes.byref(value), 0, 0, 0)
    found["subreaper"] = value.value
    for name, number in (("dumpable", 3), ("keep capabilities", 7), ("no new privileges", 39), ("huge pages off", 42)):
        found[name] = prctl(number, 0, 0, 0, 0)
    return found


@seen
def namespaces():
    return {name: os.readlink("/proc/self/ns/" + name) for name in sorted(os.listdir("/proc/self/ns"))}


@seen
def alarms():
    return [_signal.getitimer(which) for which in (0, 1, 2)]


@seen
def time_zone():
    import time

    return [time.tzname, time.timezone, os.environ.get("TZ")]


@seen
def temporary_directory():
    import tempfile

    return tempfile.gettempdir()


@seen
def warnings_filters():
    import warnings

    return [[str(part) for part in rule] for rule in warnings.filters]


@seen
def customized():
    import site

    def where(name):
        module = sys.modules.get(name)
        return module and getattr(module, "__file__", None)

    return [where("sitecustomize"), where("usercustomize"), site.ENABLE_USER_SITE, site.PREFIXES]


@seen
def fault_handler():
    import faulthandler

    return faulthandler.is_enabled()


@seen
def threads():
    import threading

    found = [(thread.name, thread.daemon, type(thread).__name__) for thread in threading.enumerate()]
    return [found, threading.main_thread().native_id == os.getpid(), threading.stack_size(), _thread._count()]


@seen
def hooks_of_threads():
    import threading

    return [threading.excepthook is threading.__excepthook__, threading._trace_hook, threading._profile_hook]


@seen
def stack_of_a_thread():
    import threading
    import traceback

    def names():
        frames.extend(frame.name for frame in traceback.extract_stack())

    frames = []
    thread = threading.Thread(target=names)
    thread.start()
    thread.join()
    return frames


@seen
def methods_of_threads():
    import threading

    def file(name):
        function = vars(threading.Thread)[name]
        return getattr(getattr(function, "fget", function), "__code__").co_filename == threading.__file__

    return {name: file(name) for name in ("start", "run", "join", "name", "_set_native_id", "_bootstrap_inner")}


@seen
def loader_of_threading():
    import threading

    return sorted(vars(threading.__loader__))


@seen
def event_loop():
    import asyncio

    async def here():
        loop = asyncio.get_running_loop()
        return [type(loop).__name__, loop.get_debug(), type(asyncio.current_task()).__name__, asyncio.Task.__module__]

    return asyncio.run(here())


@seen
def tracker_of_resources():
    from multiprocessing import get_all_start_methods, resource_tracker

    return [get_all_start_methods(), resource_tracker._resource_tracker._fd]


def of_a_child():
    """What a child of any kind has to say."""
    finders = [getattr(finder, "__name__", type(finder).__name__) for finder in sys.meta_path]
    customized = getattr(sys.modules.get("sitecustomize"), "__file__", None)
    return [list(os.environ.items()), sys.path, finders, customized, masks("SigIgn", "SigBlk", "SigCgt")]


def work(pipe):
    pipe.send(of_a_child())
    pipe.close()


def child_of(method):
    import multiprocessing

    context = multiprocessing.get_context(method)
    here, there = context.Pipe()
    process = context.Process(target=work, args=(there,))
    process.start()
    found = here.recv()
    process.join()
    return [found, process.exitcode]


@seen
def child_forked():
    return child_of("fork")


@seen
def child_spawned():
    return child_of("spawn")


@seen
def child_of_a_fork_server():
    return child_of("forkserver")


CHILD = """
import json, os, sys
import threading
customized = getattr(sys.modules.get("sitecustomize"), "__file__", None)
finders = [getattr(finder, "__name__", type(finder).__name__) for finder in sys.meta_path]
print(json.dumps([list(os.environ.items()), sys.path, finders, str(sys.flags), customized]))
"""


@seen
def child_of_subprocess():
    import subprocess

    return json.loads(subprocess.check_output([sys.executable, "-c", CHILD]))


@seen
def child_without_an_environment():
    import subprocess

    options = [["-I"], ["-E"], ["-S"], ["-s"]]
    found = [subprocess.run([sys.executable, *words, "-c", CHILD], env={}, capture_output=True, text=True) for words in options]
    return [[run.returncode, run.stdout, run.stderr] for run in found]


@seen
def child_that_is_a_shell():
    import subprocess

    text = subprocess.check_output(["sh", "-c", "env; exec env -i env"], text=True)
    return sorted(line for line in text.splitlines() if not line.startswith("_="))


@seen
def exit_of_a_child():
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    return os.waitpid(pid, 0)[1]


def main():
    found = {}
    for name, function in PROPERTIES.items():
        if "without children" in sys.argv and name.startswith("child_"):
            continue  # they would have to import this
        try:
            found[name] = function()
        except Exception as error:
            found[name] = repr(error)
    json.dump(found, sys.stdout)
    return 5


if __name__ == "__main__":
    sys.exit(main())
