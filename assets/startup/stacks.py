"""Tells where every thread stands, when nothing can run any more. Compiled only then."""

import json
import linecache
import os
import sys
import threading


def tell(path, interrupted):
    library = os.path.dirname(os.__file__)
    threads = dict(threading._active)
    own = threading.get_ident()
    out = []
    for ident, frame in sys._current_frames().items():
        thread = threads.get(ident)
        frame = interrupted if ident == own else frame
        while frame is not None and is_library(frame.f_code.co_filename, library):
            frame = frame.f_back
        if thread is None or frame is None:
            continue
        code = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        out.append({
            "tid": thread.native_id, "name": thread.name, "line": frame.f_lineno,
            "function": frame.f_code.co_name, "code": code,
        })
    lines = "".join(json.dumps(stand) + "\n" for stand in out)
    file = os.open(path, os.O_WRONLY | os.O_APPEND)
    os.write(file, lines.encode())
    os.close(file)


def is_library(file, library):
    return file.startswith((library, "<")) or "site-packages" in file
