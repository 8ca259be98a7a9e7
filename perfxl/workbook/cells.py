"""What a reader gives: the cells of a workbook, with the defined names that say what they are."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from perfxl.model.addresses import Range

Content = str | int | float | bool | datetime | date | time | timedelta
Kind = Literal["typed", "formula", "uncached", "error", "external"]

_NO_NAMES: Mapping[str, Range | None] = {}


class Cell(NamedTuple):
    """A cell that is not blank.

    `kind` is how its value came about: typed; `formula` gave it; `uncached`: a formula whose result the file does not
    hold; `error`: #DIV/0! and its like; `external`: a formula that reaches into another workbook.
    """

    value: Content | None
    number_format: str = "General"
    kind: Kind = "typed"


class SheetCells(NamedTuple):
    """A sheet: its cells by row and column, and the names that belong to it alone.

    A name whose cells were deleted leads to None.
    """

    title: str
    cells: Mapping[tuple[int, int], Cell]
    names: Mapping[str, Range | None] = _NO_NAMES


class Cells(NamedTuple):
    """A workbook, sheets in the order of their tabs. `names` are those of the workbook, with the title of their sheet.

    `type_id` and `version` are what the file says of itself; empty and 0 where it says nothing.
    """

    type_id: str
    version: int
    sheets: tuple[SheetCells, ...]
    names: Mapping[str, tuple[str, Range] | None]
