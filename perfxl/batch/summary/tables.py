"""Flat tables of what many workbooks hold: one for the items that have sheets of their own, one for each list.

Columns are the fields of the schemas, so that a new field is a new column. Several types share a table where they call
it by one name; a column is there once for each name of a field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from perfxl.report_type.model import Field, ReportType, RowList

# What people call the tables; others bear the labels of their lists.
_TITLES = {"projects": "项目", "indicators": "指标"}


_NESTED = frozenset((dict, list))


@dataclass(frozen=True)
class TableColumn:
    """A column: the last name of its field, its label, and how its values are printed."""

    name: str
    label: str
    format: str
    own: bool  # of the line itself, not of the item around it


@dataclass
class SummaryTable:
    """A table: its columns, and for each type the places where its lines stand, `(each, list)`; either may be empty."""

    title: str
    columns: list[TableColumn] = field(default_factory=list)
    sources: dict[str, list[tuple[str, tuple[str, ...]]]] = field(default_factory=dict)

    def lines(self, type_id: str, values: Mapping[str, Any]) -> Iterator[list[Any]]:
        """Return the lines that a report has for this table, a value or None for each column."""
        names = [(column.name, column.own) for column in self.columns]
        for each, rows in self.sources.get(type_id, ()):
            for item in values.get(each, ()) if each else (values,):
                around = _flat(item) if each or not rows else {}
                if not rows:
                    yield [around.get(name) if own else None for name, own in names]
                    continue
                for line in _at(item, rows) or ():
                    flat = _flat(line)
                    yield [(flat if own else around).get(name) for name, own in names]


def tables(types: Sequence[ReportType]) -> list[SummaryTable]:
    """Return the tables of report types: first those of items, then those of lists."""
    found: dict[str, SummaryTable] = {}
    for report_type in types:
        for sheet in report_type.sheets:
            if sheet.each:
                table = _table(found, _TITLES.get(sheet.each, sheet.name))
                table.sources.setdefault(report_type.id, []).append((sheet.each, ()))
                _add(table, sheet.fields, own=True)
    for report_type in types:
        # Lists of items are looked at more often than those of the report as a whole.
        for sheet in sorted(report_type.sheets, key=lambda sheet: not sheet.each):
            for rows in sheet.lists:
                if not rows.plain:
                    table = _table(found, _TITLES.get(rows.path[-1], rows.label))
                    inner = rows.path[1:] if sheet.each else rows.path
                    table.sources.setdefault(report_type.id, []).append((sheet.each, inner))
                    _add(table, [one for one in sheet.fields if sheet.each and _names_it(one)], own=False)
                    _add(table, rows.columns, own=True)
    return list(found.values())


def _table(found: dict[str, SummaryTable], title: str) -> SummaryTable:
    return found.setdefault(title, SummaryTable(title))


def _names_it(single: Field) -> bool:
    """Whether a field says which item a line belongs to: its code, or its name."""
    return single.required and (single.format == "code" or (single.format is None and "maxLength" in single.schema))


def _add(table: SummaryTable, fields: Sequence[Field], *, own: bool) -> None:
    known = {(column.name, column.own) for column in table.columns}
    for single in fields:
        if (single.path[-1], own) not in known:
            style = single.format or ("number" if "number" in single.types or "integer" in single.types else "")
            table.columns.append(TableColumn(single.path[-1], single.label, style, own))


def grouped_by(types: Sequence[ReportType]) -> tuple[str, str] | None:
    """Return the field by which lines are best counted, and its label: the first that follows from another one."""
    return next(
        (
            (column.path[-1], column.label)
            for report_type in types
            for sheet in report_type.sheets
            for rows in sheet.lists
            for column in _choices(rows)
        ),
        None,
    )


def _choices(rows: RowList) -> Iterator[Field]:
    return (column for column in rows.columns if "x-follows" in column.schema)


def _flat(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of an object and of the objects in it, by their last names; lists are left out."""
    if _NESTED.isdisjoint(map(type, values.values())):
        return values
    found: dict[str, Any] = {}
    for name, value in values.items():
        kind = type(value)
        if kind is dict:
            found |= _flat(value)
        elif kind is not list:
            found[name] = value
    return found


def _at(values: Any, path: Sequence[str]) -> Any:
    for step in path:
        values = values.get(step) if type(values) is dict else None
    return values
