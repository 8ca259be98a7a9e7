"""The one function that the page calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import perfxl
from perfxl.interfaces.browser_page import own_files
from perfxl.interfaces.browser_page.request import Request, Tell
from perfxl.pipeline.exit_status import WrongCommand, fault_sentence
from perfxl.report_type import catalog
from perfxl.report_type.profile import ProfileFault
from perfxl.storage.files import MAX_FILE, Surroundings


def answer(request: str, tell: Tell | None = None) -> str:
    """Return the answer to a request, both as JSON. Never raises: what goes wrong is a sentence under `trouble`.

    A request says under `ask` what is wanted, and under `folder` where the page has put its files: the workbooks are
    those below `in`, and results go below `out`. `session` is where types and rules of an office's own are kept. An
    answer names results under `files`, each with the name that it should get on the user's disk. `tell` is told how far
    the work is, as JSON.
    """
    words = json.loads(request)
    try:
        said = _hello() if words["ask"] == "hello" else _answered(Request(words), words["ask"], tell)
    except (WrongCommand, ProfileFault, Surroundings) as trouble:
        said = {"trouble": str(trouble)}
    except Exception as fault:  # noqa: BLE001 - the last door: whatever is left is a fault of ours, and is told as one
        said = {"trouble": fault_sentence(fault)}
    # A name may hold half characters, which JSON takes and a page does not.
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace").decode()


def _answered(request: Request, asked: str, tell: Tell | None) -> dict[str, Any]:
    # What writes workbooks takes much less room in the page as files than in the memory that travels ready-made.
    from perfxl.interfaces.browser_page import many_workbooks, new_workbooks, one_workbook

    known: Mapping[str, Callable[[Request, Path, Tell], dict[str, Any]]] = {
        "check": one_workbook.checked,
        "mend": one_workbook.repaired,
        "batch": many_workbooks.regenerated,
        "new": new_workbooks.blank,
        "carry": new_workbooks.carried,
        "own": own_files.added,
    }
    return known[asked](request, request.home, tell)


def _hello() -> dict[str, Any]:
    """Return what the page offers to choose from, and the bytes that a workbook may have."""
    return {"version": perfxl.__version__, "largest": MAX_FILE, **own_files.offered(catalog.home())}
