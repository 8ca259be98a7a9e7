"""Compiles what Python may import later on and is not in its memory when that is kept: `begin.py` has run before."""

import json
import lzma
import marshal
import re
import sys
import zipfile
from importlib.util import MAGIC_NUMBER
from pathlib import Path

OUT = Path("/out")
HEADER = MAGIC_NUMBER + bytes(12)  # no time and no size of a source: there is none

# Of the standard library: what talks to a network, a terminal or a debugger, and what was never imported by us.
LEFT_OUT = (
    *("_aix_support", "_android_support", "_apple_support", "_ast_unparse", "_ios_support", "_pydatetime", "_pyio"),
    *(
        "_pyodide",
        "_pyrepl",
        "_sysconfigdata__emscripten_wasm32-emscripten",
        "antigravity",
        "asyncio",
        "bdb",
        "cProfile",
    ),
    *(
        "cmd",
        "code",
        "codeop",
        "compileall",
        "concurrent",
        "configparser",
        "ctypes",
        "curses",
        "dbm",
        "doctest",
    ),
    *("email", "ensurepip", "fileinput", "filecmp", "ftplib", "getpass", "http", "idlelib", "imaplib"),
    *("importlib.metadata", "lib2to3", "logging.config", "logging.handlers", "lzma", "mailbox", "modulefinder"),
    *(
        "netrc",
        "optparse",
        "pdb",
        "perfxl.cli",
        "pickletools",
        "pip",
        "plistlib",
        "poplib",
        "profile",
    ),
    *("profiling", "pstats", "py_compile", "pyclbr", "pydoc", "pydoc_data", "pyodide", "rlcompleter", "runpy"),
    *("sched", "shelve", "site", "smtplib", "socketserver", "sqlite3.__main__", "sre_compile", "ssl", "symtable"),
    *("tabnanny", "test", "this", "timeit", "tkinter", "tomllib", "trace", "tracemalloc", "turtle"),
    *("turtledemo", "unittest", "urllib.request", "urllib.robotparser", "venv", "webbrowser", "wsgiref", "xml.dom"),
    *("xml.sax", "xmlrpc", "zipapp", "zipfile.__main__", "zoneinfo"),
    *("__hello__", "_py_abc", "colorsys", "getopt", "graphlib", "hmac", "nturl2path", "pty", "quopri", "secrets"),
    *("sre_constants", "sre_parse", "statistics", "stringprep", "tty", "wave", "encodings.idna", "encodings.punycode"),
    *(
        f"multiprocessing.{name}"
        for name in ("dummy", "forkserver", "heap", "managers", "pool", "popen_fork", "popen_forkserver")
    ),
    *(f"multiprocessing.{name}" for name in ("popen_spawn_posix", "popen_spawn_win32", "queues", "shared_memory")),
    *(f"multiprocessing.{name}" for name in ("resource_sharer", "resource_tracker", "sharedctypes", "spawn")),
    "multiprocessing.synchronize",
    # Of packages: a command, and what draws for programs that nobody has here.
    "jsonschema.cli",
    # Of perfxl: other doors, and programs that are not there.
    *("perfxl.batch.dask_cluster", "perfxl.__main__", "perfxl.document_import.word_comments"),
    *(f"perfxl.authoring.{name}" for name in ("building", "drawing", "drawn_type", "field_rows", "first_template")),
    *("perfxl.authoring.invented", "perfxl.authoring.word_form"),
    *(f"perfxl.interfaces.{door}" for door in ("batch_console", "desktop_icon", "excel_button", "machine_check")),
    *("perfxl.interfaces.trusted_folders", "perfxl.interfaces.watch_folder"),
)

# Encodings of machines that no office of China has had; what is Unicode or Chinese stays, and Western Windows.
FOREIGN = re.compile(r"encodings\.(mac_|koi8|kz1048|iso8859_|hp_roman|ptcp|tis_|cp(?!936|950|1252)\d)")


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
    if FOREIGN.match(module):
        continue
    target = OUT / f"{place}c"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(
        HEADER + marshal.dumps(compile(source, f"/perfxl/library/{place}", "exec", optimize=2, dont_inherit=True))
    )

# Long lists of words, as lzma packs them: better than what packs the whole, and with the same bytes on every machine.
for path in sorted(Path("/perfxl/library").rglob("*.txt")):
    if path.stat().st_size > 200_000:
        target = OUT / path.relative_to("/perfxl/library").with_suffix(".txt.lzma")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(lzma.compress(path.read_bytes(), lzma.FORMAT_ALONE, preset=9 | lzma.PRESET_EXTREME))

Path("/out/modules.json").write_text(json.dumps(sorted(sys.modules)))
