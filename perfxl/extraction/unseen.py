"""What is printed although people do not see it on the sheet, or see it struck out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from perfxl.extraction.cell_map import Input, Spot
from perfxl.extraction.cell_values import displayed
from perfxl.extraction.form_integrity import Scope
from perfxl.model import addresses
from perfxl.model.record import Place
from perfxl.model.remark import Remark
from perfxl.workbook.cells import SheetCells


def remarks_on_unseen(scope: Scope, kept: Sequence[Sequence[int]]) -> Iterator[Remark]:
    """Return what of the filled inputs is on hidden sheets, in hidden rows and columns, or struck out.

    `kept` are the numbers of the rows of each list that hold something.
    """
    for title in scope.layout.grids:
        sheet = scope.sheets[title]
        if not (sheet.hidden or sheet.hidden_rows or sheet.hidden_columns or sheet.struck):
            continue
        filled = list(_filled(scope, title, sheet, kept))
        if sheet.hidden and filled:
            yield Remark("T16", (), {"sheet": sheet.title}, Place(sheet.title))
        if where := _hidden(sheet, [spot for _, spot in filled]):
            yield Remark("T17", (), {"sheet": sheet.title, "where": where}, Place(sheet.title))
        for asked, spot in filled:
            if spot in sheet.struck:
                words = {"label": asked.field.label, "value": sheet.struck[spot] or displayed(sheet.cells[spot])}
                yield Remark("T19", (), words, Place(sheet.title, addresses.cell(*spot)))


def _filled(scope: Scope, title: str, sheet: SheetCells, kept: Sequence[Sequence[int]]) -> Iterator[tuple[Input, Spot]]:
    """Return those inputs on a sheet, with their spots, that somebody filled in and nobody sees, or sees struck out.

    Every form has hidden rows and columns without a word in them, so what is seen is left out first.
    """
    for asked, spot in _unseen(scope, title, sheet, kept):
        cell = sheet.cells.get(spot)
        if cell is not None and not (asked.derived and cell.kind != "typed") and displayed(cell).strip():
            yield asked, spot


def _unseen(scope: Scope, title: str, sheet: SheetCells, kept: Sequence[Sequence[int]]) -> Iterator[tuple[Input, Spot]]:
    rows, struck = sheet.hidden_rows, sheet.struck
    hidden: dict[int, bool] = {}  # by column

    def is_hidden(column: int) -> bool:
        if column not in hidden:
            hidden[column] = sheet.hidden or any(first <= column <= last for first, last in sheet.hidden_columns)
        return hidden[column]

    for fields, _ in scope.layout.blocks:
        for field, on, spot in fields:
            if on == title and (spot[0] in rows or spot in struck or is_hidden(spot[1])):
                yield field, spot
    for standing in scope.layout.standing:
        for column in standing.columns:
            if column.title != title:
                continue
            if struck or is_hidden(column.left):
                found: Iterable[int] = kept[standing.number]
            else:
                found = [offset for offset in kept[standing.number] if column.top + offset in rows]
            for offset in found:
                yield column.input, (column.top + offset, column.left)


def _hidden(sheet: SheetCells, spots: Iterable[Spot]) -> str:
    """Return the hidden rows and columns in which some of `spots` are, in words: `第24—26行、E列`; empty for none."""
    rows = sorted({row for row, _ in spots if row in sheet.hidden_rows})
    columns = sorted(
        {column for _, column in spots if any(first <= column <= last for first, last in sheet.hidden_columns)}
    )
    found = [f"第{first}行" if first == last else f"第{first}—{last}行" for first, last in _runs(rows)]
    return "、".join((*found, *(f"{addresses.column_letters(column)}列" for column in columns)))


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Return the first and the last of numbers that follow one another."""
    for _, run in groupby(enumerate(numbers), key=lambda item: item[1] - item[0]):
        members = [number for _, number in run]
        yield members[0], members[-1]
