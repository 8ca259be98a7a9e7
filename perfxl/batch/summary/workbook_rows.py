"""What 汇总 says of one workbook, made ready where the workbook is made: rows as XML, and a card of the page as JSON.

The process that writes 汇总 only puts them together, which costs a tenth of making them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from types import NoneType
from typing import Any, NamedTuple

from perfxl.batch.summary.tables import SummaryTable, TableColumn, grouped_by, tables
from perfxl.model.addresses import column_letters
from perfxl.model.finding import SEVERITIES
from perfxl.model.record import place_text
from perfxl.report_type.model import ReportType

# What is not known yet when a row is made; no text of a part can hold these characters.
NUMBER, END, WAY = "\x01", "\x02", "\x03"
_BETWEEN = b"\x00"

STYLES = {
    "": 0,
    "title": 1,
    "head": 2,
    "link": 3,
    "money": 4,
    "percent": 5,
    "error": 6,
    "warning": 7,
    "info": 8,
    "wrap": 9,
}
"""The formats of 汇总.xlsx by name: their numbers in its styles."""

EACH = 30  # findings of a workbook on its card; 汇总.xlsx has them all
LONGEST_TEXT = 32_767
_LONGEST_LINK = 255  # of HYPERLINK; there is no limit to how many, as there is to links of other kinds
LONGEST_WAY = 150  # from 汇总 to a workbook; behind it a sheet of 31 signs, each of which may need two, and a cell
_BESIDE = "\u2e3b"  # between texts that are looked at together: printable, and hardly ever in one of them
# Excel drops spaces at the ends of a text that does not ask for them.
_KEPT = ' xml:space="preserve">'
_TEXT_ENDS, _NUMBER_ENDS = b"</t></is></c>", b"</v></c>"
_ESCAPED = re.compile("(_x[0-9A-Fa-f]{4}_)")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")

Finding = Mapping[str, Any]
Cell = tuple[Any, str]


class Link(NamedTuple):
    """A cell that leads somewhere; behind the way to the workbook, where that is not known yet."""

    target: str
    shown: str
    pending: bool = False


class SummaryRecord(NamedTuple):
    """What 汇总 says of a workbook, but for its place in it.

    `card` are its gravest findings as JSON, `codes` says how many findings there are of each, `groups` how many lines
    have each value of the field that groups them, by its name; `findings` are its rows in the list of findings, and
    `tables` those in the tables, by title.
    """

    card: bytes
    codes: Mapping[str, int]
    groups: Mapping[str, Mapping[str, int]]
    findings: bytes
    tables: Mapping[str, bytes]

    def packed(self) -> bytes:
        """Return all of it in one piece."""
        counts = json.dumps([self.codes, self.groups]).encode()
        tables = [part for title, rows in self.tables.items() for part in (title.encode(), rows)]
        return _BETWEEN.join([self.card, counts, self.findings, *tables])

    @staticmethod
    def of(data: bytes) -> SummaryRecord:
        """Return what was made one piece. Raises `ValueError` where it was not."""
        card, counts, findings, *pairs = data.split(_BETWEEN)
        if b"<" in card:  # as JSON it stands in a page, and `safe` leaves none there
            raise ValueError("markup where there is none")
        codes, groups = json.loads(counts)
        titles = [title.decode() for title in pairs[::2]]
        return SummaryRecord(card, codes, groups, findings, dict(zip(titles, pairs[1::2], strict=True)))


NOTHING = SummaryRecord(b"[]", {}, {}, b"", {})
"""What there is to say where there are no findings and no values."""


def told(
    path: str,
    findings: Sequence[Finding],
    report_type: ReportType | None = None,
    values: Mapping[str, Any] | None = None,
) -> SummaryRecord:
    """Return what 汇总 says of a workbook: of its findings and, where it could be read, of what it holds."""
    codes = Counter([finding["code"] for finding in findings])
    made: Mapping[str, bytes] = {}
    groups: Mapping[str, Mapping[str, int]] = {}
    if report_type is not None and values:
        made, groups = _table_rows(report_type, values)
    name = name_of(path, str(values.get("unit_name", "")) if values else "")
    return SummaryRecord(card(findings), codes, groups, finding_rows(name, path, None, findings), made)


def name_of(path: str, unit_name: str) -> str:
    """Return what to call a workbook: by its unit's name, or else the file's."""
    return unit_name or path.rpartition("/")[2]


def card(findings: Iterable[Finding], most: int = EACH) -> bytes:
    """Return the gravest findings of a workbook as the page has them."""
    order = list(SEVERITIES)
    gravest = sorted(findings, key=lambda one: order.index(one["severity"]))[:most]
    return safe(
        [
            [one["severity"][0], one["code"], place_text(one["sheet"], one["cell"]), one["message"], one["hint"]]
            for one in gravest
        ]
    ).encode()


def safe(value: Any) -> str:
    """Return JSON that may stand inside `<script>`, where nothing ends the element, and without half characters."""
    text = plain(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def finding_rows(name: str, path: str, way: str | None, findings: Iterable[Finding]) -> bytes:
    """Return the rows of a workbook's findings; `way` leads to it, is empty where there is none, None if not known."""
    rows = _SummaryRows()
    first = cell(0, name, "wrap").encode()
    last = (cell(6, Link(way or "", path, way is None) if way != "" else "") + END).encode()
    ends = _TEXT_ENDS, _TEXT_ENDS + last
    message_begins, hint_begins = (f"{_openings(column, 'wrap')[0]}>".encode() for column in (4, 5))
    for one in findings:
        begin = first + _sort(one["severity"], one["code"]) + _place(one["sheet"], one["cell"], way)
        message, hint = one["message"], one["hint"]
        if message and hint:
            rows.begins += begin + message_begins, hint_begins
            rows.texts += message, hint
            rows.ends += ends
        else:
            rows.begins.append(begin + (cell(4, message, "wrap") + cell(5, hint, "wrap")).encode() + last)
            rows.texts.append("")
            rows.ends.append(b"")
    return rows.made()


@lru_cache(maxsize=512)
def _sort(severity: str, code: str) -> bytes:
    return (cell(1, SEVERITIES[severity], severity) + cell(2, code)).encode()


@lru_cache(maxsize=4096)
def _place(sheet: str, at: str, way: str | None) -> bytes:
    place: Any = place_text(sheet, at)
    if place and way != "" and (not at or at[0].isascii()):
        place = Link(f"{way or ''}#{_reference(sheet, at)}", place, way is None)
    return cell(3, place).encode()


class _SummaryRows:
    """Rows in the making: for each cell how it begins, the text that it holds, and how it ends.

    All texts are escaped and encoded together, in a fifth of the time that one after another takes.
    """

    __slots__ = ("begins", "ends", "texts")

    def __init__(self) -> None:
        self.begins: list[bytes] = []
        self.texts: list[str] = []
        self.ends: list[bytes] = []

    def made(self) -> bytes:
        """Return the rows."""
        begins, texts = self.begins, self.texts
        if [*map(str.strip, texts)] != texts:
            begins = [
                begin if len(text.strip()) == len(text) else begin.removesuffix(b">") + _KEPT.encode()
                for begin, text in zip(begins, texts, strict=True)
            ]
        parts = [b""] * (3 * len(texts))
        parts[::3], parts[1::3], parts[2::3] = begins, _escaped_together(texts), self.ends
        return b"".join(parts)


def _escaped_together(texts: Sequence[str]) -> list[bytes]:
    """Return each text as `_escaped` gives it, encoded."""
    if not texts:
        return []
    joined = _BESIDE.join(texts)
    few = joined.count(_BESIDE) == len(texts) - 1 and (len(joined) <= LONGEST_TEXT or _all_short(texts))
    # Line feeds, tabs and wide blanks are the only signs in common texts that are not printable.
    if few and "_x" not in joined and joined.replace("\n", "").replace("\t", "").replace("\u3000", "").isprintable():
        return _marked(joined).encode().split(_BESIDE.encode())
    return [_escaped(text).encode() for text in texts]


def _all_short(texts: Sequence[str]) -> bool:
    return max(map(len, texts)) <= LONGEST_TEXT


def row(cells: Iterable[Cell]) -> bytes:
    """Return a row: values and their styles."""
    return ("".join([cell(column, value, style) for column, (value, style) in enumerate(cells)]) + END).encode()


def cell(column: int, value: Any, style: str = "") -> str:
    """Return a cell; the first column is 0. A blank one is none. A `Link` is shown as a link."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return _openings(column, style)[0] + _said(value)
    if isinstance(value, Link):
        return _link(column, value)
    return f"{_openings(column, style)[1]}{_written(value)}</v></c>"


def _written(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)


@lru_cache(maxsize=1024)
def _openings(column: int, style: str) -> tuple[str, str]:
    """Return how a cell with a text and one with a number begin."""
    number = STYLES[style]
    begin = f'<c r="{column_letters(column + 1)}{NUMBER}"' + (f' s="{number}"' if number else "")
    return f'{begin} t="inlineStr"><is><t', f"{begin}><v>"


def _said(text: str) -> str:
    kept = ">" if len(text.strip()) == len(text) else _KEPT
    return f"{kept}{_escaped(text)}</t></is></c>"


def _link(column: int, way: Link) -> str:
    if len(way.target) > _LONGEST_LINK:
        return cell(column, way.shown)
    target, shown = (_escaped(text.replace('"', '""')) for text in (way.target, way.shown[:_LONGEST_LINK]))
    formula = f'HYPERLINK("{WAY if way.pending else ""}{target}","{shown}")'
    said = f"<f>{formula}</f><v>{_escaped(way.shown)}</v></c>"
    return f'{_openings(column, "link")[1].removesuffix("><v>")} t="str">{said}'


def _escaped(text: str) -> str:
    """Return a text as it stands in a part: what XML cannot hold as Excel writes it, `_x000B_`."""
    # Nearly every text is printable and short, and then there is nothing to do.
    if not text.isprintable() or "_x" in text or len(text) > LONGEST_TEXT:
        text = _ESCAPED.sub(r"_x005F\1", plain(text)[:LONGEST_TEXT])
        text = _UNPRINTABLE.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text)
    return _marked(text)


def _marked(text: str) -> str:
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def plain(text: str) -> str:
    """Return a text without half characters, which UTF-8 does not have."""
    return text.encode("utf-8", "replace").decode("utf-8")


def way_in(way: str) -> bytes:
    """Return the way to a workbook as it stands in a formula of a part."""
    return _escaped(way.replace('"', '""')).encode()


def _reference(sheet: str, at: str) -> str:
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{at or 'A1'}"


@lru_cache(maxsize=64)
def _known(report_type: ReportType) -> tuple[list[SummaryTable], tuple[str, str] | None]:
    return tables([report_type]), grouped_by([report_type])


ORIGIN = ("unit_code", "unit_name", "fiscal_year")


def _table_rows(
    report_type: ReportType, values: Mapping[str, Any]
) -> tuple[dict[str, bytes], dict[str, Mapping[str, int]]]:
    """Return the rows of a workbook in the tables of its type, and how many of its lines there are of each group."""
    known, group = _known(report_type)
    made, groups = {}, list[str]()
    origin = "".join([cell(column, str(values.get(name, ""))) for column, name in enumerate(ORIGIN)]).encode()
    for table in known:
        formats = tuple([one.format for one in table.columns])
        grouping = [at for at, one in enumerate(table.columns) if group and one.own and one.name == group[0]]
        rows = _SummaryRows()
        for line in table.lines(report_type.id, values):
            for at in grouping:
                groups.append(str(line[at] or "（未填）"))
            _add_line(rows, line, formats, origin)
        made[table.title] = rows.made()
    return made, {group[0]: Counter(groups)} if group else {}


def _add_line(rows: _SummaryRows, line: list[Any], formats: tuple[str, ...], origin: bytes) -> None:
    shape = _shape(tuple(map(type, line)), formats)
    written = line.copy()
    for at, percent in shape.numbers:
        written[at] = _written(line[at] / 100 if percent else line[at])
    texts = [*filter(None, written)]
    if len(texts) < shape.size:  # a text without characters is no cell
        _add_line(rows, [None if value == "" else value for value in line], formats, origin)
        return
    rows.begins.append(origin + shape.first)
    rows.begins += shape.begins
    rows.texts += texts or ("",)
    rows.ends += shape.ends


class _RowShape(NamedTuple):
    """What the rows have in common that have texts and numbers in the same columns.

    `size` is how many cells they have. `first` begins the first of them, `begins` the others; `ends` ends each.
    `numbers` are the places of numbers in the line, and whether each is in percent.
    """

    size: int
    first: bytes
    begins: tuple[bytes, ...]
    ends: tuple[bytes, ...]
    numbers: tuple[tuple[int, bool], ...]


@lru_cache(maxsize=1024)
def _shape(kinds: tuple[type, ...], formats: tuple[str, ...]) -> _RowShape:
    begins: list[bytes] = []
    ends: list[bytes] = []
    numbers: list[tuple[int, bool]] = []
    for at, (kind, form) in enumerate(zip(kinds, formats, strict=True)):
        if kind is str:
            begins.append(f"{_openings(at + len(ORIGIN), '')[0]}>".encode())
            ends.append(_TEXT_ENDS)
        elif kind is not NoneType:
            begins.append(_openings(at + len(ORIGIN), form if form in ("money", "percent") else "")[1].encode())
            ends.append(_NUMBER_ENDS)
            numbers.append((at, form == "percent"))
    if not begins:
        return _RowShape(0, END.encode(), (), (b"",), ())
    ends[-1] += END.encode()
    return _RowShape(len(begins), begins[0], tuple(begins[1:]), tuple(ends), tuple(numbers))


def moved(rows: bytes, before: Sequence[TableColumn], after: Sequence[TableColumn]) -> bytes:
    """Return rows of a table that has the columns `before` as rows of one that has those and others `after`."""
    places = {(column.name, column.own): number for number, column in enumerate(after, len(ORIGIN) + 1)}
    letters = {column_letters(number): number for number in range(1, len(ORIGIN) + 1)}
    letters |= {
        column_letters(number): places[column.name, column.own] for number, column in enumerate(before, len(ORIGIN) + 1)
    }
    return "".join([_moved(one, letters) + END for one in rows.decode().split(END)[:-1]]).encode()


def _moved(one: str, places: Mapping[str, int]) -> str:
    cells = (piece.split(NUMBER, 1) for piece in one.split('<c r="')[1:])
    ordered = sorted((places[letters], rest) for letters, rest in cells)
    return "".join(f'<c r="{column_letters(number)}{NUMBER}{rest}' for number, rest in ordered)
