"""Rules on the cells of a target, for every report type whose rows have some: V14, and V10 in a row.

A date where a count or an amount belongs is what Excel made of `3-6`; where a date belongs it is right as it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from perfxl.checks.targets.indicator_rows import IndicatorRow, each
from perfxl.computation.target_cells import TARGET, UNIT_CELL, contradiction, unit_contradiction
from perfxl.model.record import Record
from perfxl.model.remark import Remark, Severity
from perfxl.report_type.profile import Profile

_OF_A_DATE = re.compile(r"时间|时限|日期|期限|日程|进度")
_WITH_A_DATE = re.compile(r"(?:[之以]?前|底|内|完成|年|月|日)*")
_TIMELINESS = "时效"
_FIGURES = {TARGET: "指标值", "actual": "实际完成值"}
_COUNTED = re.compile("数量|成本|满意")


def signs_and_units_do_not_contradict(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield V14 where a figure or a unit says what the cells beside it contradict (≥ · ≤450元, 240 · 45人)."""
    for row in each(record):
        for field, label in _FIGURES.items():
            if problem := contradiction(row.values, field, label):
                yield Remark("V14", row.at(field), {"problem": problem})
        if problem := unit_contradiction(row.values):
            yield Remark("V14", row.at(UNIT_CELL), {"problem": problem})


def dates_stand_where_dates_belong(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield V10 at a cell that holds a date where the row wants a count or an amount, with both readings.

    A warning where the row could be about either.
    """
    if not record.dates:
        return
    for row in each(record):
        for field, label in _FIGURES.items():
            guess = record.dates.get(row.at(field))
            if guess is None or row.values.get(field) != guess.shown:
                continue
            severity = _severity(row, field)
            if severity is not None:
                words = {"label": label, **guess._asdict()}
                yield Remark("V10", row.at(field), words, severity=severity)


def _severity(row: IndicatorRow, field: str) -> Severity | None:
    """Return how grave it is that a date stands in a row, None where one may."""
    unit, sign = str(row.values.get("measure_unit", "")).strip(), row.values.get("sign", "")
    if field != TARGET and isinstance(row.values.get(TARGET), Decimal):
        return "error"
    if not _WITH_A_DATE.fullmatch(unit):
        return "error"
    if _TIMELINESS in row.category or _OF_A_DATE.search(row.name) or sign == "定性":
        return None
    return "error" if _COUNTED.search(row.category + row.dimension) or sign else "warning"


RULES = (signs_and_units_do_not_contradict, dates_stand_where_dates_belong)
