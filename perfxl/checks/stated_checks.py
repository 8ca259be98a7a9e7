"""What the `x-checks` of a schema find in a record: the same as the formulas of the sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from perfxl.model.record import FieldPath, Record, items
from perfxl.model.remark import Remark, Severity
from perfxl.report_type.dates import iso
from perfxl.report_type.model import Field, ReportType
from perfxl.report_type.stated_checks import DECIMALS, StatedCheck, stated

_SMALLEST = Decimal(1).scaleb(-DECIMALS)
_NAME = re.compile(r"\{([^\W\d][\w.]*)\}")


class _Concerned(NamedTuple):
    """What of a type there is to ask for: its stated checks, its fields of dates, and what its sheets alone compute."""

    checks: tuple[StatedCheck, ...]
    dates: tuple[Field, ...]
    computed: tuple[tuple[Field, tuple[tuple[str, ...], ...]], ...]


@lru_cache(maxsize=32)
def _concerned(report_type: ReportType) -> _Concerned:
    fields = [field for sheet in report_type.sheets for field in sheet.inputs()]
    # A family of rules that computes something knows the results without the sheet.
    computed = [field for field in fields if field.formula] if "evaluation" not in report_type.rules else []
    needs = ((field, tuple(tuple(name.split(".")) for name in _NAME.findall(field.formula))) for field in computed)
    dates = tuple(field for field in fields if field.format == "date")
    return _Concerned(stated(report_type.schema), dates, tuple((field, names) for field, names in needs if names))


def failures(record: Record, report_type: ReportType) -> Iterator[Remark]:
    """Return a remark for every stated check that fails, every date that is none, and every formula without a result.

    A result is missed where all single cells that the formula needs are filled in.
    """
    concerned = _concerned(report_type)
    for check in concerned.checks:
        severity: Severity = "warning" if check.gravity == "warning" else "error"
        for path in _failed(record, check):
            yield Remark("V22", path, {"say": check.say}, severity=severity)
    for field in concerned.dates:
        for path, value in record.items(*field.path):
            if iso(str(value)) is None:
                shape = "日期，如2026-03-01"
                words = {"label": field.label, "value": value, "shape": shape, "n": len(str(value))}
                yield Remark(
                    "V05", path, {**words, "problem": f"“{field.label}”应为{shape}", "advice": "请核对后改正。"}
                )
    for field, names in concerned.computed:
        base = field.path[:-1]
        for here, item in items(record.shown, base):
            needed = [_value(item, name[len(base) :]) if name[: len(base)] == base else None for name in names]
            if field.path[-1] not in item and all(value is not None for value in needed):
                yield Remark("V23", (*here, field.path[-1]), {"label": field.label})


def _failed(record: Record, check: StatedCheck) -> Iterator[FieldPath]:
    depth = len(check.base)
    own, others = check.field[depth:], [path[depth:] for path in check.of]
    if check.kind == "unique":
        yield from _repeated(record, check)
        return
    for here, item in items(record.shown, check.base):
        value = _value(item, own)
        if check.kind == "total":
            failed = _is_number(value) and _unlike(value, sum(_numbers(item, others[0]), Decimal(0)))
        else:
            failed = _fails(check, value, [_value(item, other) for other in others])
        if failed:
            yield (*here, *own)


def _fails(check: StatedCheck, value: Any, others: list[Any]) -> bool:
    if check.kind == "required":
        said = others[0]
        asked = said is not None and (not check.values or str(said).casefold() in map(str.casefold, check.values))
        return asked and value is None
    if value is None:
        return False
    if check.kind == "sum":
        known = [other for other in others if other is not None]
        return all(map(_is_number, (value, *known))) and _unlike(value, sum(known, Decimal(0)))
    if check.kind == "one_of":
        choices = {key.casefold(): said for key, said in check.values.items()}.get(str(others[0]).casefold())
        return choices is not None and str(value).casefold() not in [choice.casefold() for choice in choices]
    other = others[0]
    if other is None:
        return False
    if check.kind == "differs":
        return type(value) is type(other) and str(value).casefold() == str(other).casefold()
    if check.kind == "at_most":
        return _is_number(value) and _is_number(other) and (value - other).quantize(_SMALLEST) > 0
    days = [iso(str(day)) for day in (value, other)]  # what is no date is told as that
    return days[0] is not None and days[1] is not None and days[0] < days[1]


def _repeated(record: Record, check: StatedCheck) -> Iterator[FieldPath]:
    """Yield all values of a column, or of the items of an array, that stand there more than once."""
    seen: dict[tuple[FieldPath, str], list[FieldPath]] = {}
    own = check.field[len(check.base) :]
    for here, item in items(record.shown, check.base):
        value = _value(item, own)
        if value is not None:
            seen.setdefault((here[:-1], str(value).casefold()), []).append((*here, *own))
    for paths in seen.values():
        if len(paths) > 1:
            yield from paths


def _value(item: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = item
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return None if value == "" else value


def _numbers(item: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Decimal]:
    for _, row in items(item, path[:-1]):
        value = row.get(path[-1])
        if _is_number(value):
            yield Decimal(str(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _unlike(value: Any, other: Any) -> bool:
    return bool((Decimal(value) - Decimal(other)).quantize(_SMALLEST) != 0)
