"""The workbook of changes: one row for each, with the cells of both versions and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from perfxl.model.addresses import Range
from perfxl.pipeline.comparison.change_text import cell, verdict, what
from perfxl.pipeline.comparison.changes import KINDS, Change
from perfxl.workbook.form.cell_styles import MISSING_COLOUR, WRONG_COLOUR, height, style
from perfxl.workbook.form.xlsx_writer import FormBook

TITLE = "修改对照"
_HEADERS = ("序号", "方式", "项目", "内容", "原来的单元格", "现在的单元格", "原来", "现在", "不同之处")
_WIDTHS = (6.0, 7.0, 22.0, 26.0, 13.0, 13.0, 40.0, 40.0, 40.0)
_PROSE = (3, 4, 7, 8, 9)
_COLOURS = {"removed": WRONG_COLOUR, "changed": MISSING_COLOUR, "added": "#E2EFDA"}
_FIRST = 4
_LONGEST = 32_000  # characters, a little fewer than a cell holds
_CREATED = datetime(2000, 1, 1)  # no clock: the same input gives the same bytes


def write(old_name: str, new_name: str, changes: Sequence[Change]) -> bytes:
    """Return the workbook of the changes from the version called `old_name` to the one called `new_name`."""
    book = FormBook(TITLE, _CREATED)
    pen = book.sheet(TITLE, "Sheet1")
    last = len(_HEADERS)
    pen.columns(_WIDTHS)
    title, said = f"{TITLE}：{_text(old_name)} → {_text(new_name)}", verdict(changes)
    pen.write(Range(1, 1, 1, last), title, style("title", font_size=14, align="left"))
    pen.write(Range(2, 1, 2, last), said, style("prose"))
    pen.row(1, 28)
    pen.row(2, height(said, sum(_WIDTHS), style("prose")))
    if changes:
        for column, header in enumerate(_HEADERS, 1):
            pen.write(Range(_FIRST - 1, column, _FIRST - 1, column), header, style("header"))
    for row, change in enumerate(changes, _FIRST):
        texts = _texts(row - _FIRST + 1, change)
        for column, text in enumerate(texts, 1):
            look = style("cell" if column in _PROSE else "cell-centre", num_format="@")
            colour = _COLOURS.get(change.kind) if column == 2 else None
            pen.write(Range(row, column, row, column), text, {**look, "bg_color": colour} if colour else look)
        pen.row(row, max(height(texts[column - 1], _WIDTHS[column - 1], style("cell")) for column in _PROSE))
    pen.expect({"number_stored_as_text": [Range(_FIRST, 1, _FIRST + len(changes), last)]})
    pen.screen(100)
    pen.freeze(_FIRST - 1)
    pen.paper(None, True, _FIRST - 1 if changes else None)
    return book.close()


def _texts(number: int, change: Change) -> list[str]:
    both = change.kind in ("changed", "moved")
    places = cell(change.old_place), cell(change.new_place)
    texts = [str(number), KINDS[change.kind], change.item, change.label, *places, change.old, change.new]
    return [_text(text) for text in (*texts, what(change) if both else "")]


def _text(text: str) -> str:
    """Return a text that fits into a cell; the name of a file may hold bytes that are no text."""
    return text.encode("utf-8", "replace").decode()[:_LONGEST]
