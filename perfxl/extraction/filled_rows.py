"""Which rows of the lists hold something, and what merged cells say of each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from perfxl.extraction.cell_map import FormLayout, Grid, Input, Spot
from perfxl.extraction.form_integrity import Scope
from perfxl.extraction.rows_of_items import Shown, is_own
from perfxl.model import addresses
from perfxl.model.addresses import Range
from perfxl.model.invisible_characters import is_blank
from perfxl.model.record import Place
from perfxl.model.remark import Remark
from perfxl.workbook.cells import Cell, Kind, SheetCells

Kept = Sequence[Sequence[int]]
"""The numbers of the rows of each list in which somebody typed something, from 0 on."""

_FEW = 16

FAILED = frozenset(("uncached", "error", "external"))
"""How a value came about that says nothing, or nothing certain, where it follows from the row anyhow."""


class Filled(NamedTuple):
    """A scope as it is read: its sheets with the value of merged cells in each of the rows that they cover.

    `told` is what is to be said of that; `seen` leads from cells that a merge hides to the one that people see.
    """

    scope: Scope
    kept: Kept
    told: tuple[Remark, ...]
    seen: Mapping[Place, Place]


def filled(scope: Scope, shown: Shown = MappingProxyType({})) -> Filled:
    """Return the rows of a scope that hold something. A value in cells merged over rows counts for each of the rows.

    A row with nothing but formulas counts where these are not the form's own, which give what is `shown` of the items.
    """
    if scope.strays:
        sheets = {title: _without(sheet, scope.strays.get(title, ())) for title, sheet in scope.sheets.items()}
        scope = scope._replace(sheets=sheets)
    kept = _rows_kept(scope, shown)
    told: list[Remark] = []
    seen: dict[Place, Place] = {}
    changed: dict[str, SheetCells] = {}
    for title, grid in scope.layout.grids.items():
        sheet = scope.sheets[title]
        if crossings := scope.layout.crossings(title, sheet.merged):
            spread: dict[Spot, Cell] = {}
            for at, spots in crossings:
                merge = _Merge(at, sheet, grid, scope.layout, title, kept)
                told += merge.remarks(spots, spread)
                seen |= merge.seen(spots)
            changed[title] = sheet._replace(cells={**sheet.cells, **spread})
    if changed:
        scope = scope._replace(sheets={**scope.sheets, **changed})
    return Filled(scope, kept, tuple(told), seen)


def _without(sheet: SheetCells, spots: Iterable[Spot]) -> SheetCells:
    left = set(spots)
    return (
        sheet._replace(cells={spot: cell for spot, cell in sheet.cells.items() if spot not in left}) if left else sheet
    )


def _rows_kept(scope: Scope, shown: Shown) -> Kept:
    kept: list[set[int]] = [set() for _ in scope.layout.standing]
    for title, grid in scope.layout.grids.items():
        known = grid.rows.get
        for spot, (value, _, kind) in scope.sheets[title].cells.items():
            if (hits := known(spot)) is None:
                continue
            if kind == "typed":
                if value is not None and (type(value) is not str or not _is_blank(value)):
                    for number, offset, _ in hits:
                        kept[number].add(offset)
                continue
            for number, offset, column in hits:
                if not _is_computed(kind, column) or (kind == "formula" and is_own(value, column.name, shown)):
                    kept[number].add(offset)
    return [sorted(numbers) for numbers in kept]


def _is_blank(text: str) -> bool:
    # What shows nothing and is no ordinary blank is a few characters at most, and most cells hold more.
    return not text.strip() or (len(text) < _FEW and not text.isprintable() and is_blank(text))


def _is_computed(kind: Kind, column: Input) -> bool:
    """Whether a cell of a column that nobody typed into holds the form's own formula."""
    if column.follows:
        return kind == "formula" or kind in FAILED
    return column.formula and kind in ("formula", "uncached", "error")


class _Merge:
    """Cells that somebody merged although some of them are inputs by themselves."""

    def __init__(self, at: Range, sheet: SheetCells, grid: Grid, layout: FormLayout, title: str, kept: Kept) -> None:
        self._at = at
        self._sheet = sheet
        self._grid = grid
        self._fields = {spot: each for fields, _ in layout.blocks for each, on, spot in fields if on == title}
        self._plain = {standing.number for standing in layout.standing if standing.rows.plain}
        self._kept = kept
        self._top = at.top, at.left
        self._place = Place(sheet.title, at.first)

    def remarks(self, spots: Iterable[Spot], spread: dict[Spot, Cell]) -> Iterator[Remark]:
        """Return what is to be said of the inputs at `spots`, and put into `spread` what counts for other rows."""
        hidden: list[Input] = []
        label = ""
        for spot, column in self._inputs(spots):
            if self._says_the_same(spot, column):
                if (cell := self._sheet.cells.get(self._top)) is not None:
                    spread[spot], label = cell, column.field.label
            elif not column.derived:
                hidden.append(column)
        if hidden:
            labels = "”“".join(dict.fromkeys(each.field.label for each in hidden))
            required = any(each.field.required for each in hidden)
            words = {"label": labels, "merged": str(self._at)}
            yield Remark("T20", (), words, self._place, severity="error" if required else "warning")
        elif label:
            yield Remark("T21", (), {"label": label, "merged": str(self._at)}, self._place)

    def seen(self, spots: Iterable[Spot]) -> dict[Place, Place]:
        """Return the cells at `spots` that hold an input, each with the one that people see."""
        hidden = (spot for spot, _ in self._inputs(spots))
        return {Place(self._sheet.title, addresses.cell(*spot)): self._place for spot in hidden}

    def _inputs(self, spots: Iterable[Spot]) -> Iterator[tuple[Spot, Input]]:
        """Return the hidden inputs among `spots`: of lists those in rows that hold something."""
        for spot in spots:
            if spot == self._top:
                continue
            if (field := self._fields.get(spot)) is not None:
                yield spot, field
            for number, offset, column in self._grid.rows.get(spot, ()):
                if offset in self._kept[number]:
                    yield spot, column

    def _says_the_same(self, spot: Spot, column: Input) -> bool:
        """Whether an input is in the column of a list in which the merged cells begin, further down."""
        hits = self._grid.rows.get(self._top, ())
        return spot[1] == self._at.left and any(column is each for number, _, each in hits if number not in self._plain)
