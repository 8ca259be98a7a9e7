"""The self-evaluation as rules look at it, and what follows from it: every figure that the workbook also computes.

`completed` fills in what nobody typed, by the same formulas as the sheets have, so that a workbook that was never
opened in Excel is checked and printed like one that was.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfxl.computation import scoring
from perfxl.computation.scoring import Method, rounded
from perfxl.model.numbers import decimal_of
from perfxl.model.record import FieldPath
from perfxl.report_type.profile import Profile

EXECUTION = "预算执行率"
_TOTALS = ("总额", "合计", "总计")
_CHOICES = {"按超出比例扣分": "excess", "目标值÷实际值": "ratio"}
_DIGITS = "0123456789"
_FIGURE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+")


def number(value: Any) -> Decimal | None:
    """Return a value that is a number, or None."""
    return value if isinstance(value, Decimal) else Decimal(value) if isinstance(value, int) else None


def method(values: Mapping[str, Any], profile: Profile) -> Method:
    """Return how indicators are scored: as the workbook says, and where it says nothing as the profile does."""
    rules = profile.scoring
    chosen = _CHOICES.get(str(values.get("reverse_scoring", "")), rules.reverse)
    deduction = number(values.get("deviation_deduction"))
    return Method(
        "ratio" if chosen == "ratio" else "excess",
        rules.deviation_from,
        rules.deviation_deduction if deduction is None else deduction,
    )


@dataclass(frozen=True, slots=True)
class Funds:
    """The amounts of all funds of a project: of the total row, or of all rows where there is none.

    An amount that no row has is None. `path` leads to the total row, to the list where there is none.
    """

    path: FieldPath
    initial: Decimal | None
    revised: Decimal | None
    spent: Decimal | None


def is_total(line: Mapping[str, Any]) -> bool:
    """Whether a row of funds is the total of the others."""
    return any(word in str(line.get("source", "")) for word in _TOTALS)


def funds(project: Mapping[str, Any], path: FieldPath) -> Funds:
    """Return the funds of a project; `path` leads to the project."""
    lines = project.get("funding_lines", [])
    totals = [index for index, line in enumerate(lines) if is_total(line)]
    counted = [lines[index] for index in totals] or lines
    here = (*path, "funding_lines", *totals[:1])

    def summed(key: str) -> Decimal | None:
        found = [amount for line in counted if (amount := _amount(line, key)) is not None]
        return sum(found, Decimal(0)) if found else None

    return Funds(here, summed("initial_budget"), summed("revised_budget"), summed("actual_expenditure"))


def _amount(line: Mapping[str, Any], key: str) -> Decimal | None:
    if key == "revised_budget" and key not in line:
        key = "initial_budget"  # what was not changed in the course of the year is as it was
    return number(line.get(key))


def figure(value: Any, unit: str, sign: str = "") -> Decimal | None:
    """Return the number in a cell of a target or of an actual value, as the sheet makes it out; or None.

    A text counts where nothing but the unit, the sign and a percent sign stand around the number: 96%, ≥45人.
    """
    if not isinstance(value, str):
        return number(value)
    text = "".join(unicodedata.normalize("NFKC", value).split()).replace("%", "")
    for beside in (unit, sign):
        text = text.replace(beside, "") if beside else text
    return decimal_of("0" + text.rstrip(".")) if _FIGURE.fullmatch(text) else None  # .5 is 0.5


def typed_numbers(row: Mapping[str, Any]) -> tuple[Decimal, Decimal, Decimal] | None:
    """Return weight, target and actual of an indicator where all three are numbers and the sign says what to do."""
    sign, unit = str(row.get("sign", "")), str(row.get("measure_unit", ""))
    weight, actual = number(row.get("weight")), figure(row.get("actual"), unit)
    target = figure(row.get("target"), unit, sign)
    if weight is None or target is None or actual is None or sign == "定性":
        return None
    if not sign and "成本" in str(row.get("category", "")) and target != actual:
        return None  # at most, or exactly? Nobody said
    return weight, target, actual


def due(row: Mapping[str, Any], how: Method) -> Decimal | None:
    """Return the points that the sheet computes for an indicator, or None where it leaves them to people."""
    figures = typed_numbers(row)
    return None if figures is None else scoring.points(str(row.get("sign", "")), *figures, how)


# What a report is made of besides its sections, and only who writes one types.
_OF_A_REPORT = (
    *("preface", "duties", "organisation_table", "staff_on_duty", "retirees", "fixed_assets", "revenue_expenditure"),
    *("evaluation_team", "report_date"),
)


def completed(values: Mapping[str, Any], profile: Profile, outline: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return `values` with every figure and sentence that follows from them and was not typed.

    The `outline` that a blank form holds is left out where nothing of a report was filled in: a unit that writes none
    does not have to clear it by hand.
    """
    whole = deepcopy(dict(values))
    if _is_untouched(whole, outline):
        del whole["sections"]
    how = method(whole, profile)
    for project in whole.get("projects", ()):
        _complete_project(project, how, profile)
    _complete_summary(whole, profile)
    _complete_texts(whole)
    if whole.get("charts") == "是":
        whole["score_chart"], whole["execution_chart"] = charts(whole.get("projects", ()))
    for section in whole.get("sections", ()):
        if level := _level(str(section.get("number", ""))):
            section.setdefault("level", level)
    return whole


def _is_untouched(values: Mapping[str, Any], outline: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the sections are those of the outline and nothing of a report was typed."""
    sections = values.get("sections")
    if not sections or not outline or any(values.get(key) for key in _OF_A_REPORT):
        return False
    keys = ("number", "heading", "text", "insert")
    return [[one.get(key) for key in keys] for one in sections] == [[one.get(key) for key in keys] for one in outline]


def _set(values: dict[str, Any], key: str, value: Any) -> None:
    if value is not None and value != "":
        values.setdefault(key, value)


def _complete_project(project: dict[str, Any], how: Method, profile: Profile) -> None:
    for line in project.get("funding_lines", ()):
        _set(line, "revised_budget", number(line.get("initial_budget")))
        spent, budget = number(line.get("actual_expenditure")), number(line.get("revised_budget"))
        if spent is not None and budget is not None:
            _set(line, "execution_rate", scoring.rate(spent, budget))
    indicators = project.get("indicators", [])
    for row in indicators:
        _set(row, "score", due(row, how))
    weights = [weight for row in indicators if (weight := number(row.get("weight"))) is not None]
    if weights:
        _set(project, "execution_weight", Decimal(0) if rounded(sum(weights, Decimal(0))) == 100 else Decimal(10))
    weight, total = number(project.get("execution_weight")), funds(project, ())
    if weight is not None and total.revised is not None:
        _set(project, "execution_score", scoring.execution_points(weight, total.spent or Decimal(0), total.revised))
    if weights:
        _set(project, "total_weight", rounded(sum(weights, weight or Decimal(0))))
    scores = [score for row in indicators if (score := number(row.get("score"))) is not None]
    if scores:
        _set(project, "total_score", rounded(sum(scores, number(project.get("execution_score")) or Decimal(0))))
    _complete_rating(project, "total_score", profile)


def _complete_rating(values: dict[str, Any], key: str, profile: Profile) -> None:
    score = number(values.get(key))
    if score is not None:
        _set(values, "rating", scoring.rating(score, profile.scoring.ratings))


def _complete_summary(whole: dict[str, Any], profile: Profile) -> None:
    """Add the projects that have a form but no line in the summary, and what the summary comes to."""
    lines = whole.get("project_scores", [])
    known = {str(line.get("project_name", "")).strip() for line in lines}
    for project in whole.get("projects", ()):
        keys = ("project_name", ("score", "total_score"), "rating")
        line = {
            key: project[source]
            for key, source in ((each, each) if isinstance(each, str) else each for each in keys)
            if source in project
        }
        if "score" in line and str(line.get("project_name", "")).strip() not in known:
            lines = [*lines, line]
    if lines:
        whole["project_scores"] = lines
    for line in lines:
        _complete_rating(line, "score", profile)
    scores = [score for line in lines if (score := number(line.get("score"))) is not None]
    if scores:
        _set(whole, "total_score", rounded(sum(scores, Decimal(0)) / len(scores)))
    _complete_rating(whole, "total_score", profile)


def _complete_texts(whole: dict[str, Any]) -> None:
    year, short, unit = whole.get("fiscal_year"), whole.get("unit_short_name"), whole.get("unit_name")
    if short or unit:
        _set(whole, "title", f"{f'{short}部门' if short else unit}{year or ''}年度整体支出绩效自评报告")
    staff, retired = whole.get("staff_on_duty"), whole.get("retirees")
    if all(isinstance(each, int) for each in (year, staff, retired)):
        _set(whole, "staff_text", f"{year}年底，我单位实有在职人员{staff}人，退休人员{retired}人。")
    assets = number(whole.get("fixed_assets"))
    if assets is not None:
        _set(whole, "assets_text", f"{short or '本单位'}上年末固定资产金额为{_plain(assets)}元。")
    if "revenue_expenditure" in whole:
        _complete_revenue(whole, whole["revenue_expenditure"])


def _complete_revenue(whole: dict[str, Any], revenue: dict[str, Any]) -> None:
    total, last = number(revenue.get("total")), number(revenue.get("last_year_total"))
    if total is not None and last is not None:
        _set(revenue, "change", rounded(total - last))
        change = number(revenue.get("change"))
        if change is not None and last:
            _set(revenue, "change_rate", rounded(change * 100 / last))
    year, change = whole.get("fiscal_year"), number(revenue.get("change"))
    if total is None or last is None or change is None or not isinstance(year, int):
        return
    unit, share = whole.get("currency_unit", "万元"), number(revenue.get("change_rate"))
    sentence = f"{year}年度收支总计（含结转和结余）{rounded(total)}{unit}。与{year - 1}年度决算相比，收支各"
    if change == 0:
        sentence += "持平"
    else:
        sentence += f"{'增加' if change > 0 else '减少'}{rounded(abs(change))}{unit}"
        if share is not None:
            sentence += f"，{'增长' if change > 0 else '下降'}{rounded(abs(share))}%"
    if reason := revenue.get("reason"):
        sentence += f"，主要原因是{reason}"
    _set(whole, "revenue_text", sentence + "。")


def charts(projects: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the bars of two pictures: the share of its points that each first level got, and execution by project."""
    points: dict[str, tuple[Decimal, Decimal]] = {}
    execution = []
    for project in projects:
        for row in project.get("indicators", ()):
            score, weight = number(row.get("score")), number(row.get("weight"))
            if score is not None and weight is not None and "dimension" in row:
                got, full = points.get(row["dimension"], (Decimal(0), Decimal(0)))
                points[row["dimension"]] = got + score, full + weight
        total = funds(project, ())
        if total.spent is not None and total.revised:
            share = scoring.rate(total.spent, total.revised) or Decimal(0)
            execution.append({"label": str(project.get("project_name", "")), "share": share})
    scores = [{"label": name, "share": rounded(got * 100 / full)} for name, (got, full) in points.items() if full]
    return scores, execution


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _level(typed: str) -> int | None:
    """Return the level of a heading by its number: 一、 is 1, （一） 2, 1. 3, （1） 4."""
    if not typed:
        return None
    if typed[0] in "（(":
        return 4 if typed[1:2] and typed[1] in _DIGITS else 2
    return 3 if typed[0] in _DIGITS else 1
