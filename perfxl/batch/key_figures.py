"""What of a report counts beside others: whose it is, how much money it asks for, and what its items say.

Which field is which the schema says: the first amount on the sheet of an item is its money, the first code its code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from perfxl.batch.outcome import ItemFigures
from perfxl.model.record import FieldPath, Record
from perfxl.report_type.model import Field, ReportType, Sheet


def facts(record: Record, report_type: ReportType) -> dict[str, Any]:
    """Return code and name of the unit, the year, the number of items, their money, and the cell of the first amount.

    `money` is a `Decimal` in 万元, or None where the type has no amounts or none can be read.
    """
    values = record.values
    amounts = list(_amounts(record, report_type))
    known = [amount for _, amount in amounts if amount is not None]
    place = record.place(amounts[0][0]) if amounts else None
    currency = str(values.get("currency_unit", "")) or _default_currency(report_type)
    money = sum(known, Decimal(0)) if known else None
    return {
        "unit_code": str(values.get("unit_code", "")),
        "unit_name": str(values.get("unit_name", "")),
        "year": str(values.get("fiscal_year", "")),
        "items": sum(len(values.get(sheet.each, ())) for sheet in report_type.sheets if sheet.each),
        "money": money / 10_000 if money is not None and currency == "元" else money,
        "sheet": place.sheet if place else "",
        "cell": place.cell if place else "",
    }


def _default_currency(report_type: ReportType) -> str:
    return str(report_type.schema["properties"].get("currency_unit", {}).get("default", ""))


def _amounts(record: Record, report_type: ReportType) -> Iterator[tuple[FieldPath, Decimal | None]]:
    for sheet in report_type.sheets:
        field = first(sheet, "money") if sheet.each else None
        if field is None:
            continue
        for number, item in enumerate(record.values.get(sheet.each, ())):
            amount = _at(item, field.path[1:])
            path: FieldPath = (sheet.each, number, *field.path[1:])
            yield path, amount if isinstance(amount, Decimal) and amount.is_finite() else None


def first(sheet: Sheet, style: str) -> Field | None:
    """Return the first single cell of a sheet that has the format `style`."""
    return next((field for field in sheet.fields if field.format == style), None)


def _at(values: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        if type(values) is not dict or step not in values:
            return None
        values = values[step]
    return values


def items(record: Record, report_type: ReportType) -> tuple[ItemFigures, ...]:
    """Return the items that have sheets of their own, in the order of the sheets."""
    found = []
    for sheet in report_type.sheets:
        if sheet.each:
            code, name = first(sheet, "code"), _name(sheet)
            for number, item in enumerate(record.values.get(sheet.each, ())):
                found.append(_item(record, sheet, (sheet.each, number), item, code, name))
    return tuple(found)


def _name(sheet: Sheet) -> Field | None:
    return next((field for field in sheet.fields if field.format is None and field.types == ("string",)), None)


def _item(
    record: Record, sheet: Sheet, here: FieldPath, item: Mapping[str, Any], code: Field | None, name: Field | None
) -> ItemFigures:
    place = record.place((*here, *code.path[1:])) if code else record.place(here)
    lists = [rows for rows in sheet.lists if not rows.plain]
    lines = [line for rows in lists for line in _at(item, rows.path[1:]) or ()]
    # The fields of a line come in the order of the form.
    said = "\0".join(
        [
            "\1".join([*line, *[value if type(value) is str else _told(value) for value in line.values()]])
            for line in lines
        ]
    )
    rows_place = record.place((*here, *lists[0].path[1:])) if lists else None
    return ItemFigures(
        code=str(_at(item, code.path[1:]) or "") if code else "",
        name=str(_at(item, name.path[1:]) or "") if name else "",
        sheet=place.sheet if place else "",
        cell=place.cell if place else "",
        lines=len(lines),
        likeness=hashlib.sha256("".join(said.split()).encode("utf-8", "surrogatepass")).digest()[:16],
        lines_cell=rows_place.cell if rows_place else "",
    )


def _told(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
