"""What Python has done when its memory is kept for the page: everything that people need at once is imported.

Run by `run_python.mjs`, never by people. The page calls `unpack_files`, `answer` and
`import_later`.
"""

import gc
import json
import pkgutil
import sys
import zipimport
from importlib import import_module

LIBRARY = "/perfxl/library"

# What is imported only when it is needed, and is needed by nearly everybody.
EARLY = (
    *("perfxl.pipeline.examine", "perfxl.pipeline.produce", "perfxl.pipeline.workbook_file"),
    *("perfxl.computation.evaluation_figures", "perfxl.fast.schema_sieve"),
    *("perfxl.fast.template.renderer", "perfxl.fast.workbook.reader"),
    "encodings.cp437",
)
# What takes less room as a file than in the memory that is kept: imported when the page is ready and has nothing to do.
LATER = (
    *(f"perfxl.interfaces.browser_page.{name}" for name in ("one_workbook", "many_workbooks", "new_workbooks")),
    *("jsonschema", "perfxl.batch.worker_pool", "perfxl.batch.summary.writer", "perfxl.batch.cross_unit_checks"),
    *("perfxl.document.template.charts", "perfxl.pipeline.repair_report"),
)

sys.path.insert(0, LIBRARY)

from perfxl.interfaces.browser_page.door import answer  # noqa: E402 - the library is found only now


def import_early() -> None:
    """Import what would keep people waiting, and load the report types."""
    import perfxl.checks

    rules = [module.name for module in pkgutil.walk_packages(perfxl.checks.__path__, "perfxl.checks.")]
    for name in (*EARLY, *rules):
        import_module(name)
    if "trouble" in (told := json.loads(answer(json.dumps({"ask": "hello"})))):
        raise RuntimeError(told["trouble"])


def unpack_files() -> None:
    """Unpack the files that travel packed once more, because that is what packs a list of words best."""
    import lzma
    from pathlib import Path

    for path in Path(LIBRARY).rglob("*.lzma"):
        path.with_suffix("").write_bytes(lzma.decompress(path.read_bytes()))
        path.unlink()


def import_later() -> None:
    """Import what somebody will need soon; called when the page is ready."""
    for name in LATER:
        import_module(name)


def forget_library() -> None:
    """Leave only the files that the page brings: what is imported already is not among them."""
    sys.path[:] = [LIBRARY]
    zipimport._zip_directory_cache.clear()
    sys.path_importer_cache.clear()
    for name, module in list(sys.modules.items()):
        if isinstance(getattr(module, "__loader__", None), zipimport.zipimporter):
            module.__loader__ = None
            module.__spec__.loader = None
            if hasattr(module, "__path__"):  # what of a package is not imported yet lies among the files
                module.__path__ = [f"{LIBRARY}/{name.replace('.', '/')}"]


def wipe_small_objects() -> None:
    """Fill what is free in the interpreter's own arenas with zeros, which pack best."""
    kept = [[bytes(size - 34) for _ in range(600_000 // size)] for size in range(512, 47, -16)]
    del kept


import_early()
forget_library()
gc.collect()
wipe_small_objects()
gc.collect()
