"""The cells of a sheet's XML, taken by one regular expression that must account for every byte of the sheet's data.

Measured on workbooks of ten projects (490 kB of sheets, 7,600 cells of which 1,730 hold something), CPython 3.11: the
expression takes 1.4 ms, expat 2.4 ms with no handler at all and 5.8 ms with one, lxml 4.9 ms, calamine 4.0 ms. Most of
a form is blank cells that carry a style; they are passed over inside the expression. What stands in a cell is
understood once for all cells that look the same, and in a form most formulas do.

Sheets are written in the way that the expression knows by Excel, WPS, LibreOffice, XlsxWriter and openpyxl. Whatever
else XML would allow (prefixes, comments, blanks between tags, single quotes) is `Unusual`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache

from perfxl.addresses import Range, column_number
from perfxl.workbook.cells import Cell, Content
from perfxl.workbook.markup import MAIN, Unusual, check_text, elements, root, text_of
from perfxl.workbook.serial import is_date, moment
from perfxl.workbook.strings_xml import string_of
from perfxl.workbook.texts import reaches_outside, shown

Place = tuple[int, int]

_PREFIXES = re.compile(rb'xmlns:\w+="[^"]*"')

_BLANK = rb'(?:<c r="[A-Z]++[1-9][0-9]*+"(?: s="[0-9]++")?+(?: t="[a-zA-Z]++")?+/>)*+'
_IN_CELL = (
    rb"[^<>]*+>(?:<f[^<>]*+>(?:[^<]*+</f>)?+)?+(?:<v[^<>]*+>(?:[^<]*+</v>)?+)?+(?:<is>(?:[^<]++|<(?!/is>))*+</is>)?+"
)


@cache
def _next_cell(prefixes: bytes) -> re.Pattern[bytes]:
    """Return the expression that goes on from where it last matched.

    It goes to the next cell that is not empty (its address, and all that follows), or to the end of the data (the first
    group), or takes all the rest where it knows neither (the last group). Attributes of rows hold nothing that matters
    here, but have to be well-formed: their names do not begin as `xmlns` does, and have no prefix but `prefixes` (Excel
    writes `x14ac:dyDescent`). That one of them is given twice is the only fault of XML that passes.
    """
    row = rb'<row(?: r="[1-9][0-9]*+")?+(?: ' + prefixes + rb"(?:s|[a-w][a-zA-Z]++)=\"[ -!#-%'-;=-~]*+\")*+"
    blank_rows = rb"(?:" + row + rb"(?:/>|>" + _BLANK + rb"</row>))*+"
    return re.compile(
        _BLANK
        + rb"(?:(?:<sheetData>|</row>)" + blank_rows + rb"(?:(</sheetData>)|" + row + rb">" + _BLANK + rb"))?+"
        + rb'(?(1)|<c r="([A-Z]{1,3}[1-9][0-9]{0,6}+)"(' + _IN_CELL + rb")</c>)|(.+)",
        re.DOTALL,
    )  # fmt: skip


_END = b"</sheetData>"
_MERGES = re.compile(rb'<mergeCells(?: count="[0-9]+")?>((?:<mergeCell ref="[^"]*"/>)+)</mergeCells>')
_MERGE = re.compile(rb'ref="([^"]*)"')
_STRING = re.compile(rb'(?: s="([0-9]+)")? t="s"><v>([0-9]+)</v>')
_BODY = re.compile(
    rb'(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(?: (?:cm|vm|ph)="[0-9]+")*>'
    rb'(?:<f((?: [\w:]+="[^"<>&]*")*)(?:/>|>([^<]*)</f>))?'
    rb'(?:<v(?: xml:space="preserve")?(?:/>|>([^<]*)</v>))?(?:<is>(.*)</is>)?',
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_MOST_HIDDEN = 100_000
_LONGEST = 100_000  # bytes, of what comes before the data and after them
_LONGEST_FORMULA = 32_000  # bytes; Excel takes 8,192 characters
_SAME_FOR_ALL = frozenset((b"normal", b"array"))
_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?")


# Sheets of one form are alike in all but what people typed, within a workbook and from one unit's to the next: what was
# found out about one is kept for the next, in bounds: with the limits above, some 25 MB against a hostile folder.


@lru_cache(maxsize=64)
def _check_before(head: bytes) -> None:
    """Raise `Unusual` where what comes before the data of a sheet is not well-formed."""
    elements(head + b"</worksheet>", "worksheet")


@lru_cache(maxsize=32)
def _hidden(rest: bytes, namespaces: bytes) -> frozenset[Place]:
    """Return the places that merged ranges hide, from what follows the data of a sheet. Raises `Unusual`.

    openpyxl drops what is there, and nobody sees it in Excel.
    """
    opening = b"<worksheet " + b" ".join((b'xmlns="' + MAIN.encode() + b'"', *_PREFIXES.findall(namespaces))) + b">"
    elements(opening + rest, "worksheet")
    block = _MERGES.search(rest)
    if block is None and b"mergeCell" in rest:
        raise Unusual("merged cells in an unknown form")
    merged = [Range.parse(address.decode()) for address in _MERGE.findall(block[1])] if block else []
    if any(at.top > at.bottom or at.left > at.right for at in merged):
        raise Unusual("merged cells from the end to the beginning")
    if sum((at.bottom - at.top + 1) * (at.right - at.left + 1) for at in merged) > _MOST_HIDDEN:
        raise Unusual("whole columns merged")
    return frozenset(
        (row, column)
        for at in merged
        for row in range(at.top, at.bottom + 1)
        for column in range(at.left, at.right + 1)
        if (row, column) != (at.top, at.left)
    )


@lru_cache(maxsize=65_536)
def _place(address: bytes) -> Place:
    letters = address.rstrip(b"0123456789")
    return int(address[len(letters) :]), column_number(letters.decode())


@dataclass
class SheetParser:
    """Reads the sheets of one workbook. What was understood of a cell of one sheet serves for all."""

    strings: Sequence[str]
    formats: Sequence[str]
    epoch: datetime
    _cells: dict[bytes, Cell | None] = field(default_factory=dict)
    _blanks: bool = False  # whether some cell of the form <c></c> turned out to hold nothing

    def cells(self, sheet: bytes) -> Mapping[Place, Cell]:
        """Return the cells of a sheet's XML that hold something. Raises `Unusual`."""
        namespaces, _ = root(sheet, b"worksheet")
        begin = sheet.find(b"<sheetData")
        if not 0 < begin <= _LONGEST:
            raise Unusual("a sheet without data, or with much before them")
        _check_before(sheet[:begin])
        if sheet.startswith(b"<sheetData/>", begin):
            found: dict[Place, Cell] = {}
            end = begin + len(b"<sheetData/>")
        else:
            end = sheet.find(_END, begin) + len(_END)
            expression = _next_cell(rb"(?:x14ac:)?+" if b" xmlns:x14ac=" in namespaces else b"")
            found = self._data(expression.findall(sheet, begin, end))
        if len(sheet) - end > _LONGEST:
            raise Unusual("much after the data")
        hidden = _hidden(sheet[end:], namespaces)
        if not hidden.isdisjoint(found):
            found = {place: cell for place, cell in found.items() if place not in hidden}
        return found

    def _data(self, found: list[tuple[bytes, ...]]) -> dict[Place, Cell]:
        closing, _, _, stray = found.pop()
        if not closing:
            raise Unusual(f"unknown markup: {stray[:80]!r}")
        known = self._cells
        for body in {body for _, _, body, _ in found}.difference(known):
            cell = known[body] = self._cell(body)
            self._blanks |= cell is None
        cells = {_place(address): known[body] for _, address, body, _ in found}
        if len(cells) < len(found):
            raise Unusual("a cell that is there twice")
        if self._blanks:
            return {place: cell for place, cell in cells.items() if cell is not None}
        return cells  # type: ignore[return-value]  # none of them is None

    def _cell(self, body: bytes) -> Cell | None:
        """Return what a cell holds, of all that follows its address."""
        if plain := _STRING.fullmatch(body):
            style, number = plain.groups()
            return Cell(self.strings[int(number)], self.formats[int(style or 0)])
        parts = _BODY.fullmatch(body)
        if parts is None:
            raise Unusual(f"a cell {body[:80]!r}")
        style, kind, attributes, formula, raw, inline = parts.groups()
        if formula and len(formula) > _LONGEST_FORMULA:
            raise Unusual("a formula longer than Excel takes")
        number_format = self.formats[int(style or 0)]
        value, is_error = self._value(kind or b"n", raw, inline, number_format) if kind or raw else (None, False)
        if attributes is None:
            return None if value is None else Cell(value, number_format, "error" if is_error else "typed")
        if _is_external(attributes, formula or b""):
            return Cell(value, number_format, "external")
        if value is not None:
            return Cell(value, number_format, "error" if is_error else "formula")
        return Cell(None, number_format, "uncached")

    def _value(
        self, kind: bytes, raw: bytes | None, inline: bytes | None, number_format: str
    ) -> tuple[Content | None, bool]:
        """Return what stands in a cell, and whether it is an error."""
        if kind == b"inlineStr":
            return (None if inline is None else string_of(inline)), False
        if inline is not None:
            raise Unusual("two values")
        if not raw:
            return None, False
        text = text_of(raw)
        if kind == b"s":
            return self.strings[int(text)], False
        if kind == b"str":
            return shown(text), False
        if kind == b"n":
            return self._number(text, number_format)
        if kind == b"e":
            return text, True
        if kind == b"b" and text in ("0", "1"):
            return text == "1", False
        raise Unusual(f"a value of the kind {kind!r}")

    def _number(self, raw: str, number_format: str) -> tuple[Content, bool]:
        if not _NUMBER.fullmatch(raw):
            raise Unusual(f"no number: {raw[:40]}")
        number = float(raw) if "." in raw or "e" in raw or "E" in raw else int(raw)
        if not is_date(number_format):
            return number, False
        try:
            return moment(number, number_format, self.epoch), False
        except (ValueError, OverflowError):
            return "#VALUE!", True


@lru_cache(maxsize=512)
def _is_external(attributes: bytes, formula: bytes) -> bool:
    """Whether a formula reaches into another workbook. Raises `Unusual` where that needs the rest of the sheet."""
    check_text(formula)
    text = text_of(formula) if b"[" in formula or b"&#" in formula else ""
    kind = _kind_of_formula(attributes)
    if kind not in _SAME_FOR_ALL and (kind != b"shared" or "[" in text):
        raise Unusual(f"a formula of the kind {kind!r}")
    return reaches_outside(text)


def _kind_of_formula(attributes: bytes) -> bytes:
    pairs: list[tuple[bytes, bytes]] = _ATTRIBUTE.findall(attributes)
    given = dict(pairs)
    if len(given) < len(pairs):
        raise Unusual("an attribute given twice")
    return given.get(b"t", b"normal")
