"""Reads a PDF that has a text layer as paragraphs and tables, as far as its lines and margins tell.

A table that goes on over pages is a table on each of them; whoever places its rows knows how to go on. A paragraph and
a row that the end of a page parted are put together here, because only here is known that a page ended.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from perfxl.document_import.blocks import Block, Document, WordCell, WordParagraph, WordRow, WordTable
from perfxl.document_import.label_text import compact
from perfxl.document_import.pdf_continuation import continue_table
from perfxl.document_import.pdf_lines import Line, goes_on, is_leader, joined, lines, paragraphs
from perfxl.document_import.pdf_page import Page, PdfRun, pages
from perfxl.document_import.pdf_tables import Box, PdfGrid, grids

_PADDING = 10.8  # points to the left and right of the text of a cell, by Word's default
_PAGE_NUMBER = re.compile(r"[-—–·第共页/\s]*\d{1,4}[-—–·第共页/\d\s]*")
_EDGE = 0.12  # of the height of a page, in which headers and footers stand
_STEP = 6  # points, in which the ends of lines are counted
_SAME = 4  # points between the edges of one table on two pages
_MANY = 3  # pages from which on a text on most of them is a header or footer


def read(data: bytes) -> Document:
    """Return the document that the PDF `data` shows. Raises `Unreadable`."""
    found = list(pages(data))
    reader = _Reader(found)
    for page in found:
        reader.add(page)
    return Document(reader.blocks, reader.around)


class _Reader:
    """Reads pages in their order; paragraphs and rows may go on from one to the next."""

    def __init__(self, found: Sequence[Page]) -> None:
        counts: Counter[str] = Counter()
        left: Counter[int] = Counter()
        right: Counter[int] = Counter()
        for page in found:
            shown = lines(page.runs)
            counts.update({compact(line.text) for line in _edges(page, shown)})
            left.update(round(line.x) for line in shown)
            right.update(round(line.end / _STEP) for line in shown if not is_leader(line.text))
        self._running = {text for text, count in counts.items() if count >= _MANY and count * 2 > len(found)}
        # Of the places where lines begin, the leftmost common one: most lines of a paragraph begin there.
        common = [x for x, count in left.items() if count * 20 > sum(left.values())]
        self._left = float(min(common, default=0))
        # Full lines end at the margin, or a sign before it; what goes beyond is no line of a paragraph.
        often = [end for end, count in right.items() if count > 2 and count * 50 > sum(right.values())]
        self._right = float(max(often, default=max(right, default=0))) * _STEP
        self._line: Line | None = None
        self._ends: dict[WordCell, tuple[Line, float]] = {}
        self.blocks: list[Block] = []
        self.around: list[WordParagraph] = []

    def add(self, page: Page) -> None:
        """Add what stands on the next page."""
        running = {line.y for line in _edges(page, lines(page.runs)) if self._is_running(line)}
        for line in lines([run for run in page.runs if run.y in running]):
            upper = line.y > page.height / 2
            self.around.append(WordParagraph(line.text, source="header" if upper else "footer", page=page.number))
        found = grids(page.strokes)
        inside: dict[Box, list[PdfRun]] = {box: [] for grid in found for box in grid.boxes}
        free: list[PdfRun] = []
        for run in page.runs:
            box = _box(found, run)
            if run.y not in running:
                (free if box is None else inside[box]).append(run)
        rest = lines(free)
        first = True
        for grid in found:
            above = [line for line in rest if line.y > grid.bottom]
            rest = rest[len(above) :]
            self._add_paragraphs(above, page.number)
            self._add_table(grid, inside, page.number, first and not above)
            first = False
        self._add_paragraphs(rest, page.number)

    def _is_running(self, line: Line) -> bool:
        return compact(line.text) in self._running or _PAGE_NUMBER.fullmatch(line.text) is not None

    def _add_paragraphs(self, found: Sequence[Line], page: int) -> None:
        room = self._right - self._left
        for number, paragraph in enumerate(paragraphs(found, room, self._left)):
            last = self.blocks[-1] if self.blocks else None
            ended = self._line
            open_end = None if number or not isinstance(last, WordParagraph) else ended
            if open_end and isinstance(last, WordParagraph) and goes_on(open_end, paragraph[0], room, self._left):
                last.text += joined(paragraph)
                self._line = paragraph[-1]
                continue
            self.blocks.append(WordParagraph(joined(paragraph), page=page))
            self._line = paragraph[-1]

    def _add_table(self, grid: PdfGrid, inside: dict[Box, list[PdfRun]], page: int, first: bool) -> None:
        """Add a table; the first thing on a page goes on with the table that was the last one before, if it fits it."""
        begins: dict[WordCell, Line] = {}
        ends: dict[WordCell, tuple[Line, float]] = {}
        cells: dict[Box, WordCell] = {}
        for box in grid.boxes:
            shown = lines(inside[box])
            room = box.right - box.left - _PADDING
            pieces = [WordParagraph(joined(each), page=page) for each in paragraphs(shown, room)]
            # Places on the paper are columns as good as any, and the same on every page.
            left, right = round(box.left), round(box.right)
            cells[box] = cell = WordCell(box.row, left, right - left, pieces or [WordParagraph("", page=page)], [])
            cell.rows = box.rows
            if shown:
                begins[cell], ends[cell] = shown[0], (shown[-1], room)
        rows = [
            WordRow(
                number,
                tuple(
                    cells[box]
                    for box in sorted(grid.boxes, key=lambda box: box.column)
                    if box.row <= number < box.row + box.rows
                ),
            )
            for number in range(grid.rows)
        ]
        before = self.blocks[-1] if self.blocks else None
        if first and isinstance(before, WordTable) and _fit(before, rows):
            continue_table(before, rows, begins, self._ends, ends)
        else:
            self.blocks.append(WordTable(rows, page))
        self._ends = ends
        self._line = None


def _fit(before: WordTable, rows: Sequence[WordRow]) -> bool:
    """Whether two tables have the same edges."""
    one, other = before.rows[-1].cells, rows[0].cells
    return abs(one[0].column - other[0].column) < _SAME and abs(one[-1].right - other[-1].right) < _SAME


def _edges(page: Page, found: Sequence[Line]) -> list[Line]:
    """Return the first and the last line of a page, where they stand at its edge."""
    outer = (*found[:1], *found[-1:])
    return [line for line in outer if not _EDGE * page.height < line.y < (1 - _EDGE) * page.height]


def _box(found: Sequence[PdfGrid], run: PdfRun) -> Box | None:
    """Return the cell in which a run begins."""
    middle = run.y + 0.3 * run.size
    for grid in found:
        if grid.left <= run.x <= grid.right and grid.bottom <= middle <= grid.top:
            return next((box for box in grid.boxes if box.holds(run.x, middle)), None)
    return None
