"""Brings concur-tutor's `names.py` into every Python process of a run, then gives its own name back to the program.

Small, because `zipimport` compiles what it imports twice.
"""

import sys

try:
    module = {}
    exec(__loader__.get_data("names.py"), module)
    module["start"](__loader__)
except Exception:
    pass
# A sitecustomize that this one shadows now runs; if there is none, the ImportError is what the interpreter expects then.
this = sys.modules.pop("sitecustomize")
try:
    import sitecustomize
except BaseException:
    sys.modules["sitecustomize"] = this  # the import system takes out what has failed
    raise
