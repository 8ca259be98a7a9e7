"""Where the cells of a form get in each other's way, and whether the blank form at hand is that of its schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from perfxl.model.addresses import Range, column_letters, column_number
from perfxl.model.author_note import AuthorNote
from perfxl.report_type.model import LIST_SHEET, Field, ReportType, RowList, Sheet
from perfxl.workbook.cells import Cells
from perfxl.workbook.form import form
from perfxl.workbook.form.page_layout import FormFault

_Area = tuple[str, str, Range]
"""Something on a sheet: `input`, `label`, `caption` or `number`, what it is called, and where it stands."""


def layout_notes(report_type: ReportType, file: str) -> list[AuthorNote]:
    """Return what stands where something else stands, or nowhere."""
    notes = list(_homeless(report_type, file))
    for sheet in report_type.sheets:
        notes += _sheet_notes(sheet, file)
    notes += _names(report_type, file)
    if not notes:
        try:
            form.write(report_type, None)
        except FormFault as fault:
            notes.append(AuthorNote(file, "填报表", f"做不出来（{fault}）", "请核对这一栏的名称和地址"))
    return notes


def form_notes(report_type: ReportType, cells: Cells | None, file: str) -> Iterator[AuthorNote]:
    """Yield in what the blank form at hand is not that of the schema; `cells` is None where it cannot be read."""
    again = f"请重新生成：perfxl new {report_type.id} -o {file}"
    if cells is None:
        yield AuthorNote(file, "", "读不出来", again)
        return
    if cells.type_id != report_type.id:
        yield AuthorNote(file, "", f"是“{cells.type_id or '别的表'}”的填报表，不是“{report_type.id}”的", again)
        return
    if cells.version != report_type.version:
        yield AuthorNote(
            file,
            "",
            f"是第{cells.version}版的，结构已是第{report_type.version}版",
            again,
            grave=cells.version > report_type.version,
        )
    known = set(cells.names).union(*(sheet.names for sheet in cells.sheets))
    for field in (field for sheet in report_type.sheets for field in sheet.inputs()):
        if field.name not in known and field.name.replace(".", "_") not in known:
            yield AuthorNote(file, _named(field), "空白填报表里没有这一栏", again)


def _homeless(report_type: ReportType, file: str) -> Iterator[AuthorNote]:
    """Yield the fields that no sheet asks for."""
    placed = {field.path for sheet in report_type.sheets for field in sheet.inputs()}
    each = {sheet.each for sheet in report_type.sheets}

    def leaves(node: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[AuthorNote]:
        for name, member in node.get("properties", {}).items():
            here = (*path, name)
            if member.get("type") == "array" and "x-at" not in member and name not in each:
                continue  # computed, or told of as a list that stands nowhere
            inner = member["items"] if member.get("type") == "array" else member
            if "properties" in inner:
                yield from leaves(inner, here)
            elif here not in placed and "const" not in member:
                place = f"栏目“{member.get('x-label', name)}”（{'.'.join(here)}）"
                yield AuthorNote(file, place, "没有写填在哪一格", "请写“x-at”")

    yield from leaves(report_type.schema, ())


def _named(field: Field) -> str:
    return f"栏目“{field.label}”（{field.name}）"


def _sheet_notes(sheet: Sheet, file: str) -> Iterator[AuthorNote]:
    areas = list(_areas(sheet))
    told: set[frozenset[str]] = set()
    for one, other in combinations(areas, 2):
        pair = frozenset((one[1], other[1]))
        if pair in told or "input" not in (one[0], other[0]) or not _overlap(one[2], other[2]):
            continue
        told.add(pair)
        at = _common(one[2], other[2])
        yield AuthorNote(file, f"工作表“{sheet.name}”的 {at}", f"{one[1]}和{other[1]}占了同一格", "请移开其中一个")
    width = len(sheet.columns)
    for _, name, at in areas:
        if at.right > width:
            letter = column_letters(at.right)
            yield AuthorNote(
                file, f"工作表“{sheet.name}”的 {at}", f"{name}在{letter}列，columns 只写了{width}列的宽度", "请补上列宽"
            )
        if at.top < 1 or at.left < 1:
            yield AuthorNote(file, f"工作表“{sheet.name}”", f"{name}的名称没有地方放", '请写“x-label-at”，不印就写 ""')
    if sheet.name == LIST_SHEET:
        yield AuthorNote(file, f"工作表“{sheet.name}”", "这个名称是程序自己用的", "请换一个名称")


def _areas(sheet: Sheet) -> Iterator[_Area]:
    for field in sheet.fields:
        yield "input", _named(field), field.at
        if field.label_at:
            yield "label", f"“{field.label}”的名称", field.label_at
    for rows in sheet.lists:
        yield from _list_areas(rows)
    for caption in sheet.captions:
        yield "caption", f"文字“{caption.text[:12]}”", caption.at


def _list_areas(rows: RowList) -> Iterator[_Area]:
    for column in rows.columns:
        yield "input", f"列{_named(column)}", Range(rows.first_row, column.at.left, rows.last_row, column.at.right)
        if column.label_at:
            yield "label", f"“{column.label}”的名称", column.label_at
    if rows.number_column:
        left = column_number(rows.number_column)
        yield "label", f"“{rows.label}”的序号", Range(rows.first_row, left, rows.last_row, left)


def _overlap(one: Range, other: Range) -> bool:
    return one.top <= other.bottom and other.top <= one.bottom and one.left <= other.right and other.left <= one.right


def _common(one: Range, other: Range) -> Range:
    return Range(
        max(one.top, other.top), max(one.left, other.left), min(one.bottom, other.bottom), min(one.right, other.right)
    )


def _names(report_type: ReportType, file: str) -> Iterator[AuthorNote]:
    """Yield the fields whose labels on one sheet are the same, so that a finding could mean either."""
    for sheet in report_type.sheets:
        known: dict[str, Field] = {}
        for field in sheet.fields:
            other = known.setdefault(field.label, field)
            if other is not field and other.path[:-1] == field.path[:-1]:
                yield AuthorNote(
                    file, _named(field), f"和“{other.name}”用了同一个名称", "请改一个，检查意见才分得清", grave=False
                )
