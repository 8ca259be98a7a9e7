"""A blank Word form into a first drawing: its tables are drawn, its empty cells become fields to name.

A table's cell without a text is taken for one to fill in and called after the text to its left, or above it. Rows of
empty cells below a row of texts are the rows of a list.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field

from perfxl.authoring.drawing import DrawnCell, DrawnSheet, drawn_workbook
from perfxl.authoring.field_rows import key_of
from perfxl.document.package.docx_zip import DOCUMENT, read_parts
from perfxl.document.template.fault import TemplateFault
from perfxl.document.template.preparation import prepared
from perfxl.model.addresses import Range
from perfxl.model.author_note import AuthorNote
from perfxl.report_type.model import TypeFault

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TWENTIETHS = 105  # of a point, about the width of a character of 11 pt
_WIDTHS = (4.0, 60.0)
_LEAST_LIST = 2  # columns, and blank rows, that make a list
_PLAIN, _TITLE = {"font_name": "宋体", "font_size": 11.0}, {"font_name": "黑体", "font_size": 18.0, "align": "center"}
_KINDS = (
    ("日期|时间$", "日期"), ("金额|预算|资金|单价|总价|合计", "金额"), ("数量|人数|个数", "整数"), ("^是否", "是否"),
    ("编码|代码|账号|电话", "编码"), ("说明|内容|意见|情况|原因|依据|备注", "多行"),
)  # fmt: skip
_SHEET = "填报表"


@dataclass
class _Box:
    """A cell of a Word table on the grid of its table: rows and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int
    text: str


@dataclass
class _Drawn:
    """What has been drawn so far: cells, fields with their kinds, and the next free row."""

    cells: list[DrawnCell] = field(default_factory=list)
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    row: int = 1

    def name(self, label: str, around: str = "") -> str:
        """Return a name that no other field has."""
        plain = re.sub(r"[（(].*?[）)]|[:：\s.]", "", label) or "栏目"
        if not key_of(plain):
            plain = "栏目"
        known = {key_of(name) for name, _, _ in self.fields}
        number, found = 1, f"{around}{plain}"
        while key_of(found) in known:
            number += 1
            found = f"{around}{plain}{number}"
        return found


def first_drawing(data: bytes, file: str) -> bytes:
    """Return the workbook of a first drawing of the blank Word form `data`. Raises `TypeFault` without a table."""
    try:
        root = ET.fromstring(prepared(read_parts(data))[DOCUMENT])
    except (ValueError, TemplateFault) as fault:
        note = AuthorNote(file, "", "不是能读的 Word 文档", "请用 Word 或 WPS 另存为“Word 文档（*.docx）”")
        raise TypeFault.of([note]) from fault
    body = root.find(_W + "body")
    tables = [] if body is None else [child for child in body if child.tag == _W + "tbl"]
    if body is None or not tables:
        raise TypeFault.of([AuthorNote(file, "", "里面没有表格", "请用有表格的空白表，或者在 Excel 里自己画")])
    widths = max((_grid(table) for table in tables), key=len)
    drawn = _Drawn()
    for child in body:
        if child.tag == _W + "p" and _text(child):
            look = _TITLE if drawn.row == 1 else _PLAIN
            drawn.cells.append(DrawnCell(Range(drawn.row, 1, drawn.row, len(widths)), _text(child), look, False))
            drawn.row += 1
        elif child.tag == _W + "tbl":
            _draw(child, drawn, len(widths))
    return drawn_workbook(DrawnSheet(_SHEET, tuple(widths), {}, False, tuple(drawn.cells)), drawn.fields)


def _text(node: ET.Element) -> str:
    return "".join(each.text or "" for each in node.iter(_W + "t")).strip()


def _grid(table: ET.Element) -> list[float]:
    found = [int(column.get(_W + "w", "0")) / _TWENTIETHS for column in table.findall(f"{_W}tblGrid/{_W}gridCol")]
    return [round(min(max(width, _WIDTHS[0]), _WIDTHS[1]), 1) for width in found]


def _boxes(table: ET.Element) -> list[_Box]:
    """Return the cells of a table, merged ones as one."""
    found: list[_Box] = []
    open_: dict[int, _Box] = {}
    for row, line in enumerate(table.findall(_W + "tr")):
        column = 0
        for cell in line.findall(_W + "tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            wide = int(span.get(_W + "val", "1")) if span is not None else 1
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merged is not None and merged.get(_W + "val") != "restart" and column in open_:
                open_[column].bottom = row
            else:
                box = _Box(row, column, row, column + wide - 1, _text(cell))
                found.append(box)
                open_[column] = box
            column += wide
    return found


def _draw(table: ET.Element, drawn: _Drawn, columns: int) -> None:
    boxes = _boxes(table)
    last = max((box.right for box in boxes), default=0)
    # The last column of a narrower table reaches to the edge of the widest.
    for box in boxes:
        if box.right == last:
            box.right = max(last, columns - 1)
    rows = [
        [box for box in boxes if box.top == row] for row in range(max((box.bottom for box in boxes), default=0) + 1)
    ]
    first, listed = drawn.row, dict(_lists(rows))
    texts: dict[int, str] = {}
    for number, row in enumerate(rows):
        for box in row:
            if number in listed:
                texts[id(box)] = _of_list(box, rows, number, listed, drawn)
            elif not box.text:
                label = _label(box, boxes)
                name = drawn.name(label)
                drawn.fields.append((name, _kind(label), ""))
                texts[id(box)] = f"{{{{{name}}}}}"
    for box in boxes:
        at = Range(first + box.top, box.left + 1, first + box.bottom, box.right + 1)
        drawn.cells.append(DrawnCell(at, texts.get(id(box), box.text), _PLAIN, True))
    drawn.row = first + len(rows)


def _lists(rows: list[list[_Box]]) -> Iterator[tuple[int, int]]:
    """Yield the rows that belong to lists, each with the first row of its list."""
    number = 1
    while number < len(rows):
        head, row = rows[number - 1], rows[number]
        places = [(box.left, box.right) for box in row]
        end = number
        if len(row) >= _LEAST_LIST and all(box.text for box in head) and places == [(b.left, b.right) for b in head]:
            while end < len(rows) and _blank(rows[end]) and [(b.left, b.right) for b in rows[end]] == places:
                end += 1
        if end - number >= _LEAST_LIST:
            yield from ((each, number) for each in range(number, end))
        number = max(end, number + 1)


def _blank(row: list[_Box]) -> bool:
    return bool(row) and all(not box.text and box.top == box.bottom for box in row)


def _of_list(box: _Box, rows: list[list[_Box]], number: int, listed: dict[int, int], drawn: _Drawn) -> str:
    """Return the text of a cell in a list: a tag in its first row, nothing below."""
    first = listed[number]
    if number != first:
        return ""
    head = next(one for one in rows[first - 1] if one.left == box.left)
    if box is rows[number][0]:
        drawn.fields.append((drawn.name("明细"), "列表", f"1-{max(20, sum(one == first for one in listed.values()))}"))
    list_name = next(name for name, kind, _ in reversed(drawn.fields) if kind == "列表")
    name = drawn.name(head.text, f"{list_name}.")
    drawn.fields.append((name, _kind(head.text), ""))
    return f"{{{{{name}}}}}"


def _label(box: _Box, boxes: list[_Box]) -> str:
    """Return the text beside a cell: to its left, else above."""
    left = [one for one in boxes if one.right == box.left - 1 and one.top <= box.top <= one.bottom and one.text]
    above = [one for one in boxes if one.bottom == box.top - 1 and one.left <= box.left <= one.right and one.text]
    return next((one.text for one in (*left, *above)), "栏目")


def _kind(label: str) -> str:
    return next((kind for pattern, kind in _KINDS if re.search(pattern, re.sub(r"\s", "", label))), "文字")
