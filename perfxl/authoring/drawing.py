"""A form as its author has drawn it in Excel: cells with texts and looks, and the rows of the sheet 栏目.

The only module besides the reader of forms that knows openpyxl: here looks are asked for, which no form needs.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.authoring.field_rows import HEADINGS
from perfxl.document.package.docx_zip import read_parts
from perfxl.model.addresses import Range
from perfxl.model.author_note import AuthorNote
from perfxl.report_type.model import TypeFault
from perfxl.storage.zip_archive import write_parts

FIELDS_SHEET = "栏目"
_STANDARD_WIDTH = 8.43
_LINE = 15.0
_SIDES = ("left", "right", "top", "bottom")
_MOST_COLUMNS, _MOST_ROWS = 60, 400
_CREATED = datetime(2000, 1, 1)  # no clock: the same form gives the same drawing
_MODIFIED = re.compile(rb"<dcterms:modified[^>]*>[^<]*</dcterms:modified>")


@dataclass(frozen=True, eq=False)
class DrawnCell:
    """A cell, or merged ones, with its text and its look as the form writes it; `bordered` where it has a frame."""

    at: Range
    text: str
    look: Mapping[str, Any]
    bordered: bool


@dataclass(frozen=True)
class DrawnSheet:
    """A drawn sheet. `heights` are those of rows that the author has chosen, in points."""

    name: str
    widths: tuple[float, ...]
    heights: Mapping[int, float]
    landscape: bool
    cells: tuple[DrawnCell, ...]


@dataclass(frozen=True)
class Drawing:
    """What an author has drawn: sheets, and by row number of 栏目 what each row says by its headings."""

    sheets: tuple[DrawnSheet, ...]
    fields: tuple[tuple[int, Mapping[str, str]], ...]
    headings: tuple[str, ...]


def drawing(data: bytes, file: str) -> Drawing:
    """Return what is drawn in a workbook. Raises `TypeFault` where it cannot be read, or has no sheet 栏目."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl would lose on saving; nothing is saved
            book = load_workbook(BytesIO(data))
    except Exception as fault:  # whatever openpyxl raises, the file is not one that it reads
        note = AuthorNote(file, "", "不是能读的 Excel 工作簿", "请用 Excel 或 WPS 另存为 .xlsx")
        raise TypeFault.of([note]) from fault
    sheets = [sheet for sheet in book.worksheets if sheet.title != FIELDS_SHEET]
    if FIELDS_SHEET not in book.sheetnames or not sheets:
        missing = FIELDS_SHEET if FIELDS_SHEET not in book.sheetnames else "画好的表"
        note = AuthorNote(file, "", f"没有“{missing}”", "一张工作表画填报表，另一张叫“栏目”，一行写一个栏目")
        raise TypeFault.of([note])
    headings, fields = _fields(book[FIELDS_SHEET])
    return Drawing(tuple(map(_sheet, sheets)), fields, headings)


def _fields(sheet: Worksheet) -> tuple[tuple[str, ...], tuple[tuple[int, dict[str, str]], ...]]:
    """Return the headings of 栏目 and its rows; the headings stand in the first row that says 名称."""
    rows = [[_text(cell.value) for cell in row] for row in sheet.iter_rows()]
    first = next((number for number, row in enumerate(rows) if "名称" in row), 0)
    headings = rows[first] if rows else []
    found = []
    for number, row in enumerate(rows[first + 1 :], first + 2):
        said = {heading: text for heading, text in zip(headings, row, strict=False) if heading and text}
        if said:
            found.append((number, said))
    return tuple(heading for heading in headings if heading), tuple(found)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _sheet(sheet: Worksheet) -> DrawnSheet:
    merged = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    cells = []
    for row in sheet.iter_rows(max_row=min(sheet.max_row, _MOST_ROWS), max_col=min(sheet.max_column, _MOST_COLUMNS)):
        for cell in row:
            if isinstance(cell, MergedCell):
                continue
            area = merged.get((cell.row, cell.column))
            bordered = any(getattr(cell.border, side).style for side in _SIDES)
            if area is None and cell.value in (None, "") and not bordered:
                continue
            at = Range(cell.row, cell.column, area.max_row if area else cell.row, area.max_col if area else cell.column)
            cells.append(DrawnCell(at, _text(cell.value), _look(cell, bordered), bordered))
    last = max((cell.at.right for cell in cells), default=1)
    return DrawnSheet(
        sheet.title,
        tuple(_width(sheet, column) for column in range(1, last + 1)),
        {row: float(known.height) for row, known in sheet.row_dimensions.items() if known.height},
        sheet.page_setup.orientation == "landscape",
        tuple(cells),
    )


def _width(sheet: Worksheet, column: int) -> float:
    # Columns of one width stand together under the first of them.
    for letters, known in sheet.column_dimensions.items():
        low, high = known.min or 0, known.max or 0
        if (low <= column <= high or letters == get_column_letter(column)) and known.width:
            return round(float(known.width), 2)
    return _STANDARD_WIDTH


def _look(cell: Cell, bordered: bool) -> dict[str, Any]:
    font, at = cell.font, cell.alignment
    look: dict[str, Any] = {"font_name": font.name or "宋体", "font_size": float(font.sz or 11)}
    if cell.alignment.wrap_text:
        look["text_wrap"] = True
    if font.b:
        look["bold"] = True
    if at.horizontal in ("left", "center", "right"):
        look["align"] = at.horizontal
    if bordered:
        look["border"] = 1
    fill = cell.fill
    colour = fill.fgColor.rgb if fill.fill_type == "solid" and fill.fgColor.type == "rgb" else None
    if isinstance(colour, str) and colour[-6:] not in ("000000", "FFFFFF"):
        look["bg_color"] = f"#{colour[-6:]}"
    return look


def drawn_workbook(sheet: DrawnSheet, fields: Sequence[tuple[str, str, str]]) -> bytes:
    """Return a workbook with one drawn sheet and the sheet 栏目 of `fields`: name, kind and range of each.

    The same arguments give the same bytes.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    drawn = book.create_sheet(sheet.name)
    for column, width in enumerate(sheet.widths, 1):
        drawn.column_dimensions[get_column_letter(column)].width = width
    line = Side(style="thin")
    frame = Border(left=line, right=line, top=line, bottom=line)
    for cell in sheet.cells:
        at = cell.at
        first = drawn.cell(at.top, at.left, cell.text or None)
        first.font = Font(name=cell.look["font_name"], size=cell.look["font_size"])
        first.alignment = Alignment(horizontal=cell.look.get("align"), vertical="center", wrap_text=True)
        for row in drawn.iter_rows(at.top, at.bottom, at.left, at.right) if cell.bordered else ():
            for each in row:
                each.border = frame
        if not at.single:
            drawn.merge_cells(str(at))
    listed = book.create_sheet(FIELDS_SHEET)
    listed.append(list(HEADINGS))
    for name, kind, extent in fields:
        said = {"名称": name, "类型": kind, "范围": extent}
        listed.append([said.get(heading) or None for heading in HEADINGS])
    book.properties.created = book.properties.modified = _CREATED
    result = BytesIO()
    book.save(result)
    parts = read_parts(result.getvalue())
    return write_parts({name: _MODIFIED.sub(b"", part) for name, part in parts.items()})
