"""The structure of a workbook: where the defined names lead, and what in it has lost its place."""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from perfxl.extraction.cell_map import FormLayout, Grid, Located, SheetPart, Spot, plain
from perfxl.extraction.cell_values import displayed
from perfxl.extraction.realignment import Shifted, aligned
from perfxl.model.addresses import cell
from perfxl.model.invisible_characters import is_blank
from perfxl.model.record import Place
from perfxl.model.remark import Remark, Severity
from perfxl.report_type.model import LIST_SHEET, MARKS_NAME, THEN_NAME, UNPLACED_SHEET, ReportType
from perfxl.workbook.cells import Cells, SheetCells
from perfxl.workbook.reading.defined_names import plain as plain_name
from perfxl.workbook.reading.defined_names import under_names

# A sheet that shows this share of a form's labels is taken for a copy of it that lost its names.
_LOOKS_ALIKE = 0.6
_values = itemgetter(0)
_NONE: Mapping[str, frozenset[Spot]] = {}


class Scope(NamedTuple):
    """Where the inputs of the form, or of one item, stand.

    `title` is the sheet of an item, empty for the form as a whole; `sheets` are those that `layout` speaks of.
    `strays` are spots among the inputs of lists, by sheet, that hold texts of the form, and `shifted` the columns that
    were pushed to other rows.
    """

    title: str
    part: SheetPart
    layout: FormLayout
    sheets: Mapping[str, SheetCells]
    strays: Mapping[str, frozenset[Spot]] = _NONE
    shifted: tuple[Shifted, ...] = ()


def common_scope(cells: Cells, part: SheetPart) -> Scope:
    """Return where the inputs stand that the workbook has once, on whatever sheets they are now."""
    sheets = {sheet.title: sheet for sheet in cells.sheets}
    found = under_names(cells.names, part.names)
    return _scope("", part, tuple(None if at is None or at[0] not in sheets else at for at in found), sheets)


def item_scopes(cells: Cells, part: SheetPart) -> Iterator[Scope]:
    """Return where the inputs of each item stand, in the order of the tabs."""
    prefix = plain_name(part.each + ".")
    for sheet in cells.sheets:
        if any(plain_name(name).startswith(prefix) for name in sheet.names):
            found = under_names(sheet.names, part.names)
            yield _scope(sheet.title, part, tuple(None if at is None else ("", at) for at in found), {"": sheet})


def _scope(title: str, part: SheetPart, named: Located, sheets: Mapping[str, SheetCells]) -> Scope:
    """Return where the inputs stand whose names lead to the cells `named`."""
    located, strays, shifted = aligned(part, named, sheets)
    layout = part.layout(located, {each: sheet.cells for each, sheet in sheets.items()})
    return Scope(title, part, layout, sheets, strays, shifted)


def remarks_on_type(cells: Cells, known: Mapping[str, str], version: int | None) -> Remark | None:
    """Return why a workbook cannot be read as a report at all, or with doubts: of no type, unknown, of other version.

    `known` are titles by type id; `version` is that of the type, where it is known.
    """
    if not cells.type_id or cells.type_id not in known:
        return Remark("T01", words={"type": cells.type_id or "没有标记", "known": "、".join(known.values())})
    if version is not None and cells.version != version:
        code = "T02" if cells.version < version else "T03"
        return Remark(code, words={"version": cells.version, "current": version})
    return None


def resembles(cells: Cells, known: Iterable[ReportType]) -> bool:
    """Whether a workbook without a mark looks like a form that has lost it: by the labels that stand on its sheets."""
    texts = {
        plain(displayed(cell)) for sheet in cells.sheets for cell in sheet.cells.values() if isinstance(cell.value, str)
    }
    for report_type in known:
        labels = {plain(each.label) for sheet in report_type.sheets for each in sheet.inputs()}
        if len(labels & texts) >= _LOOKS_ALIKE * len(labels):
            return True
    return False


def remarks_on_structure(
    cells: Cells, report_type: ReportType, read: Sequence[Scope], every: Sequence[Scope]
) -> Iterator[Remark]:
    """Return what has lost its place: inputs that are gone, changed labels, text outside the form, strange sheets.

    Of `every` place those are `read` where somebody typed; the others are looked through for text outside.
    """
    for scope in read:
        yield from _gone(scope, cells.version)
        yield from _labels(scope)
        yield from _shifts(scope)
    placed: dict[str, tuple[SheetCells, list[tuple[SheetPart, Grid]]]] = {}
    for scope in every:
        for title, grid in scope.layout.grids.items():
            sheet = scope.sheets[title]
            placed.setdefault(sheet.title, (sheet, []))[1].append((scope.part, grid))
    for sheet, inputs in placed.values():
        yield from _outside(sheet, inputs)
    yield from _strange_sheets(cells, report_type, placed)


def _gone(scope: Scope, version: int) -> Iterator[Remark]:
    """Return the required inputs that a form of this `version` had once and has no more."""
    if not scope.layout.gone:
        return
    for sheet in scope.part.sheets:
        for field in sheet.inputs():
            if field.name in scope.layout.gone and field.required and field.since <= version:
                yield Remark("T04", (), {"label": field.label}, Place(scope.title or sheet.name))


def _labels(scope: Scope) -> Iterator[Remark]:
    """Return labels that are not there any more."""
    texts: dict[str, set[str]] = {}
    changed = {
        title
        for title, grid in scope.layout.grids.items()
        if not grid.labels.issubset(map(_values, scope.sheets[title].cells.values()))
    }
    if not changed:
        return
    for each, title, at in scope.layout.found:
        field = each.field
        if field.label_at is None or title not in changed:
            continue
        sheet = scope.sheets[title]
        if title not in texts:
            texts[title] = {plain(content.value) for content in sheet.cells.values()}
        if plain(field.label) in texts[title]:
            continue
        stayed = (at.top, at.left) == (field.at.top, field.at.left)
        yield Remark("T05", (), {"label": field.label}, Place(sheet.title, field.label_at.first if stayed else ""))


def _shifts(scope: Scope) -> Iterator[Remark]:
    """Return the columns of lists that were pushed to other rows than the rest of their list."""
    for each in scope.shifted:
        words = {"label": each.input.field.label, "cells": str(each.at), "others": str(each.others)}
        yield Remark("T22", (), words, Place(scope.sheets[each.title].title, each.at.first))


def _outside(sheet: SheetCells, inputs: Sequence[tuple[SheetPart, Grid]]) -> Iterator[Remark]:
    """Return what was typed beside the inputs, where it would be lost."""
    cells = sheet.cells
    places = set(cells)
    texts: frozenset[str] = frozenset()
    numbered: frozenset[int] = frozenset()
    for part, grid in inputs:
        places = places.difference(grid.inside)  # `-=` goes through all that is inside
        texts = texts | part.texts if texts else part.texts
        numbered = numbered | part.numbered if numbered else part.numbered
    strange = set()
    stops = [_Stops(sheet, part, grid) for part, grid in inputs]
    for place in places:
        value, _, kind = cells[place]
        if kind in ("typed", "picture") and value not in texts:
            # Nearly all that are left are numbers of rows.
            is_number = type(value) is int and value >= 0 and place[1] in numbered
            if not is_number and _is_strange(place, sheet, inputs):
                strange.add(place)
    if strange:
        for place in filter(strange.__contains__, cells):  # in their order
            severity: Severity | None = "error" if any(stop.is_beside(place) for stop in stops) else None
            words = {"value": displayed(cells[place]) or "图片"}
            yield Remark("T06", (), words, Place(sheet.title, cell(*place)), severity=severity)


class _Stops:
    """Where a list ends for the eye: the rows of each column in which something of the form stands."""

    def __init__(self, sheet: SheetCells, part: SheetPart, grid: Grid) -> None:
        self._sheet, self._part, self._grid = sheet, part, grid
        self._rows: dict[int, list[int]] | None = None

    def is_beside(self, place: Spot) -> bool:
        """Whether a cell outside the inputs is where people would write what belongs to a list, and the document lack
        it.

        That is in one of its rows, or above or below them in one of its columns, with nothing else of the form in
        between.
        """
        row, column = place
        for at in self._grid.lists:
            if at.top <= row <= at.bottom:
                return True
            if at.left <= column <= at.right:
                first, last = (at.bottom + 1, row) if row > at.bottom else (row + 1, at.top)
                if not self._is_between(column, first, last):
                    return True
        return False

    def _is_between(self, column: int, first: int, last: int) -> bool:
        """Whether something of the form stands in a column, from the first row on to before the last."""
        if self._rows is None:
            self._rows = {}
            texts = self._part.plain_texts
            of_form = (spot for spot, content in self._sheet.cells.items() if plain(content.value) in texts)
            for number, across in sorted({*self._grid.inside, *of_form}):
                self._rows.setdefault(across, []).append(number)
        rows = self._rows.get(column, [])
        at = bisect_left(rows, first)
        return at < len(rows) and rows[at] < last


def _is_strange(place: Spot, sheet: SheetCells, inputs: Sequence[tuple[SheetPart, Grid]]) -> bool:
    """Whether a cell outside the inputs holds neither a text of the form, nor a mark, nor the number of a row."""
    text = displayed(sheet.cells[place])
    if text.isdigit() and any(place[1] in part.numbered for part, _ in inputs):
        return False
    if (is_blank(text) and sheet.cells[place].kind != "picture") or any(
        plain(text) in part.plain_texts for part, _ in inputs
    ):
        return False
    of_checks = under_names(sheet.names, (MARKS_NAME, THEN_NAME))
    return not any(found is not None and found.holds(place) for found in of_checks)


def _strange_sheets(cells: Cells, report_type: ReportType, read: Container[str]) -> Iterator[Remark]:
    own = {sheet.name for sheet in report_type.sheets if not sheet.each} | {LIST_SHEET, UNPLACED_SHEET}
    for sheet in cells.sheets:
        if sheet.title in read or sheet.title in own or not sheet.cells:
            continue
        texts = {plain(content.value) for content in sheet.cells.values()}
        for described in report_type.sheets:
            labels = {plain(field.label) for field in described.inputs()}
            if described.each and len(labels & texts) >= _LOOKS_ALIKE * len(labels):
                yield Remark("T07", (), {"sheet": sheet.title}, Place(sheet.title))
                break
        else:
            yield Remark("T14", (), {"sheet": sheet.title}, Place(sheet.title))
