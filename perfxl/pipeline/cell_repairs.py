"""The safe repairs as changes of single cells, for a workbook that is open and stays where it is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from perfxl import checks
from perfxl.model.finding import Finding
from perfxl.model.record import FieldPath, Record, leaves, names_only
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.repair import Repair, mend
from perfxl.pipeline.repair_report import worded
from perfxl.report_type.model import Field, ReportType
from perfxl.workbook.form.input_cells import stored

_FORMULA_SIGNS = ("=", "+", "-", "@")


class CellRepair(NamedTuple):
    """What to put into a cell: `n` a number, `t` a text, `b` nothing. `told` says what stood there and stands there."""

    sheet: str
    cell: str
    kind: str
    value: str
    told: str


def cell_repairs(examination: Examination) -> tuple[tuple[CellRepair, ...], tuple[Finding, ...]]:
    """Return the changes that make every safe repair, and the findings that are left after them.

    What stands in no cell, and a text that a cell would take for a formula, is left to people.
    """
    record, report_type, rules = examination.record, examination.report_type, examination.profile
    if record is None or report_type is None or rules is None:
        return (), examination.findings
    sheets = list(dict.fromkeys(place.sheet for place in record.places.values()))
    sheets += [found.sheet for found in examination.findings if found.sheet not in sheets]

    def findings_on(now: Record) -> list[Finding]:
        return checks.check(now, report_type, rules, sheets=sheets)

    mended, changes = mend(record, report_type, findings_on)
    made = tuple(_made(changes, mended, report_type))
    if not made:
        return (), examination.findings
    # What reading alone finds (a formula gone, a strange sheet) is still so; what it understood is written now.
    known = {(one.code, one.sheet, one.cell) for one in findings_on(record)}
    reading = [one for one in examination.findings if (one.code, one.sheet, one.cell) not in known]
    done = {(repair.sheet, repair.cell) for repair in made}
    kept = [one for one in reading if (one.sheet, one.cell) not in done]
    return made, (*kept, *findings_on(mended))


def _made(changes: tuple[Repair, ...], mended: Record, report_type: ReportType) -> Iterator[CellRepair]:
    fields = {field.path: field for sheet in report_type.sheets for field in sheet.inputs()}
    values: dict[FieldPath, Any] = dict(leaves(mended.values))
    for change in changes:
        field = fields.get(names_only(change.path))
        if field is None or change.place is None or not change.place.cell:
            continue
        content = stored(field, values.get(change.path))
        if isinstance(content, str) and content.startswith(_FORMULA_SIGNS) and not _is_text(field):
            continue
        before, after = worded(change)
        told = f"已改正：原来是{before}，改成了{after}（{'、'.join(change.codes)}）"
        kind = "b" if content in (None, "") else "t" if isinstance(content, str) else "n"
        yield CellRepair(change.place.sheet, change.place.cell, kind, _word(content), told)


def _is_text(field: Field) -> bool:
    """Whether the cell has the format of a text, in which nothing becomes a formula."""
    return field.format == "code" or ("enum" in field.schema and not field.formula)


def _word(content: str | int | float | None) -> str:
    return "" if content is None else f"{Decimal(repr(content)):f}" if isinstance(content, float) else str(content)
