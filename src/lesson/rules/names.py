"""Writes names.txt: what every page may name without a program that has it. Run it with the newest CPython.

    python3.14 src/lesson/rules/names.py > src/lesson/rules/names.txt
"""

import builtins
import importlib
import inspect
import keyword
import sys
import textwrap

MODULES = """
array asyncio asyncio.subprocess bisect bz2 collections concurrent.futures concurrent.futures.interpreter
concurrent.futures.process concurrent.futures.thread concurrent.interpreters contextlib contextvars copy ctypes dis faulthandler functools gc
hashlib heapq http.client http.server importlib inspect io itertools json keyword logging lzma math multiprocessing
multiprocessing.connection multiprocessing.managers multiprocessing.pool multiprocessing.queues
multiprocessing.resource_tracker multiprocessing.shared_memory multiprocessing.sharedctypes
multiprocessing.synchronize operator os pickle queue
random re resource sched select selectors signal socket sqlite3 ssl statistics struct subprocess sys sysconfig textwrap
threading time traceback types urllib.parse urllib.request warnings weakref zlib
""".split()

SPECIAL = """
__aenter__ __aexit__ __await__ __call__ __del__ __enter__ __exit__ __getstate__ __iadd__ __init__ __iter__ __main__
__name__ __next__ __reduce__
""".split()


def parameters(function):
    try:
        return set(inspect.signature(function).parameters)
    except Exception:  # not every function of C tells its own
        return set()


def of_module(name):
    module = importlib.import_module(name)
    found = set(name.split("."))
    for key, value in list(vars(module).items()):
        found |= {key} | parameters(value)
        if inspect.isclass(value):
            found |= set(dir(value))
            for function in list(vars(value).values()):
                found |= parameters(function)
    return found


def main():
    plain = {name for name in dir(builtins) if not name.startswith("_")}
    plain |= set(keyword.kwlist)
    library = set(sys.stdlib_module_names)
    for kind in filter(inspect.isclass, vars(builtins).values()):
        library |= set(dir(kind))
    for name in MODULES:
        library |= of_module(name)
    library = {n for n in library if n.isidentifier() and len(n) > 1}
    library -= {n for n in library if n.startswith("__") and n.endswith("__")}
    library |= set(SPECIAL)
    print("# What every page may name without a program that has it. Made by names.py.")
    for title, names in (
        ("Python itself", plain),
        ("Its standard library, as far as concurrency goes", library - plain),
    ):
        print(f"\n# {title}")
        print(textwrap.fill(" ".join(sorted(names)), 118, break_on_hyphens=False))


if __name__ == "__main__":
    main()
