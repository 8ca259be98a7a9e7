"""A table that goes on over the end of a page: one table again, with the row that the page parted put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfxl.document_import.blocks import WordCell, WordRow, WordTable
from perfxl.document_import.label_text import compact
from perfxl.document_import.pdf_lines import Line, goes_on

Ends = dict[WordCell, tuple[Line, float]]
"""The last line of each cell, and how wide a line of it may be."""


def continue_table(
    before: WordTable, rows: Sequence[WordRow], begins: Mapping[WordCell, Line], ended: Ends, ends: Ends
) -> None:
    """Add `rows`, those of the next page, to the table `before`.

    `begins` are the first lines of their cells, `ended` the last lines on the page before, `ends` those on this one.
    """
    repeated = len(before.rows) > 1 and len(rows) > 1 and _texts(rows[0]) == _texts(before.rows[0])
    at = 1 if repeated else 0
    above, row = before.rows[-1], rows[at]
    same: dict[WordCell, WordCell] = {}
    parted = _is_parted(above, row, begins, ended)
    if parted:
        for old, new in zip(above.cells, row.cells, strict=True):
            _join(old, new, begins, ended, ends)
            same[new] = old
    elif not repeated:
        old, new = above.cells[0], row.cells[0]
        continued = new in begins and old in ended and old.rows > 1 and _is_full(ended[old], begins[new])
        if (old.column, old.right) == (new.column, new.right) and (not new.text or continued):
            _join(old, new, begins, ended, ends)
            same[new] = old
    moved: set[WordCell] = set()
    for each in rows:
        if not (parted and each is row):
            _add_row(before, each, same, moved)


def _add_row(before: WordTable, row: WordRow, same: Mapping[WordCell, WordCell], moved: set[WordCell]) -> None:
    """Add a row, with cells that go on from the page before in the place of their continuations."""
    number = len(before.rows)
    cells = []
    for cell in row.cells:
        if cell in same:
            old = same[cell]
            old.rows = number - old.row + 1
            cells.append(old)
        else:
            # A cell that covers several rows begins in the first of them.
            if cell not in moved:
                cell.row = number
                moved.add(cell)
            cells.append(cell)
    before.rows.append(WordRow(number, tuple(cells)))


def _is_parted(above: WordRow, row: WordRow, begins: Mapping[WordCell, Line], ended: Ends) -> bool:
    """Whether a row is the rest of the one above: where it has text that goes on, and where it is blank that was none.

    A row of its own has text in most of the columns in which the one above has some.
    """
    if [(cell.column, cell.right) for cell in above.cells] != [(cell.column, cell.right) for cell in row.cells]:
        return False
    if len(row.cells) == 2:
        return not row.cells[0].text and row.cells[1] in begins
    pairs = [(old, new) for old, new in zip(above.cells, row.cells, strict=True) if new in begins]
    if not pairs or any(old not in ended for old, _ in pairs):
        return False
    blank = sum(1 for old, new in zip(above.cells[1:], row.cells[1:], strict=True) if old.text and not new.text)
    inner = [(old, new) for old, new in pairs if new is not row.cells[0]]
    full = sum(_is_full(ended[old], begins[new]) for old, new in inner)
    if blank < 2:
        return full == len(inner) and (blank > 0 or full > 2)
    return full > 0 and full * 2 >= len(inner)


def _join(old: WordCell, new: WordCell, begins: Mapping[WordCell, Line], ended: Ends, ends: Ends) -> None:
    if new not in begins:
        return
    if old in ended and old.text and _is_full(ended[old], begins[new]):
        old.pieces[-1].text += new.pieces.pop(0).text
    old.pieces += new.pieces
    if new in ends:
        ends[old] = ends[new]


def _is_full(ended: tuple[Line, float], line: Line) -> bool:
    last, room = ended
    return goes_on(last, line, room, None)


def _texts(row: WordRow) -> list[str]:
    return [compact(cell.text) for cell in row.cells]
