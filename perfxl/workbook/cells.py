"""What a reader gives: the cells of a workbook, with the defined names that say what they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from perfxl.addresses import Range

Content = str | int | float | bool | datetime | date | time | timedelta


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not blank.

    `kind` is how its value came about: typed; `formula` gave it; `uncached`: a formula whose result the file does not
    hold; `error`: #DIV/0! and its like; `external`: a formula that reaches into another workbook.
    """

    value: Content | None
    number_format: str = "General"
    kind: Literal["typed", "formula", "uncached", "error", "external"] = "typed"


@dataclass(frozen=True)
class SheetCells:
    """A sheet: its cells by row and column, and the names that belong to it alone.

    A name whose cells were deleted leads to None.
    """

    title: str
    cells: Mapping[tuple[int, int], Cell]
    names: Mapping[str, Range | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Cells:
    """A workbook, sheets in the order of their tabs. `names` are those of the workbook, with the title of their sheet.

    `type_id` and `version` are what the file says of itself; empty and 0 where it says nothing.
    """

    type_id: str
    version: int
    sheets: tuple[SheetCells, ...]
    names: Mapping[str, tuple[str, Range] | None]
