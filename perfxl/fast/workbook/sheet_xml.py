"""The cells of a sheet's XML, of which every byte of the data must be accounted for.

The data are taken apart at the values, `<v>` to `</v></c>`: what is left between them is markup, in a form the same
from one project's sheet to the next and from one unit's workbook to the next. So each piece of markup is understood
once, by one regular expression that passes over blank cells that carry a style, and what it says is kept. Measured on
workbooks of ten projects (490 kB of sheets, 7,600 cells of which 1,730 hold something), CPython 3.11: 1.3 ms, where the
expression alone takes 1.4 ms over whole sheets, expat 2.4 ms with no handler at all and 5.8 ms with one.

Sheets are written in the way that the expression knows by Excel, WPS, LibreOffice, XlsxWriter and openpyxl. Whatever
else XML would allow (prefixes, comments, blanks between tags, single quotes) is `UnusualXml`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from perfxl.fast.workbook.shared_strings_xml import string_of
from perfxl.fast.workbook.xml_parts import MAIN, UnusualXml, checked, elements, keeping, root, text_of, unescaped
from perfxl.model.addresses import Range, column_number
from perfxl.workbook.cells import Cell, Content, Kind
from perfxl.workbook.number_formats.codes import is_date
from perfxl.workbook.number_formats.shown import UNSHOWN
from perfxl.workbook.reading.date_serials import moment
from perfxl.workbook.reading.escapes import reaches_outside, shown

Place = tuple[int, int]

_PREFIXES = re.compile(rb'xmlns:\w+="[^"]*"')
_BLANK = rb'(?:<c r="[A-Z]++[1-9][0-9]*+"(?: s="[0-9]++")?+(?: t="[a-zA-Z]++")?+/>)*+'
_IN_CELL = (
    rb'(?: s="([0-9]++)")?+(?: t="([a-zA-Z]++)")?+(?: (?:cm|vm|ph)="[0-9]++")*+>'
    rb'(?:(<f)((?: [\w:]++="[^"<>&]*+")*+)(?:/>|>([^<]*+)</f>))?+'
    rb'(?:(?:<v(?: xml:space="preserve")?+/>)?+(<is>(?:[^<]++|<(?!/is>))*+</is>)?+(</c>)|\Z)'
)


def _next_cell(prefixes: bytes) -> bytes:
    """Return the expression that goes on from where it last matched.

    It goes to the next cell that is not empty: its column, row, style and type, the beginning, attributes and text of a
    formula, a string inside the cell, and the end of the cell unless its value comes next. Or to the end of the data
    (the first group), or takes all the rest where it knows neither (the last group). Attributes of rows hold nothing
    that matters here, but have to be well-formed: their names do not begin as `xmlns` does, and have no prefix but
    `prefixes` (Excel writes `x14ac:dyDescent`). That one of them is given twice is the only fault of XML that passes.
    """
    row = rb'<row(?: r="[1-9][0-9]*+")?+(?: ' + prefixes + rb"(?:s|[a-w][a-zA-Z]++)=\"[ -!#-%'-;=-~]*+\")*+"
    blank_rows = rb"(?:" + row + rb"(?:/>|>" + _BLANK + rb"</row>))*+"
    return (
        rb"(?s)"
        + _BLANK
        + rb"(?:</row>" + blank_rows + rb"(?:(</sheetData>)|" + row + rb">" + _BLANK + rb"))?+"
        + rb'(?(1)|<c r="([A-Z]{1,3}+)([1-9][0-9]{0,6}+)"' + _IN_CELL + rb")|(.+)"
    )  # fmt: skip


_PLAIN = re.compile(_next_cell(rb""))
_EXCELS = re.compile(_next_cell(rb"(?:x14ac:)?+"))
_BEGIN = b"<sheetData>"
_END = b"</sheetData>"
_END_OF_ROW = b"</row>"
_VALUE = b"<v>"
_END_OF_VALUE = b"</v></c>"
_WITH_BLANKS = b'<v xml:space="preserve">'
_MERGES = re.compile(rb'<mergeCells(?: count="[0-9]+")?>((?:<mergeCell ref="[^"]*"/>)+)</mergeCells>')
_MERGE = re.compile(rb'ref="([^"]*)"')
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_NUMBER = re.compile(rb"[+-]?[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?")
_MOST_HIDDEN = 100_000
_LONGEST = 100_000  # bytes, of what comes before the data and after them
_LONGEST_FORMULA = 32_000  # bytes; Excel takes 8,192 characters
_LONGEST_KEPT = 40_000  # bytes of one piece of markup
_MOST_KEPT = 2_000_000  # bytes of all pieces; those of a form take half as many
_MOST_STYLES = 16  # sets of styles for which pieces are kept
_STEP_TAKES = 1_000  # bytes, about
_SHORT = 256  # bytes of a text
_SAME_FOR_ALL = frozenset((b"normal", b"array"))
_NOWHERE = (0, 0)
# Types of cells as steps have them, so that it takes no comparison of characters to tell them apart.
_STRINGS, _NUMBERS, _DATES = b"s", b"n", b"n as a date"
_TYPES = {_STRINGS: _STRINGS, _NUMBERS: _NUMBERS}


# Sheets of one form are alike in all but what people typed, within a workbook and from one unit's to the next: what was
# found out about one is kept for the next, in bounds: with the limits above, some 60 MB against a hostile folder.


@keeping(128)
def _namespaces(head: bytes) -> bytes:
    """Return the namespaces of a sheet, from what comes before its data. Raises `UnusualXml` where it is malformed."""
    elements(head + b"</worksheet>", "worksheet")
    if b"<row" in head or b"mergeCell" in head:
        raise UnusualXml("rows before the data")  # which openpyxl would take for data
    return root(head, b"worksheet")[0]


@keeping(128)
def _hidden(rest: bytes, namespaces: bytes) -> frozenset[Place]:
    """Return the places that merged ranges hide, from what follows the data of a sheet. Raises `UnusualXml`.

    openpyxl drops what is there, and nobody sees it in Excel.
    """
    opening = b"<worksheet " + b" ".join((b'xmlns="' + MAIN.encode() + b'"', *_PREFIXES.findall(namespaces))) + b">"
    elements(opening + rest, "worksheet")
    if b"<row " in rest or b"<row>" in rest:
        raise UnusualXml("rows after the data")
    block = _MERGES.search(rest)
    if block is None and b"mergeCell" in rest:
        raise UnusualXml("merged cells in an unknown form")
    merged = [Range.parse(address.decode()) for address in _MERGE.findall(block[1])] if block else []
    if any(at.top > at.bottom or at.left > at.right for at in merged):
        raise UnusualXml("merged cells from the end to the beginning")
    if sum((at.bottom - at.top + 1) * (at.right - at.left + 1) for at in merged) > _MOST_HIDDEN:
        raise UnusualXml("whole columns merged")
    return frozenset(
        (row, column)
        for at in merged
        for row in range(at.top, at.bottom + 1)
        for column in range(at.left, at.right + 1)
        if (row, column) != (at.top, at.left)
    )


class _Step(NamedTuple):
    """What a piece of markup says, from the end of one value to the beginning of the next.

    `before` are the cells in it. What follows is said of the cell whose value comes next: its place (`_NOWHERE` at the
    end of the data), its type, its number format, how its value came about, and the same where the value has no
    characters; None where the cell is blank then.
    """

    before: tuple[tuple[Place, Cell], ...]
    place: Place = _NOWHERE
    type: bytes = b""
    number_format: str = ""
    kind: Kind = "typed"
    blank: Kind | None = None


class _Steps(dict[bytes, _Step]):
    """What pieces of markup say in a workbook with styles of these formats.

    Raises `UnusualXml` when asked for what it does not understand, and `LookupError` for a style that is not there.
    """

    def __init__(self, expression: re.Pattern[bytes], formats: tuple[str, ...]) -> None:
        super().__init__()
        self._expression = expression
        self._formats = formats
        self._dated = tuple(map(is_date, formats))
        self._room = _MOST_KEPT

    def __missing__(self, markup: bytes) -> _Step:
        if not markup:
            raise UnusualXml("a value that does not begin")
        *complete, last = self._expression.findall(markup)
        closing, letters, row, style, given_type, formula, attributes, text, _, ended, stray = last
        if stray or ended or any(early for early, *_ in complete):
            raise UnusualXml(f"unknown markup: {markup[:80]!r}")
        before = tuple(filter(None, map(self._held, complete))) if complete else ()
        if closing:
            step = _Step(before)
        else:
            kind = _kind(attributes, text) if formula else "typed"
            blank: Kind | None = None if kind == "typed" else "uncached" if kind == "formula" else kind
            place = int(row), _column(letters)
            number = int(style or 0)
            known_type = _TYPES.get(given_type or b"n", given_type)
            if known_type is _NUMBERS and self._dated[number]:
                known_type = _DATES
            step = _Step(before, place, known_type, self._formats[number], kind, blank)
        if len(markup) <= _LONGEST_KEPT:
            self._keep(markup, step)
        return step

    def _keep(self, markup: bytes, step: _Step) -> None:
        self._room -= len(markup) + _STEP_TAKES
        if self._room < 0:
            self.clear()
            self._room = _MOST_KEPT
        self[markup] = step

    def _held(self, found: tuple[bytes, ...]) -> tuple[Place, Cell] | None:
        """Return a cell without a plain value, of what the expression found; None where it holds nothing."""
        _, letters, row, style, given_type, formula, attributes, text, inline, _, _ = found
        if inline and given_type != b"inlineStr":
            raise UnusualXml(f"a string in a cell of another type: {inline[:80]!r}")
        value = string_of(inline[len(b"<is>") : -len(b"</is>")]) if inline else None
        kind = _kind(attributes, text) if formula else "typed"
        if value is None and kind == "typed":
            return None
        shown_kind: Kind = "uncached" if value is None and kind == "formula" else kind
        return (int(row), _column(letters)), Cell(value, self._formats[int(style or 0)], shown_kind)


@lru_cache(maxsize=_MOST_STYLES)
def _steps(excels: bool, formats: tuple[str, ...]) -> _Steps:
    return _Steps(_EXCELS if excels else _PLAIN, formats)


@lru_cache(maxsize=1024)
def _column(letters: bytes) -> int:
    return column_number(letters.decode())


@lru_cache(maxsize=512)
def _kind(attributes: bytes, formula: bytes) -> Kind:
    """Return how a formula's value came about. Raises `UnusualXml` where that needs the rest of the sheet."""
    if len(formula) > _LONGEST_FORMULA:
        raise UnusualXml("a formula longer than Excel takes")
    written = checked(formula)
    text = unescaped(written) if "[" in written or "&#" in written else ""
    pairs: list[tuple[bytes, bytes]] = _ATTRIBUTE.findall(attributes)
    given = dict(pairs)
    if len(given) < len(pairs):
        raise UnusualXml("an attribute given twice")
    kind = given.get(b"t", b"normal")
    if kind not in _SAME_FOR_ALL and (kind != b"shared" or "[" in text):
        raise UnusualXml(f"a formula of the kind {kind!r}")
    return "external" if reaches_outside(text) else "formula"


class SheetParser:
    """Reads the sheets of one workbook."""

    def __init__(self, strings: Sequence[str], formats: tuple[str, ...], epoch: datetime) -> None:
        self._strings = dict(zip(_numerals(len(strings).bit_length()), strings, strict=False))
        self._formats = formats
        self._epoch = epoch
        # What followed the data of the last sheet, the end of these included, and the places that it hides.
        self._after = self._namespaces = b""
        self._places: frozenset[Place] = frozenset()

    def cells(self, sheet: bytes) -> Mapping[Place, Cell]:
        """Return the cells of a sheet's XML that hold something. Raises `UnusualXml` or `LookupError`."""
        begin = sheet.find(b"<sheetData")
        if not 0 < begin <= _LONGEST:
            raise UnusualXml("a sheet without data, or with much before them")
        namespaces = _namespaces(sheet[:begin])
        if sheet.startswith(b"<sheetData/>", begin):
            found: dict[Place, Cell] = {}
            end = begin + len(b"<sheetData/>")
        elif not sheet.startswith(_BEGIN, begin):
            raise UnusualXml("data with attributes")
        else:
            end = self._end(sheet)
            known = _steps(b" xmlns:x14ac=" in namespaces, self._formats)
            data = sheet[begin + len(_BEGIN) : end]
            try:
                found = self._data(data, known)
            except UnusualXml:
                if _WITH_BLANKS not in data:
                    raise
                found = self._data(data.replace(_WITH_BLANKS, _VALUE), known)
        hidden = self._hidden(sheet, end, namespaces)
        if not found.keys().isdisjoint(hidden):  # which goes through the fewer of both
            found = {place: cell for place, cell in found.items() if place not in hidden}
        return found

    def _end(self, sheet: bytes) -> int:
        """Return where what follows the data begins. Sheets of items end in the same 16 kB."""
        if self._after and sheet.endswith(self._after):
            return len(sheet) - len(self._after) + len(_END)
        return sheet.rfind(_END) + len(_END)

    def _hidden(self, sheet: bytes, end: int, namespaces: bytes) -> frozenset[Place]:
        size = len(sheet) - end
        if size > _LONGEST:
            raise UnusualXml("much after the data")
        if size + len(_END) != len(self._after) or namespaces != self._namespaces or not sheet.endswith(self._after):
            hidden = _hidden(sheet[end:], namespaces)
            if not sheet.startswith(_END, end - len(_END)):
                return hidden
            self._after, self._namespaces, self._places = sheet[end - len(_END) :], namespaces, hidden
        return self._places

    def _data(self, data: bytes, known: _Steps) -> dict[Place, Cell]:
        *parts, rest = (_END_OF_ROW + data).split(_END_OF_VALUE)  # rows begin as they do after any other row
        found: dict[Place, Cell] = {}
        number = len(parts)
        strings, new = self._strings, tuple.__new__
        for part in parts:
            markup, _, value = part.rpartition(_VALUE)
            before, place, given_type, number_format, kind, blank = known[markup]
            if before:
                found.update(before)
                number += len(before)
            content: Content | None = None
            if not value:
                if blank is None:
                    number -= 1
                    continue
                kind = blank
            elif given_type is _STRINGS:
                content = strings[value]
            elif given_type is _NUMBERS:
                content = _number(value)
            else:
                content, kind = self._value(given_type, value, number_format, kind)
            found[place] = new(Cell, (content, number_format, kind))  # Cell(...) takes twice as long
        last = known[rest]
        found.update(last.before)
        number += len(last.before)
        if last.place != _NOWHERE or _NOWHERE in found or len(found) < number:
            raise UnusualXml("a cell that is there twice, or in no place")
        return found

    def _value(self, given_type: bytes, raw: bytes, number_format: str, kind: Kind) -> tuple[Content, Kind]:
        """Return what stands in a cell, and how it came about. `raw` has characters."""
        wrong: Kind = "external" if kind == "external" else "error"
        if given_type is _DATES:
            try:
                return moment(_number(raw), number_format, self._epoch), kind
            except (ValueError, OverflowError):
                return UNSHOWN, wrong
        if b"<" in raw:
            raise UnusualXml(f"markup in a value: {raw[:80]!r}")
        text = _short_text(raw) if len(raw) < _SHORT else text_of(raw)
        if given_type == b"str":
            return shown(text), kind
        if given_type == b"e":
            return text, wrong
        if given_type == b"b" and text in ("0", "1"):
            return text == "1", kind
        raise UnusualXml(f"a value of the type {given_type!r}")


@lru_cache(maxsize=4)
def _numerals(bits: int) -> tuple[bytes, ...]:
    """Return the numbers that have so many bits or fewer, as they are written."""
    return tuple(map(b"%d".__mod__, range(2**bits)))


_short_text = lru_cache(maxsize=2048)(text_of)


@lru_cache(maxsize=4096)
def _number(raw: bytes) -> int | float:
    if not _NUMBER.fullmatch(raw):
        raise UnusualXml(f"no number: {raw[:40]!r}")
    return float(raw) if b"." in raw or b"e" in raw or b"E" in raw else int(raw)
