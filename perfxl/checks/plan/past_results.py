"""Rules on targets beside what is known already (family K): last year's value, and the order of days in a project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

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


RULES = (targets_are_no_worse_than_before, work_begins_before_it_ends)
