"""Changes parts of valid workbooks at random and reads each by both readers: the same cells, or one says nothing.

    python tools/reader_mutants.py                     3,000 workbooks with a fixed seed, in some 30 s
    python tools/reader_mutants.py -n 100000 --seed 7  a long run; --keep FOLDER keeps those on which the readers differ

A mutant is an example, or a form as other programs save it, of which one to four pieces of XML were dropped, doubled,
swapped, renamed, nested in one another or given other attributes and values. The fast reader may decline any of them;
where it answers, the careful one has to give the same. No reader may raise, print, or take long.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import re
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from perfxl.fast.workbook.reader import read_fast
from perfxl.model.remark import Remark
from perfxl.workbook.cells import Cells
from perfxl.workbook.reading.reader import read

ROOT = Path(__file__).resolve().parent.parent
SEED, NUMBER, SECONDS = 20261201, 3_000, 10
_PARTS = re.compile(r"xl/(worksheets/[^/]+|workbook|sharedStrings|styles)\.xml|\[Content_Types\]\.xml|.*\.rels")
_TAG = re.compile(rb"<[^<>]+>")
_ELEMENT = re.compile(rb"<(c|row|si|t|v|f|xf|numFmt|sheet|definedName|mergeCell|col|is|r|rPr|mergeCells|cellXfs)\b")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_VALUES = (
    *(b"", b"0", b"1", b"-1", b"00", b"true", b"A0", b"A1", b"a1", b"$A$1", b"B2", b"XFD1048576", b"XFE1", b"ZZZ9"),
    *(
        b"s",
        b"n",
        b"str",
        b"b",
        b"e",
        b"d",
        b"inlineStr",
        b"99999999",
        b"1e5",
        b" 1",
        "１".encode(),
        b"A1:B2",
        b"B2:A1",
    ),
    *(b"hidden", b"veryHidden", b"shared", b"array", b"dataTable", b"yyyy", b"[h]:mm", b"General", b"rId1", b"&amp;"),
)
_TEXTS = (
    *(b"", b" ", b"0", b"1", b"-0", b"1.0", b".5", b"1e5", b"1E+400", b"nan", b"inf", b"0x1", b"1_0", b"TRUE", b"true"),
    *(b"#N/A", b"#DIV/0!", b"_x0041_", b"_x000D_", b"&#65;", b"&#xD;", b"&lt;", b"]]&gt;", b"\r\n", "１".encode()),
    *(
        "中".encode(),
        b"=1",
        b"[1]a!A1",
        b"SUM(A1)",
        b'DISPIMG("a",1)',
        b"2025-01-01",
        b"45000",
        b"60",
        b"-1",
        b"9" * 400,
    ),
)
_PIECES = (
    *(b'<c r="A0"/>', b'<c r="A0"><v>1</v></c>', b"<c><v>1</v></c>", b'<c r="B2"><v>1</v></c>', b"<row/>", b"<xf/>"),
    *(b'<row r="1"><c r="A1"><v>1</v></c></row>', b'<mergeCells><mergeCell ref="A1:B2"/></mergeCells>', b"<v>1</v>"),
    *(b"<xf><xf/></xf>", b"<si><t>a</t></si>", b"<t>a</t>", b"<!-- -->", b"<![CDATA[1]]>", b"<?a b?>", b"<f>A1</f>"),
    *(b'<mergeCell ref="A1:B2"/>', b'<col min="1" max="9" hidden="1"/>', b'<numFmt numFmtId="1" formatCode="yyyy"/>'),
    *(b"<is><t>a</t></is>", b"<r><t>a</t></r>", b"<rPh sb='0' eb='1'><t>a</t></rPh>", b"<a/>", b"x", b"&#1;", b"\0"),
    *(b"<extLst><ext><xf/></ext></extLst>", b'<sheet name="a" sheetId="99" r:id="rId1"/>', b"<c/>" * 18_279),
)


class Mutant(NamedTuple):
    """A changed workbook, and in words what was done to it."""

    data: bytes
    done: str


def sources() -> list[dict[str, bytes]]:
    """Return the parts of the workbooks that are changed."""
    books = [path.read_bytes() for path in sorted((ROOT / "examples").glob("*.xlsx"))]
    books += [path.read_bytes() for path in sorted((ROOT / "templates").glob("*.xlsx"))]
    found = []
    for book in [*books, *[_small()] * len(books) * 4]:
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            found.append({name: archive.read(name) for name in archive.namelist()})
    return found


def _small() -> bytes:
    """Return a small workbook of many kinds of cells, which the careful reader has read soon."""
    result = io.BytesIO()
    with xlsxwriter.Workbook(result, {"in_memory": True}) as book:
        for title in ("基本信息", "项目1"):
            sheet = book.add_worksheet(title)
            looks = [book.add_format({"num_format": code}) for code in ("0.00%", "yyyy/m/d", "@", "#,##0.00", "[h]:mm")]
            for row, look in enumerate(looks):
                sheet.write_string(row, 0, f"文字{row}\n<&>", look)
                sheet.write_number(row, 1, 45000.25 + row, look)
                sheet.write_blank(row, 2, None, look)
                sheet.write_formula(row, 3, "=A1&B1", look, "结果" if row % 2 else 3)
            sheet.write_boolean(6, 0, True)
            sheet.write_rich_string(7, 0, "一", looks[0], "二", looks[1], "三")
            sheet.merge_range(8, 0, 9, 2, "合并")
            sheet.set_row(10, None, None, {"hidden": True})
            sheet.set_column(5, 6, 3, None, {"hidden": True})
            book.define_name(f"'{title}'!own.name", f"='{title}'!$A$1")
        book.define_name("perfxl.type", '="performance_plan"')
        book.define_name("perfxl.version", "=1")
    return result.getvalue()


def mutants(number: int, seed: int) -> Iterator[Mutant]:
    """Yield so many changed workbooks, the same for the same seed."""
    chance = random.Random(seed)
    books = sources()
    for _ in range(number):
        parts = dict(chance.choice(books))
        names = [name for name in parts if _PARTS.fullmatch(name)]
        done = []
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            name = chance.choice(names)
            parts[name], what = _changed(parts[name], chance)
            done.append(f"{name}: {what}")
        yield Mutant(_packed(parts), "; ".join(done))


def _changed(part: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Return a part with something done to it, and what."""
    tags = list(_TAG.finditer(part))
    if not tags:
        return part, "nothing"
    tag = chance.choice(tags)
    way = chance.choice(_WAYS)
    return way(part, tag, tags, chance), f"{way.__name__.strip('_')} at {tag.start()} {tag[0][:60]!r}"


def _dropped(part: bytes, tag: re.Match[bytes], _: list[re.Match[bytes]], __: random.Random) -> bytes:
    return part[: tag.start()] + part[tag.end() :]


def _element(part: bytes, tag: re.Match[bytes]) -> tuple[int, int]:
    """Return where the element of a tag begins and ends, or the tag alone."""
    name = re.match(rb"<([\w:]+)", tag[0])
    if name is None or tag[0].endswith(b"/>"):
        return tag.span()
    end = part.find(b"</" + name[1] + b">", tag.end())
    return tag.span() if end < 0 else (tag.start(), end + len(name[1]) + 3)


def _element_dropped(part: bytes, tag: re.Match[bytes], _: list[re.Match[bytes]], __: random.Random) -> bytes:
    start, end = _element(part, tag)
    return part[:start] + part[end:]


def _element_doubled(part: bytes, tag: re.Match[bytes], _: list[re.Match[bytes]], __: random.Random) -> bytes:
    start, end = _element(part, tag)
    return part[:end] + part[start:end] + part[end:]


def _element_moved(part: bytes, tag: re.Match[bytes], tags: list[re.Match[bytes]], chance: random.Random) -> bytes:
    start, end = _element(part, tag)
    at = chance.choice(tags).end()
    return part[:at] + part[start:end] + part[at:]


def _element_emptied(part: bytes, tag: re.Match[bytes], _: list[re.Match[bytes]], __: random.Random) -> bytes:
    start, end = _element(part, tag)
    return part[:start] + tag[0][:-1].rstrip(b"/") + b"/>" + part[end:]


def _attribute_changed(part: bytes, tag: re.Match[bytes], _: list[re.Match[bytes]], chance: random.Random) -> bytes:
    found = list(_ATTRIBUTE.finditer(tag[0]))
    if not found:
        return part
    which, value = chance.choice(found), chance.choice(_VALUES)
    at = tag.start() + which.start(2)
    return part[:at] + value + part[at + len(which[2]) :]


def _attribute_dropped(part: bytes, tag: re.Match[bytes], _: list[re.Match[bytes]], chance: random.Random) -> bytes:
    found = list(_ATTRIBUTE.finditer(tag[0]))
    if not found:
        return part
    which = chance.choice(found)
    return part[: tag.start() + which.start()].rstrip() + part[tag.start() + which.end() :]


def _attribute_added(part: bytes, tag: re.Match[bytes], _: list[re.Match[bytes]], chance: random.Random) -> bytes:
    name = chance.choice(
        (b"r", b"s", b"t", b"hidden", b"ht", b"count", b"min", b"ref", b"numFmtId", b"a", b"xml:space")
    )
    at = tag.end() - (2 if tag[0].endswith(b"/>") else 1)
    return part[:at] + b' %s="%s"' % (name, chance.choice(_VALUES)) + part[at:]


def _text_changed(part: bytes, tag: re.Match[bytes], _: list[re.Match[bytes]], chance: random.Random) -> bytes:
    end = part.find(b"<", tag.end())
    return part if end < 0 else part[: tag.end()] + chance.choice(_TEXTS) + part[end:]


def _piece_added(part: bytes, tag: re.Match[bytes], _: list[re.Match[bytes]], chance: random.Random) -> bytes:
    return part[: tag.end()] + chance.choice(_PIECES) + part[tag.end() :]


def _renamed(part: bytes, tag: re.Match[bytes], tags: list[re.Match[bytes]], chance: random.Random) -> bytes:
    other = re.match(rb"</?([\w:]+)", chance.choice(tags)[0])
    name = re.match(rb"</?([\w:]+)", tag[0])
    if name is None or other is None:
        return part
    start, end = _element(part, tag)
    inside = part[start:end].replace(b"<" + name[1], b"<" + other[1], 1)
    ending = b"</" + name[1] + b">"
    return (
        part[:start]
        + inside.removesuffix(ending)
        + (b"</" + other[1] + b">" if inside.endswith(ending) else b"")
        + part[end:]
    )


def _byte_changed(part: bytes, _: re.Match[bytes], __: list[re.Match[bytes]], chance: random.Random) -> bytes:
    at = chance.randrange(len(part))
    return part[:at] + bytes([chance.choice(b"<>&\"'/ 019azA\0\xff\x80\xef=")]) + part[at + 1 :]


_WAYS = (
    *(_dropped, _element_dropped, _element_doubled, _element_moved, _element_emptied, _attribute_changed),
    *(_attribute_changed, _attribute_dropped, _attribute_added, _text_changed, _text_changed, _piece_added, _renamed),
    _byte_changed,
)


def _packed(parts: dict[str, bytes]) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return result.getvalue()


def plainly(cells: Cells | None) -> object:
    """Return cells as nothing but tuples, in which 1, 1.0 and True differ, and NaN equals itself."""
    return cells and (
        (cells.type_id, cells.version, tuple(cells.names.items())),
        tuple(
            (
                (sheet.title, tuple(sheet.names.items()), sheet._replace(cells={}, names={})),
                {
                    place: (type(cell.value).__name__, repr(cell.value), cell.number_format, cell.kind)
                    for place, cell in sheet.cells.items()
                },
            )
            for sheet in cells.sheets
        ),
    )


def fault(data: bytes) -> str:
    """Return what is wrong with the readers on a workbook; empty where nothing is."""
    printed = io.StringIO()
    began = time.process_time()
    try:
        with contextlib.redirect_stdout(printed):
            fast, careful = read_fast(data), read(data)
    except Exception as raised:  # noqa: BLE001 - whatever a reader raises is what is looked for
        return f"raised {type(raised).__name__}: {raised}"
    if time.process_time() - began > SECONDS:
        return "took long"
    if printed.getvalue():
        return f"printed {printed.getvalue()[:80]!r}"
    if fast is None:
        return ""
    if isinstance(careful, Remark):
        # openpyxl refuses a whole workbook for a fault in what has nothing to do with cells, such as a font.
        return "" if careful.code == "F04" else f"the fast reader reads what the careful one calls {careful.code}"
    return "" if plainly(fast) == plainly(careful) else _difference(fast, careful)


def _difference(fast: Cells, careful: Cells) -> str:
    for one, other in zip(fast.sheets, careful.sheets, strict=False):
        for place in one.cells.keys() | other.cells.keys():
            if repr(one.cells.get(place)) != repr(other.cells.get(place)):
                return f"{one.title} {place}: {one.cells.get(place)} and {other.cells.get(place)}"
        if one._replace(cells={}) != other._replace(cells={}):
            return f"{one.title}: {one._replace(cells={})!r:.300} and {other._replace(cells={})!r:.300}"
    return "sheets or names differ"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-n", dest="number", type=int, default=NUMBER)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--keep", type=Path, help="a folder for workbooks on which the readers differ")
    asked = parser.parse_args()
    bad = answered = 0
    for number, mutant in enumerate(mutants(asked.number, asked.seed)):
        answered += read_fast(mutant.data) is not None
        if wrong := fault(mutant.data):
            bad += 1
            print(f"{number}: {wrong}\n    {mutant.done}", flush=True)
            if asked.keep:
                (asked.keep / f"{asked.seed}-{number}.xlsx").write_bytes(mutant.data)
    print(f"{asked.number} workbooks, {answered} read by the fast reader, {bad} faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
