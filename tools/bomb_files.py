"""Files that are small and take long or much: workbooks, documents and archives that overwhelm a careless reader."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORM = ROOT / "examples" / "beidaihe-gongshanglian-2021.xlsx"
DOCUMENT = ROOT / "examples" / "beidaihe-gongshanglian-2021.docx"
_FACTS, _FIRST, _PROJECT = (f"xl/worksheets/sheet{number}.xml" for number in (2, 3, 4))
_STRINGS, _STYLES, _BOOK = "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"
Parts = dict[str, bytes]


@cache
def _parts(source: Path) -> Parts:
    with zipfile.ZipFile(source) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts) -> bytes:
    """Return the parts as an archive."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return result.getvalue()


def changed(part: str, old: bytes, new: bytes, source: Path = FORM) -> bytes:
    """Return a file in whose part the first `old` has become `new`."""
    parts = dict(_parts(source))
    if old not in parts[part]:
        raise ValueError(f"{part} has no {old!r}")
    parts[part] = parts[part].replace(old, new, 1)
    return packed(parts)


def before(part: str, mark: bytes, what: bytes, times: int = 1, source: Path = FORM) -> bytes:
    """Return a file in which `what` stands so many times before the first `mark` of a part."""
    return changed(part, mark, what * times + mark, source)


def _typed(value: str, at: str = "C5", part: str = _FIRST) -> bytes:
    """Return the form with a text in a cell."""
    parts = dict(_parts(FORM))
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    cell = re.compile(rb'<c r="%s"( s="[0-9]+")?[^>]*?(?:/>|>.*?</c>)' % at.encode())
    text = f' t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'.encode()
    parts[part], number = cell.subn(lambda found: b'<c r="%s"%s%s' % (at.encode(), found[1] or b"", text), parts[part])
    if number != 1:
        raise ValueError(f"{part} has no cell {at}")
    return packed(parts)


def _everywhere(value: str) -> bytes:
    """Return the form with a text in every cell of the part that holds one."""
    parts = dict(_parts(FORM))
    texts = re.compile(rb"(<t(?: [^>]*)?>)[^<]*(?=</t>)")
    parts[_STRINGS] = texts.sub(lambda found: found[1] + value.encode(), parts[_STRINGS])
    return packed(parts)


def _long_lists(rows: int, value: str, number: int) -> bytes:
    """Return the form with lists of so many rows, `number` of them filled."""
    parts = dict(_parts(FORM))
    for part in (_BOOK,):
        parts[part] = re.sub(
            rb"(\$[A-Z]+\$)([0-9]+):(\$[A-Z]+\$)[0-9]+(?=</definedName>)",
            lambda found: b"%s%s:%s%d" % (found[1], found[2], found[3], int(found[2]) + rows),
            parts[part],
        )
    first = 200
    cells = b"".join(
        b'<row r="%d">%s</row>'
        % (row, b"".join(b'<c r="%c%d" t="str"><v>%s</v></c>' % (c, row, value.encode()) for c in b"BCDEFGHI"))
        for row in range(first, first + number)
    )
    parts[_PROJECT] = parts[_PROJECT].replace(b"</sheetData>", cells + b"</sheetData>")
    return packed(parts)


def _pasted(rows: int, columns: int, part: str = _FIRST) -> bytes:
    """Return the form with a table beside it."""
    letters = [f"A{chr(65 + column)}" for column in range(columns)]
    parts = dict(_parts(FORM))
    for row in range(1, rows + 1):
        cells = "".join(f'<c r="{letter}{row}" t="str"><v>旁边{row}</v></c>' for letter in letters).encode()
        old = re.search(rb'<row r="%d"[^>]*?(/>|>)' % row, parts[part])
        if old is None:
            parts[part] = parts[part].replace(b"</sheetData>", b'<row r="%d">%s</row></sheetData>' % (row, cells))
        elif old[1] == b">":
            end = parts[part].index(b"</row>", old.end())
            parts[part] = parts[part][:end] + cells + parts[part][end:]
    return packed(parts)


def _copies(number: int) -> bytes:
    """Return the form with so many copies of its project sheet."""
    parts = dict(_parts(FORM))
    book, links, types = _BOOK, "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
    sheets = links_added = types_added = names = b""
    scoped = re.findall(rb'<definedName name="[^"]+" localSheetId="3"[^>]*>[^<]*</definedName>', parts[book])
    for index in range(number):
        part, at = b"worksheets/copy%d.xml" % index, 100 + index
        title = "副本%d".encode() % index
        parts["xl/" + part.decode()] = parts[_PROJECT]
        sheets += b'<sheet name="%s" sheetId="%d" r:id="rIdC%d"/>' % (title, at, index)
        kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        links_added += b'<Relationship Id="rIdC%d" Type="%s" Target="%s"/>' % (index, kind, part)
        content = b"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
        types_added += b'<Override PartName="/xl/%s" ContentType="%s"/>' % (part, content)
        for each in scoped:
            names += each.replace(b'localSheetId="3"', b'localSheetId="%d"' % (6 + index)).replace(
                "项目1".encode(), title
            )
    parts[book] = parts[book].replace(b"</sheets>", sheets + b"</sheets>")
    parts[book] = parts[book].replace(b"</definedNames>", names + b"</definedNames>")
    parts[links] = parts[links].replace(b"</Relationships>", links_added + b"</Relationships>")
    parts[types] = parts[types].replace(b"</Types>", types_added + b"</Types>")
    return packed(parts)


def _overlapping() -> bytes:
    """Return an archive of which thousands of entries are the same 10 MB."""
    name, content = b"xl/workbook.xml", bytes(10 * 2**20)
    import zlib

    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = squeezer.compress(content) + squeezer.flush()
    crc = zlib.crc32(content)
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(body), len(content), len(name), 0)
    data = head + name + body
    entries = b""
    names = [name, *(b"xl/media/image%d.png" % number for number in range(4000))]
    for each in names:
        entries += struct.pack(
            "<4s4B4HL2L5H2L",
            *(b"PK\1\2", 20, 0, 20, 0, 0, 8, 0, 33, crc, len(body), len(content), len(each), 0, 0, 0, 0, 0, 0),
        )
        entries += each
    return data + entries + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(names), len(names), len(entries), len(data), 0)


def _zeros(megabytes: int) -> bytes:
    parts = dict(_parts(FORM))
    parts["xl/media/image1.png"] = bytes(megabytes * 2**20)
    return packed(parts)


def _many_entries(number: int) -> bytes:
    return packed({**_parts(FORM), **{f"xl/media/{each}": b"" for each in range(number)}})


def _nested(part: str, mark: bytes, tag: bytes, depth: int, source: Path = FORM) -> bytes:
    return before(part, mark, b"<%s>" % tag * depth + b"</%s>" % tag * depth, source=source)


def _formulas(number: int, formula: bytes) -> bytes:
    cells = b"".join(b'<c r="ZZ%d"><f>%s</f><v>1</v></c>' % (row + 1, formula) for row in range(number))
    return before(_FIRST, b"</sheetData>", b'<row r="9000">' + cells + b"</row>")


def _format(code: str) -> bytes:
    return changed(_STYLES, b'formatCode="0.00%"', b'formatCode="%s"' % code.encode())


def _shown_in(code: str) -> bytes:
    """Return the form with numbers in a format of its own everywhere."""
    parts = dict(_parts(FORM))
    parts[_STYLES] = re.sub(rb'formatCode="[^"]*"', b'formatCode="%s"' % code.encode(), parts[_STYLES])
    parts[_STYLES] = re.sub(rb'numFmtId="(?:0|49)"', b'numFmtId="166"', parts[_STYLES])
    return packed(parts)


def _cells(number: int, cell: bytes) -> bytes:
    return before(_FIRST, b"</sheetData>", b"<row>" + cell * number + b"</row>")


def _rows(number: int, row: bytes) -> bytes:
    return before(_FIRST, b"</sheetData>", row, number)


def _numbered(number: int, text: str) -> bytes:
    return "".join(text.format(each, each % 20 + 1) for each in range(number)).encode()


def _words(part: bytes) -> bytes:
    return before("word/document.xml", b"<w:sectPr", part, source=DOCUMENT)


_PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
_TABLE = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>一</w:t></w:r></w:p>{}</w:tc></w:tr></w:tbl>"


def _tables(depth: int) -> bytes:
    text = ""
    for _ in range(depth):
        text = _TABLE.format(text)
    return _words(text.encode())


_LONG = 32_000  # characters of a cell
BOMBS: dict[str, Callable[[], bytes]] = {
    "cells: 4 million in a row": partial(_cells, 4_000_000, b"<c/>"),
    "cells: 2 million of 1": partial(_cells, 2_000_000, b"<c><v>1</v></c>"),
    "cells: a million texts": partial(_cells, 1_000_000, b'<c t="inlineStr"><is><t>1</t></is></c>'),
    "cells: a million of one place": partial(_cells, 1_000_000, b'<c r="ZZ1"><v>1</v></c>'),
    "cells: 900,000 in their places": lambda: before(
        _FIRST, b"</sheetData>", _numbered(900_000, '<row r="{0}"><c r="ZZ{0}"><v>{0}</v></c></row>')
    ),
    "cells: 100,000 pasted": lambda: _pasted(10_000, 10),
    "cells: 10,000 pasted": lambda: _pasted(1_000, 10),
    "cells: 10,000 pasted beside a project": lambda: _pasted(1_000, 10, _PROJECT),
    "rows: 2 million": partial(_rows, 2_000_000, b"<row/>"),
    "rows: a million hidden": lambda: before(
        _FIRST, b"</sheetData>", _numbered(1_000_000, '<row r="{}" hidden="1"/>')
    ),
    "columns: a million": lambda: before(_FIRST, b"</cols>", b'<col min="9" max="16384" hidden="1"/>', 1_000_000),
    "merges: 500,000": lambda: before(
        _FIRST,
        b"<pageMargins",
        b"<mergeCells>" + _numbered(500_000, '<mergeCell ref="ZA1{0}:ZB1{0}"/>') + b"</mergeCells>",
    ),
    "merges: whole sheets": lambda: before(
        _FIRST, b"<pageMargins", b"<mergeCells>" + b'<mergeCell ref="J1:XFD1048576"/>' * 20_000 + b"</mergeCells>"
    ),
    "styles: 10 million": partial(before, _STYLES, b"</cellXfs>", b"<xf/>", 10_000_000),
    "styles: a million fonts": partial(before, _STYLES, b"</fonts>", b"<font><strike/></font>", 1_000_000),
    "styles: a million formats": lambda: before(
        _STYLES, b"</numFmts>", _numbered(1_000_000, '<numFmt numFmtId="{}" formatCode="0"/>')
    ),
    "styles: nested": partial(_nested, _STYLES, b"</cellXfs>", b"a", 3_000_000),
    "styles: empty elements": partial(before, _STYLES, b"</cellXfs>", b"<a/>", 10_000_000),
    "sheet: nested": partial(_nested, _FIRST, b"<sheetData>", b"a", 3_000_000),
    "sheet: nested in a row": partial(_nested, _FIRST, b"</sheetData>", b"row", 1_000_000),
    "sheet: nested in a cell": lambda: before(
        _FIRST, b"</sheetData>", b"<row><c>" + b"<is>" * 2_000_000 + b"</is>" * 2_000_000 + b"</c></row>"
    ),
    "sheet: empty elements": partial(before, _FIRST, b"<pageMargins", b"<a/>", 10_000_000),
    "sheet: comments": partial(before, _FIRST, b"</sheetData>", b"<!---->", 8_000_000),
    "sheet: blanks": partial(before, _FIRST, b"</sheetData>", b" \n", 30_000_000),
    "sheet: an attribute of 60 MiB": lambda: changed(
        _FIRST, b"<sheetData>", b'<sheetData a="%s">' % (b"a" * 60 * 2**20)
    ),
    "sheet: a row with an attribute of 60 MiB": lambda: before(
        _FIRST, b"</sheetData>", b'<row spans="%s"/>' % (b"1" * 60 * 2**20)
    ),
    "sheet: a million attributes": lambda: changed(
        _FIRST, b"<sheetData>", b"<sheetData" + _numbered(1_000_000, ' a{}=""') + b">"
    ),
    "sheet: a million namespaces": lambda: changed(
        _FIRST, b"<sheetData>", b"<sheetData" + _numbered(1_000_000, ' xmlns:a{}="b"') + b">"
    ),
    "strings: 3 million": partial(before, _STRINGS, b"</sst>", b"<si><t/></si>", 3_000_000),
    "strings: one of 60 MB": lambda: before(_STRINGS, b"</sst>", b"<si><t>" + b"a" * 60_000_000 + b"</t></si>"),
    "strings: one of a million runs": lambda: before(
        _STRINGS, b"</sst>", b"<si>" + b"<r><t>a</t></r>" * 1_000_000 + b"</si>"
    ),
    "strings: struck out": lambda: before(
        _STRINGS, b"</sst>", b"<si>" + b"<r><rPr><strike/></rPr><t>a</t></r>" * 1_000_000 + b"</si>"
    ),
    "strings: nested": partial(_nested, _STRINGS, b"</sst>", b"si", 2_000_000),
    "names: a million": lambda: before(
        _BOOK, b"</definedNames>", _numbered(600_000, '<definedName name="a{}">\'第一部分\'!$A$1</definedName>')
    ),
    "names: one of 60 MB": lambda: before(
        _BOOK, b"</definedNames>", b'<definedName name="a">' + b"'" * 60_000_000 + b"</definedName>"
    ),
    "names: lists to the end of the sheet": lambda: _long_lists(1_040_000, "一", 10),
    "names: lists of 20,000 rows": lambda: _long_lists(30_000, "一二三", 20_000),
    "workbook: nested": partial(_nested, _BOOK, b"<sheets>", b"a", 3_000_000),
    "workbook: 100,000 sheets of one part": lambda: before(
        _BOOK, b"</sheets>", _numbered(100_000, '<sheet name="s{0}" sheetId="9{0}" r:id="rId1"/>')
    ),
    "workbook: 300 copies of a project": lambda: _copies(300),
    "types: a million": partial(
        before, "[Content_Types].xml", b"</Types>", b'<Override PartName="/a" ContentType="b"/>', 1_000_000
    ),
    "properties: 200,000": lambda: before(
        "docProps/custom.xml",
        b"</Properties>",
        _numbered(200_000, '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="1{0}" name="a{0}">'
        "<vt:lpwstr>a</vt:lpwstr></property>"),
    ),
    "format: 200 kB of brackets": lambda: _format("[" * 200_000),
    "format: 200 kB of quotes": lambda: _format("&quot;a" * 200_000),
    "format: 200 kB of noughts": lambda: _shown_in("0" * 200_000),
    "format: 200 kB of sections": lambda: _shown_in("0;" * 100_000),
    "format: 200 kB of minutes": lambda: _shown_in("h:m:" * 50_000),
    "format: 200 kB of a condition": lambda: _format("[&gt;" + "1" * 200_000),
    "format: 200 kB of DBNum": lambda: _shown_in("[DBNum1]0" * 20_000),
    "formula: 200 kB of brackets": lambda: _formulas(1, b"[" * 200_000),
    "formula: 200 kB of quotes": lambda: _formulas(1, b"'[" * 100_000),
    "formula: 200 kB of names": lambda: _formulas(1, b"A1+" * 70_000),
    "formula: a million": lambda: _formulas(500_000, b"[1]A!B"),
    "formula: 1,000 of 30 kB": lambda: _formulas(1_500, b"SUM([" * 6_000),
    "value: a number of 60 MB": lambda: _cells(1, b'<c r="ZZ1"><v>' + b"1" * 60_000_000 + b"</v></c>"),
    "value: an exponent": lambda: _cells(1, b'<c r="ZZ1"><v>1e' + b"9" * 4000 + b"</v></c>"),
    "text: of 60 MB in a cell": lambda: _typed("一" * 20_000_000),
    "text: 3,000 cells of 5,000 characters": lambda: _long_lists(9_000, "保障业务开展。" * 700, 400),
    "text: 5,000 characters everywhere": lambda: _everywhere("保障业务开展，完成年度任务。" * 300),
    "text: 32,000 characters everywhere": lambda: _everywhere("做好培训，保障业务开展。" * 2_600),
    **{
        f"text: 32,000 of {text}": partial(_typed, (text * _LONG)[:_LONG])
        for text in (
            *("一", "1", "（", "，", "1.", "、", "《", "<=>", "95%", "的", "2025年1", "培训", "\u200b", "_x0041_", " "),
            *("\n", "a "),
        )
    },
    **{
        f"title: 32,000 of {text}": partial(_typed, (text * _LONG)[:_LONG], "B68")
        for text in ("一", "1、", "（一）", "1.", " ", "第一")
    },
    "below: 140,000 cells in a row": partial(_cells, 140_000, b"<c/>"),
    "below: 220,000 cells in rows": lambda: before(
        _FIRST, b"</sheetData>", (b"<row>" + b"<c s='1'><v>1</v></c>" * 100 + b"</row>") * 2_200
    ),
    "below: 150,000 texts in rows": lambda: before(
        _FIRST,
        b"</sheetData>",
        ("<row>" + "<c s='1' t='inlineStr'><is><t>旁边</t></is></c>" * 100 + "</row>").encode() * 1_300,
    ),
    "below: 240,000 numbers in their places": lambda: before(
        _FIRST, b"</sheetData>", _numbered(120_000, '<row r="9{0}"><c r="J9{0}"><v>{0}</v></c></row>')
    ),
    "below: 150,000 words in their places": lambda: before(
        _FIRST, b"</sheetData>", _numbered(160_000, '<row r="9{0}"><c r="C9{0}" t="str"><v>{0}项</v></c></row>')
    ),
    "below: 140,000 styles": partial(before, _STYLES, b"</cellXfs>", b'<xf numFmtId="1" fontId="0"/>', 140_000),
    "below: 140,000 elements in one another": partial(_nested, _FIRST, b"<sheetData>", b"a", 140_000),
    "below: 140,000 elements in a cell": lambda: before(
        _FIRST, b"</sheetData>", b"<row><c>" + b"<is>" * 140_000 + b"</is>" * 140_000 + b"</c></row>"
    ),
    "below: 60,000 attributes": lambda: changed(
        _FIRST, b"<sheetData>", b"<sheetData" + _numbered(30_000, ' a{}=""') + b">"
    ),
    "below: 10,000 namespaces": lambda: changed(
        _FIRST, b"<sheetData>", b"<sheetData" + _numbered(10_000, ' xmlns:a{}="b"') + b">"
    ),
    "below: 140,000 strings of runs": lambda: before(
        _STRINGS, b"</sst>", b"<si><r><rPr><strike/></rPr><t>a</t></r></si>" * 95_000
    ),
    "below: 100 strings of 300 kB": lambda: before(
        _STRINGS, b"</sst>", b"<si><t>" + b"a" * 100_000 + "一".encode() * 60_000 + b"</t></si>", 100
    ),
    "below: 140,000 names": lambda: before(
        _BOOK, b"</definedNames>", _numbered(140_000, '<definedName name="a{}">\'第一部分\'!$A$1</definedName>')
    ),
    "below: 4,900 merges over 100,000 cells": lambda: before(
        _FIRST, b"<pageMargins", b"<mergeCells>" + b'<mergeCell ref="J1:XFD1048576"/>' * 4_900 + b"</mergeCells>"
    ),
    "below: 3,000 formulas of 8 kB": lambda: _formulas(3_000, b"[" * 8_190),
    "below: 3,000 formulas of 8 kB with marks": lambda: _formulas(3_000, b"[]!" * 2_700),
    "below: formats of 255 characters": lambda: _shown_in(("h:m:" * 64)[:255]),
    "below: 32 MB of blanks": partial(before, _FIRST, b"</row>", b" " * 399_000, 70),
    "archive: overlapping entries": _overlapping,
    "archive: 10 GB of noughts": lambda: _zeros(2000),
    "archive: 60,000 entries": lambda: _many_entries(60_000),
    "document: a million paragraphs": lambda: _words(_PARAGRAPH.format("一").encode() * 1_000_000),
    "document: a paragraph of 20 million characters": lambda: _words(_PARAGRAPH.format("一" * 20_000_000).encode()),
    "document: a million runs": lambda: _words(
        b"<w:p>" + "<w:r><w:t>一</w:t></w:r>".encode() * 1_000_000 + b"</w:p>"
    ),
    "document: nested tables": lambda: _tables(3_000),
    "document: nested elements": partial(
        _nested, "word/document.xml", b"<w:sectPr", b"w:sdt", 2_000_000, source=DOCUMENT
    ),
    "document: 20,000 tables": lambda: _words(_TABLE.format("").encode() * 20_000),
    "document: a table of 100,000 rows": lambda: _words(
        b"<w:tbl>" + "<w:tr><w:tc><w:p><w:r><w:t>一</w:t></w:r></w:p></w:tc></w:tr>".encode() * 100_000 + b"</w:tbl>"
    ),
}  # fmt: skip


def suffix(name: str) -> str:
    """Return the ending of the file that a bomb is."""
    return ".docx" if name.startswith("document:") else ".xlsx"
