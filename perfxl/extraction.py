"""Arranges cells as a record: `Cells` → `Record`, with remarks on every cell that could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from perfxl import addresses
from perfxl.addresses import Range
from perfxl.catalog import Field, ReportType, RowList, Sheet
from perfxl.record import Path, Place, Record, Trace, leaves, names_only
from perfxl.remark import Remark
from perfxl.structure import Scope, common_scope, item_scopes, remarks_on_structure
from perfxl.values import displayed, understand
from perfxl.workbook.cells import Cell, Cells, SheetCells

# What XML 1.0 cannot hold, and so no Word document.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXACT_DIGITS = 15  # Excel keeps no more of a number


@dataclass
class _Draft:
    """A record in the making."""

    places: dict[Path, Place] = field(default_factory=dict)
    traces: list[Trace] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def extract(cells: Cells, report_type: ReportType) -> tuple[Record, tuple[Remark, ...]]:
    """Return the values of `cells`, arranged as `report_type` describes them, and remarks on what could not be read.

    A blank cell is absent from the record rather than empty; whether it may be absent is for the checks to say. A row
    blank in every column is skipped, and those after it keep their own row numbers, because people look for 第12行.
    A sheet of an item on which nothing was typed is no item; items come in the order of the tabs.
    """
    draft = _Draft()
    values: dict[str, Any] = dict(report_type.constants)
    common = common_scope(cells, report_type)
    scopes: list[Scope] = [common]
    for sheet in report_type.sheets:
        if sheet.each:
            items: list[dict[str, Any]] = []
            for scope in item_scopes(cells, sheet):
                path = (sheet.each, len(items))
                draft.places.setdefault((sheet.each,), Place(scope.title))
                item = _read(scope, sheet.fields, sheet.lists, path, draft)
                if _begun(item, sheet):
                    draft.places[path] = Place(scope.title)
                    items.append(item)
                    scopes.append(scope)
                else:
                    _forget(path, draft)
            if items:
                values[sheet.each] = items
        else:
            values |= _read(common, sheet.fields, sheet.lists, (), draft)
    remarks = (*draft.remarks, *remarks_on_structure(cells, report_type, scopes))
    ordered = {key: values[key] for key in report_type.schema["properties"] if key in values}
    return Record(ordered, draft.places, tuple(draft.traces)), remarks


def _begun(item: Mapping[str, Any], sheet: Sheet) -> bool:
    """Whether somebody typed something into the sheet of an item: more than a blank one holds and computes."""
    derived = {field.path[1:] for field in sheet.fields if field.derived}
    if not derived and not sheet.preset:
        return bool(item)
    typed = {names_only(path): value for path, value in leaves(item) if names_only(path) not in derived}
    blank = {names_only(path): value for path, value in leaves(sheet.preset)}
    return bool(typed.keys() - blank.keys()) or any(item.get(key, rows) != rows for key, rows in sheet.preset.items())


def _forget(path: Path, draft: _Draft) -> None:
    for known in [known for known in draft.places if known[: len(path)] == path]:
        del draft.places[known]


def _read(scope: Scope, fields: Sequence[Field], lists: Sequence[RowList], path: Path, draft: _Draft) -> dict[str, Any]:
    """Return what stands in the cells of `fields` and `lists`, nested as their paths below `path` say."""
    values: dict[str, Any] = {}
    depth = sum(isinstance(step, str) for step in path)
    for single in fields:
        if (located := scope.cells.get(single.name)) is None:
            continue
        sheet, at = located
        value = _value(sheet, at.top, at.left, single, (*path, *single.path[depth:]), draft)
        if value is not None:
            _nest(values, single.path[depth:], value)
    for rows in lists:
        if items := _read_rows(scope, rows, (*path, *rows.path[depth:]), draft):
            _nest(values, rows.path[depth:], items)
    return values


def _nest(values: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value


def _read_rows(scope: Scope, rows: RowList, path: Path, draft: _Draft) -> list[Any]:
    columns = [(column, *located) for column in rows.columns if (located := scope.cells.get(column.name)) is not None]
    if not columns:
        return []
    entry = next((c for c in columns if not c[0].derived), columns[0])
    draft.places[path] = Place(entry[1].title, entry[2].first)
    items: list[Any] = []
    for offset in range(max(at.bottom - at.top + 1 for _, _, at in columns)):
        if not any(
            (at.top + offset, at.left) in sheet.cells and _typed(sheet, at, offset, column)
            for column, sheet, at in columns
        ):
            continue
        here = (*path, len(items))
        if rows.plain:
            column, sheet, at = columns[0]
            items.append(_value(sheet, at.top + offset, at.left, column, here, draft) or "")
        else:
            items.append(_read_row(columns, offset, here, draft))
    return items


def _typed(sheet: SheetCells, at: Range, offset: int, column: Field) -> bool:
    """Whether somebody filled in this cell: not with blanks alone, and not the form's own formula."""
    cell = sheet.cells.get((at.top + offset, at.left))
    if cell is None or at.top + offset > at.bottom:
        return False
    if column.derived and cell.kind in ("formula", "uncached"):
        return False
    if column.formula and cell.kind == "error":
        return False
    return cell.kind != "typed" or understand(cell, column) is not None


def _read_row(
    columns: Sequence[tuple[Field, SheetCells, Range]], offset: int, path: Path, draft: _Draft
) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for column, sheet, at in columns:
        here = (*path, column.path[-1])
        draft.places[here] = Place(sheet.title, addresses.cell(at.top + offset, at.left))
        cell = sheet.cells.get((at.top + offset, at.left))
        if "x-follows" in column.schema and (cell is None or cell.value is None or not str(cell.value).strip()):
            continue
        value = _value(sheet, at.top + offset, at.left, column, here, draft)
        if value is not None:
            item[column.path[-1]] = value
    for column, _, _ in columns:
        if "x-follows" in column.schema and column.path[-1] not in item:
            followed = _followed(column.schema["x-follows"], item)
            if followed:
                item[column.path[-1]] = followed
    return {column.path[-1]: item[column.path[-1]] for column, _, _ in columns if column.path[-1] in item}


def _followed(follows: Mapping[str, Any], item: Mapping[str, Any]) -> str | None:
    """Return what the sheet's own formula shows, for workbooks saved by a program that does not calculate."""
    groups: Iterator[tuple[str, Sequence[str]]] = iter(follows["groups"].items())
    return next((group for group, members in groups if item.get(follows["field"]) in members), None)


def _value(sheet: SheetCells, row: int, column: int, field: Field, path: Path, draft: _Draft) -> Any:
    draft.places[path] = Place(sheet.title, addresses.cell(row, column))
    cell = sheet.cells.get((row, column))
    if cell is None or (field.formula and cell.kind in ("uncached", "error")):
        return None  # whatever the sheet cannot compute is for the checks to compute, and to say why not
    if trouble := _trouble(cell, field):
        draft.remarks.append(Remark(trouble, path, {"label": field.label, "value": cell.value or ""}))
        if trouble != "T10":
            return None
    understood = understand(cell, field)
    if understood is None:
        return None
    if understood.raw is not None:
        draft.traces.append(Trace(path, understood.raw, understood.value))
        words = {"label": field.label, "raw": understood.raw, "value": understood.value}
        draft.remarks.append(Remark("V07", path, words))
    if isinstance(understood.value, str) and _UNPRINTABLE.search(understood.value):
        shown = _UNPRINTABLE.sub("□", understood.value)
        draft.remarks.append(Remark("V08", path, {"label": field.label, "value": shown}))
    return understood.value


def _trouble(cell: Cell, field: Field) -> str | None:
    """Return the code of what makes a cell unreadable, or doubtful in the case of a link to another workbook."""
    if cell.kind == "error":
        return "T09"
    if cell.kind == "uncached" or (cell.kind == "external" and cell.value is None):
        return "T08"
    if cell.kind == "external":
        return "T10"
    is_number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
    if field.format == "code" and is_number and len(displayed(cell.value or 0)) > _EXACT_DIGITS:
        return "T13"
    return None
