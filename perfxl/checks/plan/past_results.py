"""Rules on targets beside what is known already (family K): last year's value, and the order of days in a project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from perfxl.checks.targets.deadlines import deadlines
from perfxl.checks.targets.indicator_names import ends_as
from perfxl.checks.targets.indicator_rows import IndicatorRow, each, rows
from perfxl.checks.targets.mentions import Mention, mentions
from perfxl.checks.targets.quantities import base
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.model.signs import AT_LEAST, AT_MOST
from perfxl.report_type.profile import Profile

# Percentage points, and of a number the share of it, by which a target may be less than the value it rests on.
_POINTS, _SHARE = Decimal(1), Decimal("0.9")
_OTHERS = re.compile(
    r"国家|全国|全省|全市|省级|市级|平均水平|同类|标准|不低于|不少于|以上|规定|计划|任务|目标|合同|能力|最[高低]"
)
_RESULT = re.compile(r"实际|完成|达到?|为|是|平均|满意|率|度|在[库册保岗网线]|数|实绩|[了共]")


def targets_are_no_worse_than_before(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K34 at a target that is worse than the value of an earlier year which its own basis gives.

    Of numbers of things only a target by a tenth smaller is told: there may be fewer cases this year.
    """
    year = plan.values.get("fiscal_year")
    for row in each(plan):
        if "年" not in row.basis or row.target.number is None or row.run_together or row.target.upper is not None:
            continue
        before = _earlier(row, year if isinstance(year, int) else 9999)
        if before is not None and _is_worse(row, before):
            words = {"value": row.printed, "before": before.typed, "basis": row.basis}
            yield Remark("K34", row.at("target"), words)


def _earlier(row: IndicatorRow, year: int) -> Mention | None:
    """Return the value of an earlier year in the basis, in the unit of the target."""
    unit = base(Decimal(1), row.target.unit)[1]
    for found in mentions(row.basis):
        of_the_past = found.year is not None and found.year < year
        if of_the_past and found.unit == unit and found.role in ("claim", "each", "baseline") and not found.rough:
            return None if _OTHERS.search(row.basis) else found
    return None


def _is_worse(row: IndicatorRow, before: Mention) -> bool:
    if row.target.number is None or row.is_cost:
        return False
    number = base(row.target.number, row.target.unit)[0]
    sign = row.target.sign or "≥"
    if sign in AT_MOST or (sign == "=" and ends_as("lower_is_better", row.bare_name)):
        low, high = before.number, number
    elif sign in AT_LEAST or sign == "=":
        low, high = number, before.number
    else:
        return False
    if row.is_share:
        return high - low >= _POINTS
    return low < high * _SHARE


_MORE, _LESS = re.compile("(?:增|提高|提升|上升|[高多])[加长了]*$"), re.compile("(?:减|降|下降|缩短|[低少])[少低了]*$")


def changes_lead_to_their_targets(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K39 at a goal that gives a target and by how much it is more than last year, which its basis does not.

    145万人次，比2025年增加19万人次, where the basis has 136万人次 of 2025.
    """
    year = plan.values.get("fiscal_year")
    for project in rows(plan):
        goals = [(at, str(text)) for at, text in enumerate(project.values.get("performance_goals", ()))]
        told = [(at, one, beside) for at, text in goals for one in mentions(text) if (beside := _stated(one, text))]
        for row in project.rows if told else ():
            before = _earlier(row, year if isinstance(year, int) else 9999)
            if before is None or row.target.number is None:
                continue
            value = base(row.target.number, row.target.unit)
            for at, one, beside in told:
                meant = before.number + (one.number if _MORE.search(one.before) else -one.number)
                if (beside.number, beside.unit) == value and _in_points(one.unit) == before.unit and meant != value[0]:
                    words = {"typed": one.before + one.typed, "name": row.name, "where": "绩效目标"}
                    words["value"] = f"{row.printed}，依据里上年是{before.typed}"
                    yield Remark("K39", (*project.path, "performance_goals", at), words)


def _stated(one: Mention, text: str) -> Mention | None:
    """Return the number that a change in comparison with another year has led to, if it stands before it."""
    if (
        one.role != "change"
        or one.year is None
        or one.rough
        or not (_MORE.search(one.before) or _LESS.search(one.before))
    ):
        return None
    ahead = [other for other in mentions(text) if other.start < one.start and other.sentence == one.sentence]
    return ahead[-1] if ahead and ahead[-1].role == "claim" and not ahead[-1].rough else None


def _in_points(unit: str) -> str:
    return "%" if unit.endswith("百分点") else unit


_BEGINS = re.compile(r"开工|启动|开始|开班|进场|动工|招标")
_ENDS = re.compile(r"完工|竣工|完成|验收|投入使用|投用|结束|上线|交付|通水|通车|开通|移交")


def work_begins_before_it_ends(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K35 at the day on which work begins where a project has it end before that."""
    for _, _, found in rows(plan):
        begins = [
            row for row in found if (day := _day(row)) and _BEGINS.search(row.name) and not _ENDS.search(row.name)
        ]
        ends = [row for row in found if _day(row) and _ENDS.search(row.name) and not _BEGINS.search(row.name)]
        for row in begins:
            # Of several ends the work as a whole is over with the last one.
            last = max((day for one in ends if (day := _day(one))), default=None)
            first = _day(row)
            if first and last and first > last:
                other = next(one for one in ends if _day(one) == last)
                words = {"name": row.name, "value": row.printed, "other": other.name, "end": other.printed}
                yield Remark("K35", row.at("target"), words)


def _day(row: IndicatorRow) -> date | None:
    return row.target.ends if row.target.kind in ("date", "period") else None


def goals_and_indicators_have_the_same_days(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K39 at a goal that sets another month for the work of which a timeliness indicator sets the day."""
    year = plan.values.get("fiscal_year")
    for project in rows(plan):
        timed = [(row, day) for row in project.rows if "时效" in row.category and (day := _day(row))]
        goals = (
            [(at, str(text)) for at, text in enumerate(project.values.get("performance_goals", ()))] if timed else []
        )
        said = [(at, one) for at, text in goals for one in deadlines(text, year if isinstance(year, int) else None)]
        known = {(day.year, day.month) for _, day in timed}
        for row, day in timed:
            if any((one.day.year, one.day.month) == (day.year, day.month) for _, one in said):
                continue
            for at, one in said:
                if (one.day.year, one.day.month) not in known and one.is_of(f"{row.name} {row.description}"):
                    words = {"typed": one.typed, "name": row.name, "value": row.printed, "where": "绩效目标"}
                    yield Remark("K39", (*project.path, "performance_goals", at), words)


RULES = (
    targets_are_no_worse_than_before,
    changes_lead_to_their_targets,
    work_begins_before_it_ends,
    goals_and_indicators_have_the_same_days,
)
