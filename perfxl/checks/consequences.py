"""One slip, one finding: what follows from something else that is said already is not said again.

Which code stands for which others, and how far around its cell, is data with its reasons (`consequences.json`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark

# How much of a path two remarks share that are about the same: the cell, its row, its group of cells, its project.
_SCOPES: Mapping[str, Callable[[FieldPath], FieldPath]] = {
    "cell": lambda path: path,
    "row": lambda path: path[:-1],
    "group": lambda path: path[:-1],
    "project": lambda path: path[:2],
}


@cache
def _table() -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
    found = json.loads((Path(__file__).parent / "consequences.json").read_text("utf-8"))
    return {
        code: tuple((scope, frozenset(codes)) for scope, codes in entry.items() if scope != "reason")
        for code, entry in found.items()
    }


_BEYOND_A_COPY = frozenset(("D08", "D05", "X01"))


def of_copies_once(remarks: Iterable[Remark], record: Record) -> list[Remark]:
    """Return `remarks` with only one on each project that is, in all but its code, a project before it.

    A sheet that was copied and not edited yet has nothing of its own to be told.
    """
    projects = record.values.get("projects", [])
    seen: list[Mapping[str, Any]] = []
    copies = set()
    for number, project in enumerate(projects):
        plain = {key: value for key, value in project.items() if key != "project_code"}
        if len(plain) > 1 and plain in seen:
            copies.add(number)
        seen.append(plain)
    if not copies:
        return list(remarks)
    told: set[Any] = set()
    kept = []
    for remark in sorted(remarks, key=lambda remark: remark.code not in _BEYOND_A_COPY):
        of = remark.path[1] if len(remark.path) > 1 and remark.path[0] == "projects" else None
        if of not in copies or of not in told:
            kept.append(remark)
        told.add(of)
    return kept


def without_consequences(remarks: Iterable[Remark], said: Iterable[Remark]) -> list[Remark]:
    """Return `remarks` without those that follow from one of those `said`."""
    table = _table()
    silent = {
        (code, scope, _SCOPES[scope](remark.path))
        for remark in said
        if remark.code in table
        for scope, codes in table[remark.code]
        for code in codes
    }
    if not silent:
        return list(remarks)
    return [
        remark
        for remark in remarks
        if not any((remark.code, scope, of(remark.path)) in silent for scope, of in _SCOPES.items())
    ]
