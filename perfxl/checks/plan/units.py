"""Rules on the unit of a target (family K): whether it measures what the name says, and shares typed as fractions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.checks.targets.indicator_names import asked_kind, ends_as, speaks_of, unit_kind
from perfxl.checks.targets.indicator_rows import IndicatorRow, each, is_of_money
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_SPOKEN = {"share": "百分比", "people": "人数", "area": "面积", "length": "长度", "time": "时间", "money": "金额"}
_USUAL = {
    "share": "%",
    "people": "人或人次",
    "area": "亩、平方米等",
    "length": "公里、米等",
    "time": "天、小时等",
    "money": "元、万元",
}
# What else may stand for a kind: satisfaction in points, people counted by households or by times.
_ALLOWED = {"share": ("分", "‰"), "people": ("人", "名", "位", "户", "家", "个"), "time": ("节", "场")}
_MONEY_OF_COSTS = re.compile("率|比例|占比|比重|控制|节约|降低|下降")


def units_suit_their_names(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K29 at a unit of another kind than the name asks for: 合格率 in 人, 人数 in 次, 幸福院数量 in 元."""
    for row in each(plan):
        if row.target.number is None or row.run_together or not row.target.unit:
            continue
        wanted, found = _asked(row), unit_kind(row.target.unit)
        if not wanted or found in (wanted, "") or row.target.unit in _ALLOWED.get(wanted, ()):
            continue
        kind, usual = _SPOKEN.get(wanted, "件数"), _USUAL.get(wanted, "个、次、处等")
        words = {"name": row.name, "kind": kind, "unit": row.target.unit_typed or row.target.unit, "usual": usual}
        at = "measure_unit" if str(row.values.get("measure_unit", "")).strip() else "target"
        yield Remark("K29", row.at(at), words)


def _asked(row: IndicatorRow) -> str:
    """Return the kind of unit that a row asks for, '' where it may have any or where another rule speaks of it."""
    name, found = row.bare_name, unit_kind(row.target.unit)
    if row.is_satisfaction:
        return "share"
    wanted = asked_kind(name)
    if row.is_cost:
        if not is_of_money(row):
            return ""  # a social cost may be waiting time
        # A share of a cost is nothing unusual, a number of people or things is.
        return "money" if found not in ("money", "share", "mass", "volume") and not _MONEY_OF_COSTS.search(name) else ""
    if wanted == "people" and found == "times":
        return "" if name.endswith(("人次", "人次数")) else wanted
    if wanted and wanted != "share" and found == "share":
        return ""  # K11
    if (
        not wanted
        and "数量" in row.category
        and found == "money"
        and not speaks_of("money_names", name + row.description)
    ):
        return "things"
    return wanted


def shares_are_in_percent(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K30 at a share of at most 1 % that should be nearly all (合格率 ≥0.98%), with what was meant."""
    for row in each(plan):
        number = row.target.number
        if number is None or row.target.unit != "%" or not 0 < number <= 1 or row.target.upper is not None:
            continue
        if row.target.sign in ("≤", "<") or row.run_together or row.is_cost or not _is_large(row):
            continue
        meant = f"{(number * 100).normalize():f}"
        yield Remark("K30", row.at("target"), {"value": row.printed, "advice": f"{row.target.sign}{meant}%"})


def _is_large(row: IndicatorRow) -> bool:
    """Return whether a share is one of those that are asked to be nearly all."""
    name = row.bare_name
    if row.is_satisfaction or ends_as("higher_is_better", name):
        return True
    return asked_kind(name) == "share" and not speaks_of("small_shares", name + row.description)


RULES = (units_suit_their_names, shares_are_in_percent)
