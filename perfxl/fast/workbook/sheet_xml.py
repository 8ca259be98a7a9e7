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
from perfxl.fast.workbook.sheet_frame_xml import NO_MERGES, Merges, after_data, before_data
from perfxl.fast.workbook.xml_parts import UnusualXml, checked, text_of, unescaped
from perfxl.model.addresses import Range, column_number
from perfxl.workbook.cells import Cell, Content, Kind, SheetCells
from perfxl.workbook.number_formats.codes import is_date
from perfxl.workbook.number_formats.shown import UNSHOWN
from perfxl.workbook.reading.budget import MAX_FORMULA
from perfxl.workbook.reading.date_serials import moment
from perfxl.workbook.reading.escapes import is_picture, kind_of_text, reaches_outside, shown

Place = tuple[int, int]

_BLANK = rb'(?:<c r="[A-Z]++[1-9][0-9]*+"(?: s="[0-9]++")?+(?: t="[a-zA-Z]++")?+/>)*+'
_IN_CELL = (
    rb'(?: s="([0-9]++)")?+(?: t="([a-zA-Z]++)")?+(?: (?:cm|ph)="[0-9]++")*+>'
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
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_NUMBER = re.compile(rb"[+-]?[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?")
_LONGEST = 100_000  # bytes, of what comes before the data and after them
_ROW = re.compile(rb'<row(?: r="([0-9]+)")?((?: [\w:]+="[^"]*")*)/?>')
_HIDDEN = re.compile(rb' hidden="(?:1|true)"| ht="0(?:\.0*)?"')
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


class _Step(NamedTuple):
    """What a piece of markup says, from the end of one value to the beginning of the next.

    `before` are the cells in it. What follows is said of the cell whose value comes next: its place (`_NOWHERE` at the
    end of the data), its type, its number format, how its value came about, and the same where the value has no
    characters; None where the cell is blank then. `hidden` are the rows that begin in it and that nobody sees.
    """

    before: tuple[tuple[Place, Cell], ...]
    place: Place = _NOWHERE
    type: bytes = b""
    number_format: str = ""
    kind: Kind = "typed"
    blank: Kind | None = None
    hidden: tuple[int, ...] = ()


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
        hidden = _hidden_rows(markup) if b' hidden="' in markup or b' ht="0' in markup else ()
        if closing:
            step = _Step(before, hidden=hidden)
        else:
            kind = _kind(attributes, text) if formula else "typed"
            blank: Kind | None = None if kind == "typed" else "uncached" if kind == "formula" else kind
            place = int(row), _column(letters)
            number = int(style or 0)
            known_type = _TYPES.get(given_type or b"n", given_type)
            if known_type is _NUMBERS and self._dated[number]:
                known_type = _DATES
            step = _Step(before, place, known_type, self._formats[number], kind, blank, hidden)
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


def _hidden_rows(markup: bytes) -> tuple[int, ...]:
    found = [number for number, attributes in _ROW.findall(markup) if _HIDDEN.search(attributes)]
    if not all(found):
        raise UnusualXml("a hidden row without a number")
    return tuple(map(int, found))


@lru_cache(maxsize=_MOST_STYLES)
def _steps(excels: bool, formats: tuple[str, ...]) -> _Steps:
    return _Steps(_EXCELS if excels else _PLAIN, formats)


@lru_cache(maxsize=1024)
def _column(letters: bytes) -> int:
    return column_number(letters.decode())


@lru_cache(maxsize=512)
def _kind(attributes: bytes, formula: bytes) -> Kind:
    """Return how a formula's value came about. Raises `UnusualXml` where that needs the rest of the sheet."""
    written = checked(formula)
    if len(written) > MAX_FORMULA:
        raise UnusualXml("a formula longer than Excel takes, or escaped very often")
    text = unescaped(written) if "[" in written or "&#" in written or "IM" in written else ""
    pairs: list[tuple[bytes, bytes]] = _ATTRIBUTE.findall(attributes)
    given = dict(pairs)
    if len(given) < len(pairs):
        raise UnusualXml("an attribute given twice")
    kind = given.get(b"t", b"normal")
    shows_picture = is_picture(text)
    if kind not in _SAME_FOR_ALL and (kind != b"shared" or "[" in text or shows_picture):
        raise UnusualXml(f"a formula of the kind {kind!r}")
    return "picture" if shows_picture else "external" if reaches_outside(text) else "formula"


class SheetParser:
    """Reads the sheets of one workbook."""

    def __init__(self, strings: Sequence[str], formats: tuple[str, ...], epoch: datetime) -> None:
        self._strings = dict(zip(_numerals(len(strings).bit_length()), strings, strict=False))
        self._formats = formats
        self._epoch = epoch
        # What followed the data of the last sheet, the end of these included, and what it says.
        self._after = self._namespaces = b""
        self._merges = NO_MERGES

    def sheet(self, title: str, part: bytes, names: Mapping[str, Range | None], hidden: bool) -> SheetCells:
        """Return a sheet, of its XML and what is known of it. Raises `UnusualXml` or `LookupError`."""
        begin = part.find(b"<sheetData")
        if not 0 < begin <= _LONGEST:
            raise UnusualXml("a sheet without data, or with much before them")
        namespaces, columns = before_data(part[:begin])
        found: dict[Place, Cell] = {}
        rows: frozenset[int] = frozenset()
        if part.startswith(b"<sheetData/>", begin):
            end = begin + len(b"<sheetData/>")
        elif not part.startswith(_BEGIN, begin):
            raise UnusualXml("data with attributes")
        else:
            end = self._end(part)
            known = _steps(b" xmlns:x14ac=" in namespaces, self._formats)
            data = part[begin + len(_BEGIN) : end]
            try:
                found, rows = self._data(data, known)
            except UnusualXml:
                if _WITH_BLANKS not in data:
                    raise
                found, rows = self._data(data.replace(_WITH_BLANKS, _VALUE), known)
        below, merged = self._after_data(part, end, namespaces)
        if not found.keys().isdisjoint(below):  # which goes through the fewer of both
            found = {place: cell for place, cell in found.items() if place not in below}
        return SheetCells(title, found, names, hidden, rows, columns, merged)

    def _end(self, sheet: bytes) -> int:
        """Return where what follows the data begins. Sheets of items end in the same 16 kB."""
        if self._after and sheet.endswith(self._after):
            return len(sheet) - len(self._after) + len(_END)
        return sheet.rfind(_END) + len(_END)

    def _after_data(self, sheet: bytes, end: int, namespaces: bytes) -> Merges:
        size = len(sheet) - end
        if size > _LONGEST:
            raise UnusualXml("much after the data")
        if size + len(_END) != len(self._after) or namespaces != self._namespaces or not sheet.endswith(self._after):
            merges = after_data(sheet[end:], namespaces)
            if not sheet.startswith(_END, end - len(_END)):
                return merges
            self._after, self._namespaces, self._merges = sheet[end - len(_END) :], namespaces, merges
        return self._merges

    def _data(self, data: bytes, known: _Steps) -> tuple[dict[Place, Cell], frozenset[int]]:
        """Return the cells in the data of a sheet, and its hidden rows."""
        *parts, rest = (_END_OF_ROW + data).split(_END_OF_VALUE)  # rows begin as they do after any other row
        found: dict[Place, Cell] = {}
        hidden: tuple[int, ...] = ()
        number = len(parts)
        strings, new = self._strings, tuple.__new__
        for part in parts:
            markup, _, value = part.rpartition(_VALUE)
            before, place, given_type, number_format, kind, blank, rows = known[markup]
            if before:
                found.update(before)
                number += len(before)
            if rows:
                hidden += rows
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
        return found, frozenset(hidden + last.hidden)

    def _value(self, given_type: bytes, raw: bytes, number_format: str, kind: Kind) -> tuple[Content, Kind]:
        """Return what stands in a cell, and how it came about. `raw` has characters."""
        wrong: Kind = kind if kind in ("external", "picture") else "error"
        if given_type is _DATES:
            try:
                return moment(_number(raw), number_format, self._epoch), kind
            except (ValueError, OverflowError):
                return UNSHOWN, wrong
        if b"<" in raw:
            raise UnusualXml(f"markup in a value: {raw[:80]!r}")
        if given_type == b"str":
            return (_short_result(raw) if len(raw) < _SHORT else _result(raw)), kind
        text = text_of(raw)
        if given_type == b"e":
            return text, wrong
        if given_type == b"b" and text in ("0", "1"):
            return text == "1", kind
        raise UnusualXml(f"a value of the type {given_type!r}")


@lru_cache(maxsize=4)
def _numerals(bits: int) -> tuple[bytes, ...]:
    """Return the numbers that have so many bits or fewer, as they are written."""
    return tuple(map(b"%d".__mod__, range(2**bits)))


def _result(raw: bytes) -> str:
    """Return the text that a formula gave, or that stands in a cell itself. Raises `UnusualXml` where it is none."""
    text = shown(text_of(raw))
    if kind_of_text(text) != "typed":
        raise UnusualXml("an error value or a picture as text")
    return text


_short_result = lru_cache(maxsize=2048)(_result)


@lru_cache(maxsize=4096)
def _number(raw: bytes) -> int | float:
    if not _NUMBER.fullmatch(raw):
        raise UnusualXml(f"no number: {raw[:40]!r}")
    return float(raw) if b"." in raw or b"e" in raw or b"E" in raw else int(raw)
