"""The sheet of an imported form that holds what of the document has no field in it, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfxl.model.addresses import Range
from perfxl.report_type.model import UNPLACED_SHEET
from perfxl.workbook.form.cell_styles import height, style
from perfxl.workbook.form.xlsx_writer import FormBook

_WIDTHS = (6.0, 40.0, 100.0)
_LONGEST = 32_000  # UTF-16 units, a little fewer than a cell holds
_FIRST = 4


class Unplaced(NamedTuple):
    """What is told of an imported document: the figure in a sentence, and texts with the places where they stand.

    `left` has no field in the form, `labels` were taken for headings and labels, which the form has of its own.
    """

    summary: str
    left: Sequence[tuple[str, str]]
    labels: Sequence[tuple[str, str]]


def write(book: FormBook, code_name: str, unplaced: Unplaced) -> None:
    """Write the sheet: the figure, then what is left over, then what was taken for a label."""
    pen = book.sheet(UNPLACED_SHEET, code_name)
    pen.columns(_WIDTHS)
    pen.write(Range(1, 1, 1, 3), UNPLACED_SHEET, style("title"))
    pen.write(Range(2, 1, 2, 3), unplaced.summary, style("prose"))
    pen.row(1, 36)
    pen.row(2, height(unplaced.summary, sum(_WIDTHS), style("prose")))
    row = _FIRST
    for heading, texts in (
        ("一、没有归入的内容", unplaced.left),
        ("二、认作标题、栏目名称的文字（填报表里另有，不用再填）", unplaced.labels),
    ):
        pen.write(Range(row, 1, row, 3), heading, style("section"))
        pen.row(row, 26)
        row += 1
        for column, label in enumerate(("序", "在原文的位置", "内容"), 1):
            pen.write(Range(row, column, row, column), label, style("header"))
        row += 1
        for number, (place, text) in enumerate(_pieces(texts), 1):
            look = style("cell", num_format="@")
            pen.write(Range(row, 1, row, 1), number, style("cell-centre"))
            pen.write(Range(row, 2, row, 2), place, look)
            pen.write(Range(row, 3, row, 3), text, look)
            pen.row(row, max(height(place, _WIDTHS[1], look), height(text, _WIDTHS[2], look)))
            row += 1
        row += 1
    pen.screen(100)
    pen.paper(None, True, None)


def _pieces(texts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield texts in pieces that a cell holds, each with its place."""
    for place, text in texts:
        yield place, text[: _LONGEST // 2]
        for at in range(_LONGEST // 2, len(text), _LONGEST // 2):
            yield f"{place}（续）", text[at : at + _LONGEST // 2]
