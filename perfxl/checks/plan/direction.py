"""Rules on which way a target points (family K): whether its sign suits what the name says, and what 0 and dates say.

What is unwanted, quick or cheap is bounded from above, what is done or found good from below (财预〔2021〕101号:
indicators have a direction, 正向 or 反向). What a name says is a table: see `targets/indicator_names.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from perfxl.checks.targets.indicator_names import ends_as, speaks_of, unit_kind
from perfxl.checks.targets.indicator_rows import IndicatorRow, each
from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark
from perfxl.model.signs import AT_LEAST, AT_MOST
from perfxl.report_type.profile import Profile

_COUNTS = "数量"
_HIGH_IS_GOOD = re.compile("满意|合格|达标|覆盖|普及|优良|准确|完成|及时")


def signs_suit_their_names(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K28 at a sign that points the other way than the name: 事故起数 ≥3起, 办结时限 ≥7天, 改造数量 ≤8所.

    Costs are for K13 and satisfaction for K22; nothing is said of what may well be wanted either way.
    """
    for row in each(plan):
        target = row.target
        if target.number is None or target.sign not in (*AT_LEAST, *AT_MOST) or row.run_together:
            continue
        if target.sign in AT_LEAST and target.number > 0 and (why := _wanted_low(row)):
            yield _remark(row, why, "≤")
        elif target.sign in AT_MOST and (why := _wanted_high(row)):
            yield _remark(row, why, "≥")


def _remark(row: IndicatorRow, why: str, proper: str) -> Remark:
    words = {"name": row.name, "value": row.printed, "why": why, "proper": proper}
    return Remark("K28", _at_sign(row), words)


def _at_sign(row: IndicatorRow) -> FieldPath:
    """Return the cell in which the sign stands: its own, or that of the target."""
    return row.at("sign" if str(row.values.get("sign", "")).strip() else "target")


def _wanted_low(row: IndicatorRow) -> str:
    if row.is_cost or row.is_satisfaction:
        return ""
    if ends_as("lower_is_better", row.bare_name):
        return "越少越好"
    if unit_kind(row.target.unit) == "time" and ends_as("time_taken", row.bare_name):
        return "越短越好"
    return ""


def _wanted_high(row: IndicatorRow) -> str:
    name = row.bare_name
    if row.is_cost or row.is_satisfaction or ends_as("lower_is_better", name):
        return ""
    if ends_as("higher_is_better", name):
        return "越高越好"
    if _COUNTS in row.category and (ends_as("counted", name) or unit_kind(row.target.unit) in ("things", "people")):
        return "" if not _is_output(row) else "是要完成的数量"
    return ""


def _is_output(row: IndicatorRow) -> bool:
    """Return whether the number is of work done, and not of what is to be kept small (会议次数控制)."""
    return not speaks_of("kept_small", row.bare_name + row.description) and row.target.number != Decimal(0)


def nothing_is_no_target(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K33 at a target of at least 0, which is always met."""
    for row in each(plan):
        if row.target.sign == "≥" and row.target.number == 0 and row.target.upper is None:
            proper = "=" if _wanted_low(row) else ""
            advice = f"应当不发生的，请把符号改为“{proper}”" if proper else "请填要达到的数"
            yield Remark("K33", _at_sign(row), {"value": row.printed, "advice": advice})


def dates_stand_where_dates_belong(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K32 at a date with ≥ before it, and at a date where a number or a result is asked for.

    A date in another category is in its place where the name asks for a day.
    """
    for row in each(plan):
        if row.target.kind not in ("date", "period") or not row.printed:
            continue
        if row.target.sign in AT_LEAST and row.target.sign:
            advice = "完成时间写成“……前”就可以，符号请选“定性”"
            yield Remark("K32", _at_sign(row), {"value": row.printed, "problem": "日期前面有“≥”", "advice": advice})
        elif "时效" not in row.category and not speaks_of("dated_names", row.name + row.description):
            problem = f"“{row.name}”属于{row.category or row.dimension}，指标值却是日期"
            advice = "请填要达到的数或结果；完成时间请移到时效指标"
            yield Remark("K32", row.at("target"), {"value": row.printed, "problem": problem, "advice": advice})


RULES = (signs_suit_their_names, nothing_is_no_target, dates_stand_where_dates_belong)
