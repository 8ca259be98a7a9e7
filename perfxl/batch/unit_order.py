"""In which order the documents of units stand in a volume: as a list says that the office keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from perfxl.batch.control_totals import CODE_HEADERS, NAME_HEADERS, TOTAL_HEADERS, rows_of

_HEADERS = frozenset(("序号", *CODE_HEADERS, *NAME_HEADERS, *TOTAL_HEADERS))
_DIGITS = re.compile(r"(\d+)")
_SHORTEST = 2  # signs of a name; less would be found everywhere


class Named(NamedTuple):
    """What a document can be found by: its path without the end, what it is called, and the beginning of its text."""

    path: str
    title: str
    text: str


def by_path(paths: Sequence[str]) -> list[int]:
    """Return the places of paths in the order in which people count: 第2局 before 第10局."""
    return sorted(range(len(paths)), key=lambda at: [int(one) if one.isdigit() else one for one in _split(paths[at])])


def _split(path: str) -> list[str]:
    # Digits and others take turns, beginning with others, so that like is compared with like.
    return _DIGITS.split(path)


def wanted(path: Path, what: str = "次序表") -> list[tuple[str, ...]]:
    """Return what a list says of each unit, row by row: a workbook, a .csv or a text with a unit a line.

    `what` is what people call the list.

    Raises `ControlFault` where it is none of them, `Surroundings` where it cannot be read.
    """
    found = []
    for row in rows_of(path, what):
        cells = tuple("".join(cell.split()) for cell in row if cell.strip())
        if cells and not set(cells) & _HEADERS:
            found.append(cells)
    return found


def arranged(documents: Sequence[Named], units: Sequence[Sequence[str]]) -> tuple[list[int], list[str]]:
    """Return the places of documents in the order of the units, those of no unit behind them, and the units without.

    A unit is found by its code or name: the name of the file, what the document is called, what it says.
    """
    left = dict.fromkeys(range(len(documents)))
    order: list[int] = []
    missing: list[str] = []
    for cells in units:
        scored = [(max(_fits(documents[at], cell) for cell in cells), -at) for at in left]
        best, place = max(scored, default=(0, 0))
        if best:
            order.append(-place)
            del left[-place]
        else:
            missing.append(" ".join(cells))
    return [*order, *left], missing


def _fits(document: Named, cell: str) -> int:
    """Return how well a document fits what a list says of a unit, 0 where it does not."""
    name = document.path.rpartition("/")[2]
    title = "".join(document.title.split())
    if cell in (name, title):
        return 4
    if cell.isdigit():
        near = re.search(rf"(?<!\d){cell}(?!\d)", name) or f"{cell}{title}" in document.text
        return 3 if near and len(cell) >= _SHORTEST else 0
    if len(cell) < _SHORTEST:
        return 0
    if cell in title or cell in name:
        return 2
    return 1 if title and title in cell else 0
