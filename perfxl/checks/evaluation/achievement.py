"""Rules on what was achieved (S22–S24, K10): dates after their targets, and texts beside the figures of the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from perfxl.checks.evaluation.project_view import evaluated
from perfxl.checks.targets.deadlines import deadlines
from perfxl.checks.targets.indicator_rows import IndicatorRow
from perfxl.checks.targets.mentions import Mention, mentions
from perfxl.checks.targets.quantities import base
from perfxl.checks.targets.said_of import Value, against, by_unit, said_in
from perfxl.checks.targets.target import Target, understand
from perfxl.computation.evaluation_figures import funds, number
from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_CENT = Decimal("0.005")
_POINT = Decimal("0.1")  # 96.5 % may be printed of 96.46 %


def late_is_not_in_time(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S22 at an actual date that lies after its target, where the indicator has full points all the same."""
    year = record.values.get("fiscal_year")
    for _, project, _, found in evaluated(record):
        for row in found:
            typed = project["indicators"][row.number - 1]
            due, done = row.target.ends, _day(typed.get("actual"), year if isinstance(year, int) else None)
            weight, score = number(typed.get("weight")), number(row.values.get("score"))
            if due is None or done is None or done <= due or row.target.kind == "serial":
                continue
            if weight is not None and score is not None and score >= weight:
                words = {"name": row.name, "target": row.printed, "actual": typed["actual"], "score": score.normalize()}
                yield Remark("S22", row.at("actual"), words)


def actual_dates_are_not_serials(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K10 at an actual value of five digits beside a target that is a date: Excel's serial of the day."""
    for _, project, _, found in evaluated(record):
        for row in found:
            actual = project["indicators"][row.number - 1].get("actual")
            if row.target.kind not in ("date", "period") or actual is None:
                continue
            said = understand(f"{actual:f}" if isinstance(actual, Decimal) else str(actual).strip())
            if said.kind == "serial":
                words = {"label": "实际完成值", "value": actual, "date": said.repaired}
                yield Remark("K10", row.at("actual"), words)


def _day(actual: Any, year: int | None) -> date | None:
    """Return the first day that an actual value may mean."""
    found: Target = understand(str(actual or ""), year)
    return found.starts if found.kind in ("date", "period") else None


def texts_agree_with_actual_values(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S23 at an account of what was achieved that gives other figures than the table below it."""
    for path, project, whole, found in evaluated(record):
        text, at = project.get("actual_achievement"), (*path, "actual_achievement")
        if not isinstance(text, str):
            continue
        values = _actual_values(found, project)
        said = by_unit(said_in(at, text))
        told = set()
        for row in found:
            if row.path not in values or row.is_cost:
                continue
            for odd in against(row, [(said, found)], values):
                if odd.said.one.typed not in told:
                    told.add(odd.said.one.typed)
                    actual = project["indicators"][row.number - 1]["actual"]
                    words = {"typed": odd.said.one.typed, "what": f"“{row.name}”的实际完成值", "value": actual}
                    yield Remark("S23", at, words)
        yield from _days(at, text, found, project, record.values.get("fiscal_year"))
        yield from _spending(at, text, whole, path, record)


def _actual_values(found: list[IndicatorRow], project: Mapping[str, Any]) -> dict[FieldPath, Value]:
    values = {}
    for row in found:
        actual = project["indicators"][row.number - 1].get("actual")
        said = understand(f"{actual:f}" if isinstance(actual, Decimal) else str(actual or ""))
        if said.number is not None and said.upper is None and said.kind in ("quantity", "percent"):
            values[row.path] = base(said.number, said.unit or row.target.unit)
    return values


def _days(
    at: FieldPath, text: str, found: list[IndicatorRow], project: Mapping[str, Any], year: Any
) -> Iterator[Remark]:
    """Yield S23 where a text gives another day for what the table has an actual day of."""
    year = year if isinstance(year, int) else None
    said = list(deadlines(text, year))
    actuals = [(row, project["indicators"][row.number - 1].get("actual")) for row in found if said]
    done = [(row, actual, day) for row, actual in actuals if (day := _day(actual, year)) and row.target.ends]
    known = {day for *_, day in done}
    for row, actual, day in done:
        others = [one for one in said if one.day not in known and one.is_of(f"{row.name} {row.description}")]
        if day not in {one.day for one in said} and others and "日" in others[0].typed and "日" in str(actual):
            words = {"typed": others[0].typed, "what": f"“{row.name}”的实际完成值", "value": actual}
            yield Remark("S23", at, words)


_SPENT = re.compile(r"(?:支出|执行|支付|使用|花费|开支)(?:数|额|资金|经费|财政资金)*(?:共计?|合计|总计|为|了|达|约)*$")
_OTHERS = re.compile(r"其中|人均|每|平均|节约|结余|减少|增加")
_RATE = re.compile(r"执行率")


def _spending(at: FieldPath, text: str, whole: Mapping[str, Any], path: FieldPath, record: Record) -> Iterator[Remark]:
    """Yield S23 where a text says of the money spent, or of the rate, what the table of funds does not."""
    total = funds(whole, path)
    if total.spent is None:
        return
    factor = Decimal(10_000) if record.values.get("currency_unit") == "元" else Decimal(1)
    every = mentions(text)
    money = [one for one in every if one.kind == "money" and one.role == "claim" and _SPENT.search(one.before)]
    for one in money:
        if not _OTHERS.search(one.before) and not _near(one, total.spent / factor):
            words = {"typed": one.typed, "what": "全年执行数", "value": total.spent}
            yield Remark("S23", at, words)
    if total.revised:
        rate = total.spent * 100 / total.revised
        for one in every:
            if one.kind == "percent" and _RATE.search(one.before) and abs(one.number - rate) > _POINT:
                yield Remark("S23", at, {"typed": one.typed, "what": "执行率", "value": f"{rate:.2f}%"})


def _near(one: Mention, amount: Decimal) -> bool:
    return abs(one.number - amount) <= (amount / 10 if one.rough else max(_CENT, amount / 1000))


_POINTS = re.compile(
    r"(?:综合|自评|评价|最终|总|平均)+(?:得分|评分|分)(?:为|是|达到?|：|:|共|合计)*\s*(?P<points>\d{1,3}(?:\.\d+)?)\s*分"
)


def report_gives_the_scores_of_the_tables(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S24 at a section of the report that gives a score which no table has."""
    shown = record.shown
    totals = [shown.get("total_score"), *(one.get("total_score") for one in shown.get("projects", ()))]
    totals += [line.get("score") for line in shown.get("project_scores", ())]
    known = {figure for one in totals if (figure := number(one)) is not None}
    if not known:
        return
    for index, section in enumerate(record.values.get("sections", ())):
        for found in _POINTS.finditer(str(section.get("text", ""))):
            points = Decimal(found["points"])
            if not any(abs(points - one) <= Decimal("0.05") for one in known):
                listed = "、".join(sorted({f"{one.normalize():f}" for one in known}))
                yield Remark("S24", ("sections", index, "text"), {"typed": found[0], "known": listed})


RULES = (
    late_is_not_in_time,
    actual_dates_are_not_serials,
    texts_agree_with_actual_values,
    report_gives_the_scores_of_the_tables,
)
