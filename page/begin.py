"""What Python has done when its memory is kept for the page: everything is imported, and one of each has been made.

Run by `run_python.mjs`, never by people. `answer` is what the page calls.
"""

import gc
import importlib
import json
import random
import shutil
import sys
import zipimport
from pathlib import Path

LIBRARY = "/perfxl/library"
WARM = Path("/perfxl/warm")  # workbooks to begin with; they stay behind

sys.path.insert(0, LIBRARY)

from perfxl.interfaces.browser_page.door import answer  # noqa: E402 - the library is found only now


def warm_up() -> None:
    """Do once what people do, so that what is worked out on the way is there from the start."""
    for number, workbook in enumerate(sorted(WARM.glob("*.xlsx"))):
        folder = Path(f"/tmp/warm{number}")
        for name in ("in", "out"):
            (folder / name).mkdir(parents=True)
        shutil.copy(workbook, folder / "in" / workbook.name)
        for words in ({"ask": "check", "draft": True}, {"ask": "mend"}, {"ask": "batch", "draft": True}):
            told = json.loads(answer(json.dumps({**words, "folder": str(folder)})))
            if "trouble" in told:
                raise SystemExit(f"{workbook.name}: {told['trouble']}")
        shutil.rmtree(folder)
    if "trouble" in (told := json.loads(answer(json.dumps({"ask": "hello"})))):
        raise SystemExit(told["trouble"])


def forget_library() -> None:
    """Leave only the files that the page brings: what is imported already is not among them."""
    sys.path[:] = [LIBRARY]
    zipimport._zip_directory_cache.clear()
    sys.path_importer_cache.clear()
    importlib.invalidate_caches()
    for module in list(sys.modules.values()):
        if isinstance(getattr(module, "__loader__", None), zipimport.zipimporter):
            module.__loader__ = None
            module.__spec__.loader = None


def wipe_small_objects() -> None:
    """Fill what is free in the interpreter's own arenas with zeros, which pack best."""
    kept = [[bytes(size - 34) for _ in range(600_000 // size)] for size in range(512, 47, -16)]
    del kept


warm_up()
random.seed(0)
forget_library()
gc.collect()
wipe_small_objects()
gc.collect()
