"""Compiles what Python may import later on, and is not in its memory when it is kept: see `begin.py`, which runs first."""

import json
import marshal
import sys
import zipfile
from importlib.util import MAGIC_NUMBER
from pathlib import Path

OUT = Path("/out")
HEADER = MAGIC_NUMBER + bytes(12)  # no time and no size of a source: there is none

# Of the standard library: what talks to a network, a terminal or a debugger, and what was never imported by us.
LEFT_OUT = (
    *("_pyodide", "asyncio", "concurrent", "ctypes", "curses", "dbm", "doctest", "email", "ensurepip", "http", "idlelib"),
    *("imaplib", "lib2to3", "mailbox", "multiprocessing", "pdb", "pip", "pydoc", "pydoc_data", "pyodide", "smtplib"),
    *("test", "tkinter", "tomllib", "turtle", "turtledemo", "unittest", "urllib.request", "venv", "wsgiref", "xmlrpc"),
    *("_pyrepl", "profiling", "ftplib", "poplib", "ssl", "socketserver", "tarfile", "optparse", "_ios_support"),
    *("_android_support", "_apple_support", "antigravity", "this", "webbrowser", "pyclbr", "sqlite3.__main__", "_aix_support"),
)


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def sources():
    """Yield where a module belongs below the library, and its source."""
    with zipfile.ZipFile("/lib/python314.zip") as library:
        for name in sorted(library.namelist()):
            if name.endswith(".py"):
                yield name, library.read(name)
    root = Path("/perfxl/library")
    for path in sorted(root.rglob("*.py")):
        yield path.relative_to(root).as_posix(), path.read_bytes()


for place, source in sources():
    module = module_name(place)
    if module in sys.modules or any(module == name or module.startswith(name + ".") for name in LEFT_OUT):
        continue
    target = OUT / f"{place}c"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(HEADER + marshal.dumps(compile(source, f"/perfxl/library/{place}", "exec", optimize=2, dont_inherit=True)))

Path("/out/modules.json").write_text(json.dumps(sorted(sys.modules)))
