"""Brings concur-tutor's `names.py` into every Python process of a run, then gives its own name back to the program.

Small, because `zipimport` compiles what it imports twice. Where the Python of the run has compiled this file before, the
others of the archive are there in that form too: compiling would cost two milliseconds.
"""

import sys


def load(name):
    """What a file of the archive defines."""
    module = {"load": load}
    if __file__.endswith(".pyc"):
        import marshal

        exec(marshal.loads(__loader__.get_data(name + ".code")), module)
    else:
        exec(__loader__.get_data(name + ".py"), module)
    return module


try:
    load("names")["start"](__loader__)
except Exception:
    pass
# A sitecustomize that this one shadows now runs; if there is none, the ImportError is what the interpreter expects then.
this = sys.modules.pop("sitecustomize")
try:
    import sitecustomize
except BaseException:
    sys.modules["sitecustomize"] = this  # the import system takes out what has failed
    raise
