"""The workbook of findings: what a check has to say of a form, for people who have no macros to show it on the sheets.

It is written beside the form and says which bytes it was made of, so that whoever watches a folder knows what is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from perfxl.model.addresses import Range
from perfxl.storage.zip_archive import Damaged, ZipArchive, write_parts
from perfxl.workbook.form.cell_styles import MISSING_COLOUR, WRONG_COLOUR, height, style
from perfxl.workbook.form.xlsx_writer import FormBook

TITLE = "检查意见"
_HEADERS = ("序号", "程度", "工作表", "单元格", "问题", "怎么改", "代码")
_WIDTHS = (6.0, 8.0, 14.0, 10.0, 62.0, 52.0, 8.0)
_PROSE = (5, 6)  # columns whose text may run over several lines
_COLOURS = {"错误": WRONG_COLOUR, "警告": MISSING_COLOUR}
_FIRST = 4
_LONGEST = 32_000  # characters, a little fewer than a cell holds

_SOURCE, _MARK = "perfxl.source", "perfxl.mark"
_PROPERTIES = "docProps/custom.xml"
_STATED = re.compile(rb'name="perfxl\.source"[^>]*><vt:lpwstr>([0-9a-f]{64})<')
_MARKED = re.compile(rb'(name="perfxl\.mark"[^>]*><vt:lpwstr>)([0-9a-f]{64})(?=<)')
_UNKNOWN = "0" * 64
_LONGEST_PROPERTIES = 2**16  # bytes

# No clock: the same input gives the same bytes.
_CREATED = datetime(2000, 1, 1)


def write(name: str, verdict: str, findings: Iterable[Sequence[str]], source: str) -> bytes:
    """Return the workbook of findings on the form `name`.

    `verdict` says in a sentence or two what came of it. Each of `findings` is gravity, sheet, cell, message, hint and
    code. `source` is the SHA-256 of the form, in hexadecimal digits.
    """
    book = FormBook(TITLE, _CREATED)
    pen = book.sheet(TITLE, "Sheet1")
    last = len(_HEADERS)
    pen.columns(_WIDTHS)
    pen.write(Range(1, 1, 1, last), f"{TITLE}：{_text(name)}", style("title", font_size=14, align="left"))
    pen.write(Range(2, 1, 2, last), _text(verdict), style("prose"))
    pen.row(1, 28)
    pen.row(2, height(verdict, sum(_WIDTHS), style("prose")))
    rows = [(str(number), *map(_text, finding)) for number, finding in enumerate(findings, 1)]
    for column, header in enumerate(_HEADERS, 1):
        if rows:
            pen.write(Range(_FIRST - 1, column, _FIRST - 1, column), header, style("header"))
    for number, row in enumerate(rows, _FIRST):
        for column, text in enumerate(row, 1):
            look = style("cell" if column in _PROSE else "cell-centre", num_format="@")
            colour = _COLOURS.get(text) if column == 2 else None
            pen.write(Range(number, column, number, column), text, {**look, "bg_color": colour} if colour else look)
        pen.row(number, max(height(row[column - 1], _WIDTHS[column - 1], style("cell")) for column in _PROSE))
    pen.expect({"number_stored_as_text": [Range(_FIRST, 1, _FIRST + len(rows), 1)]})
    pen.screen(100)
    pen.freeze(_FIRST - 1)
    pen.paper(None, True, _FIRST - 1 if rows else None)
    book.declare(_SOURCE, source)
    book.state(_MARK, _UNKNOWN)
    return _marked(book.close())


def _marked(data: bytes) -> bytes:
    """Return the workbook with the mark of all its other parts in its properties."""
    archive = ZipArchive(data)
    mark = _mark(archive).encode()
    parts = {name: archive.part(name) for name in archive.names()}
    parts[_PROPERTIES] = _MARKED.sub(lambda match: match[1] + mark, parts[_PROPERTIES])
    return write_parts(parts)


def _mark(archive: ZipArchive) -> str:
    parts = sorted((entry.name, entry.checksum, entry.size) for entry in archive.entries)
    return sha256(repr([part for part in parts if part[0] != _PROPERTIES]).encode()).hexdigest()


def is_as_made(data: bytes) -> bool:
    """Whether a file is a workbook of findings that nobody has changed or saved since it was written."""
    try:
        archive = ZipArchive(data)
        match = _MARKED.search(archive.part(_PROPERTIES, _LONGEST_PROPERTIES))
    except Damaged:
        return False
    return match is not None and match[2].decode() == _mark(archive)


def _text(text: str) -> str:
    """Return a text that fits into a cell; the name of a file may hold bytes that are no text."""
    return text.encode("utf-8", "replace").decode()[:_LONGEST]


def source_of(data: bytes) -> str:
    """Return the SHA-256 of the form that a workbook of findings was made of; empty for any other file."""
    try:
        match = _STATED.search(ZipArchive(data).part(_PROPERTIES, _LONGEST_PROPERTIES))
    except Damaged:
        return ""
    return match[1].decode() if match else ""
