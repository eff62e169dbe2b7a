"""Whether multiprocessing has started this process for itself."""

import sys


def helper_process():
    """The name of the process if multiprocessing has started it for itself."""
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
