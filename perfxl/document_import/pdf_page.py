"""What stands on the pages of a PDF: runs of text with their places, and the lines that are drawn.

The only module here that knows the PDF library. Coordinates are in points, from the lower left corner of the page.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from perfxl.document_import.blocks import Unreadable

MAX_PAGES = 2_000
_SECONDS_A_PAGE = 5.0  # a dense page takes 0.1
_THIN = 3.0  # points: a rectangle that is no thicker is a line
_MOST_RUNS = 200_000  # on a page

_Matrix = list[float]


class PdfRun(NamedTuple):
    """Text in a line: where it begins, its base line, its size."""

    x: float
    y: float
    size: float
    text: str

    @property
    def end(self) -> float:
        return self.x + width(self.text) * self.size


class Stroke(NamedTuple):
    """A line that is drawn, horizontal or vertical: `at` is its y or x, and it goes from `start` to `end`."""

    horizontal: bool
    at: float
    start: float
    end: float


class Page(NamedTuple):
    """A page, counted from 1."""

    number: int
    height: float
    runs: list[PdfRun]
    strokes: list[Stroke]


def width(text: str) -> float:
    """Return how wide a text is, in its own size: Chinese characters 1, others a half."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def pages(data: bytes) -> Iterator[Page]:
    """Yield the pages of a PDF. Raises `Unreadable` where it is encrypted, damaged, too long, or takes for ever."""
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("W02")
        count = len(reader.pages)
        if count > MAX_PAGES:
            raise Unreadable("W04", size=len(data) // 2**20)
        for number in range(count):
            yield _page(reader.pages[number], number + 1)
    except Unreadable:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, OSError,
            RecursionError, NotImplementedError, ArithmeticError, MemoryError, LookupError) as fault:  # fmt: skip
        # Whatever a damaged file makes the library stumble over, it says by an exception of one of these kinds.
        raise Unreadable("W03") from fault


def _page(page: Any, number: int) -> Page:
    box = page.mediabox
    found = Page(number, float(box.top), [], [])
    drawing = _Drawing(found.strokes)
    late = time.monotonic() + _SECONDS_A_PAGE

    def operand(operator: bytes, operands: Any, matrix: _Matrix, _text: _Matrix) -> None:
        if time.monotonic() > late:
            raise Unreadable("W03")
        drawing.follow(operator, operands, matrix)

    def text(words: str, matrix: _Matrix, place: _Matrix, font: Any, size: float | None) -> None:
        if font is None and not words.strip():
            return  # a gap that the library takes for a blank; blanks that were typed have a font (pypdf 7.1)
        words = words.replace("\n", "").replace("\r", "").replace("\x00", "")
        if not words or len(found.runs) > _MOST_RUNS:
            return
        x, y = _at(matrix, place[4], place[5])
        scale = abs(place[3]) * abs(matrix[3]) or abs(place[1]) or 1.0
        found.runs.append(PdfRun(x, y, max(1.0, float(size or 0) * scale), words))

    page.extract_text(visitor_operand_before=operand, visitor_text=text)
    return found


class _Drawing:
    """Follows the path that is being drawn, and keeps its straight lines once it is painted."""

    def __init__(self, strokes: list[Stroke]) -> None:
        self._strokes = strokes
        self._path: list[Stroke] = []
        self._here = (0.0, 0.0)

    def follow(self, operator: bytes, operands: Any, matrix: _Matrix) -> None:
        if operator == b"m":
            self._here = _at(matrix, float(operands[0]), float(operands[1]))
        elif operator == b"l":
            there = _at(matrix, float(operands[0]), float(operands[1]))
            self._line(self._here, there)
            self._here = there
        elif operator == b"re":
            x, y, wide, high = (float(each) for each in operands[:4])
            self._rectangle(_at(matrix, x, y), _at(matrix, x + wide, y + high))
        elif operator in (b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"):
            self._strokes += self._path
            self._path = []
        elif operator == b"n":
            self._path = []

    def _line(self, one: tuple[float, float], other: tuple[float, float]) -> None:
        (x1, y1), (x2, y2) = one, other
        if abs(y1 - y2) < _THIN and abs(x1 - x2) > _THIN:
            self._path.append(Stroke(True, (y1 + y2) / 2, min(x1, x2), max(x1, x2)))
        elif abs(x1 - x2) < _THIN and abs(y1 - y2) > _THIN:
            self._path.append(Stroke(False, (x1 + x2) / 2, min(y1, y2), max(y1, y2)))

    def _rectangle(self, one: tuple[float, float], other: tuple[float, float]) -> None:
        (x1, y1), (x2, y2) = one, other
        wide, high = abs(x1 - x2), abs(y1 - y2)
        if high < _THIN or wide < _THIN:
            middle = ((x1 + x2) / 2, (y1 + y2) / 2)
            if wide > high:
                self._line((x1, middle[1]), (x2, middle[1]))
            else:
                self._line((middle[0], y1), (middle[0], y2))
        else:
            for start, end in (((x1, y1), (x2, y1)), ((x1, y2), (x2, y2)), ((x1, y1), (x1, y2)), ((x2, y1), (x2, y2))):
                self._line(start, end)


def _at(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = (float(each) for each in matrix)
    return a * x + c * y + e, b * x + d * y + f
