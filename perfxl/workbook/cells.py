"""What a reader gives: the cells of a workbook, with the defined names that say what they are."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from perfxl.model.addresses import Range

Content = str | int | float | bool | datetime | date | time | timedelta
Kind = Literal["typed", "formula", "uncached", "error", "external", "picture"]

_NO_NAMES: Mapping[str, Range | None] = {}
_NO_WORDS: Mapping[tuple[int, int], str] = {}


class Cell(NamedTuple):
    """A cell that is not blank.

    `kind` is how its value came about: typed; `formula` gave it; `uncached`: a formula whose result the file does not
    hold; `error`: #DIV/0! and its like, typed ones included; `external`: a formula that reaches into another workbook;
    `picture`: what the cell shows is a picture.
    """

    value: Content | None
    number_format: str = "General"
    kind: Kind = "typed"


class SheetCells(NamedTuple):
    """A sheet: its cells by row and column, and the names that belong to it alone.

    A name whose cells were deleted leads to None. `hidden` says that the sheet has no tab; `hidden_rows` are those that
    nobody sees, filtered ones included, and `hidden_columns` the first and the last of those that stand together.
    `merged` are the cells that were merged, each as written. `struck` has the words that are struck out in a cell, and
    no words where all of it is.
    """

    title: str
    cells: Mapping[tuple[int, int], Cell]
    names: Mapping[str, Range | None] = _NO_NAMES
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    merged: tuple[Range, ...] = ()
    struck: Mapping[tuple[int, int], str] = _NO_WORDS


class Cells(NamedTuple):
    """A workbook, sheets in the order of their tabs. `names` are those of the workbook, with the title of their sheet.

    `type_id` and `version` are what the file says of itself; empty and 0 where it says nothing. `awaits_calculation`
    says that the results of its formulas are those of whoever wrote it, and that no program has computed them.
    """

    type_id: str
    version: int
    sheets: tuple[SheetCells, ...]
    names: Mapping[str, tuple[str, Range] | None]
    awaits_calculation: bool = False
