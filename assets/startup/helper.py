"""What this process is: one that multiprocessing, or loky, has started for itself, or what it runs."""

import sys


def helper_process():
    """The name of the process if the library has started it for itself."""
    for word in command_line():
        for package in ("multiprocessing", "loky.backend"):
            if package + ".resource_tracker import main" in word:
                return b"resource_tracker"
            if package + ".forkserver import main" in word:
                return b"forkserver"
    return None


def module_name():
    """How the module is named that the interpreter was told to run."""
    words = command_line()
    for option, module in zip(words[1:], words[2:]):
        if option == "-m":
            return module
        if option.startswith("-m") and len(option) > 2:
            return option[2:]
    return ""


def command_line():
    if hasattr(sys, "orig_argv"):
        return sys.orig_argv
    with open("/proc/self/cmdline", encoding="utf-8", errors="replace") as line:
        return line.read().split("\0")
