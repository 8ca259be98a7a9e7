"""Rules on the scores of a self-evaluation: weights, points, reasons, totals and ratings (S01, S02, S07–S15)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from perfxl.checks.evaluation.project_view import evaluated
from perfxl.checks.targets.dates import of_serial
from perfxl.checks.targets.indicator_rows import IndicatorRow
from perfxl.checks.targets.target import Target, comparable, understand
from perfxl.computation import scoring
from perfxl.computation.evaluation_figures import EXECUTION, figure, funds, method, number
from perfxl.computation.scoring import GRADES, Method, rounded
from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_CENT = Decimal("0.005")
_SHARE = re.compile("[%％﹪]|百分")
_FULL = Decimal(100)
_FREELY_BELOW = 130  # percent of the target from which fewer points than the formula gives are no mistake


@dataclass(frozen=True, slots=True)
class Scored:
    """An indicator of a self-evaluation: what was typed, and what the sheet or the rules make of it.

    `target` and `actual` are numbers in the same unit, None where the indicator has none; `sign` is as typed or as the
    target says. `score` is what was typed or else what follows.
    """

    row: IndicatorRow
    typed: Mapping[str, Any]
    sign: str
    weight: Decimal | None
    score: Decimal | None
    target: Decimal | None
    actual: Decimal | None

    def at(self, field: str) -> FieldPath:
        return self.row.at(field)

    @property
    def label(self) -> str:
        return self.row.name or f"第{self.row.number}个指标"

    @property
    def explained(self) -> bool:
        """Whether there is a reason; 无 and a dash are none."""
        return str(self.typed.get("variance_explanation", "")).strip("无—-－/\\ \u3000。.、") != ""

    @property
    def grade(self) -> str:
        """The grade of a qualitative indicator, chosen or written into the actual value; or empty."""
        chosen = str(self.typed.get("grade", ""))
        if chosen in GRADES:
            return chosen
        written = str(self.typed.get("actual", "")).strip().replace("预期", "年度")
        return written if written in GRADES else ""

    @property
    def qualitative(self) -> bool:
        return self.typed.get("sign") == "定性" or self.row.target.kind == "qualitative"


def each(record: Record) -> Iterator[Scored]:
    """Yield every indicator of every project."""
    for _, project, _, found in evaluated(record):
        for row in found:
            typed = project["indicators"][row.number - 1]
            target, actual = _figures(row, typed)
            sign = str(typed.get("sign", "")) or row.target.sign
            score = number(row.values.get("score"))
            yield Scored(row, typed, sign, number(typed.get("weight")), score, target, actual)


def _figures(row: IndicatorRow, typed: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    """Return target and actual as numbers in one unit: those typed as numbers, and those that a text plainly says."""
    if typed.get("sign") == "定性" or row.run_together or row.target.upper is not None or row.target.text:
        return None, None
    target, actual = number(typed.get("target")), number(typed.get("actual"))
    if target is not None and actual is not None:
        return target, actual
    known = comparable(row.target)
    if known is None:
        return None, None
    said = _said(str(typed.get("actual", "")).strip(), row.target.unit)
    reached = None if said is None or said.sign or said.upper is not None or said.text else comparable(said)
    if reached is None or reached[1] != known[1]:
        return known[0], None
    return known[0], reached[0]


@lru_cache(maxsize=4096)
def _said(text: str, unit: str) -> Target | None:
    """Return what an actual value says; a bare number is in the unit of the target."""
    if not text:
        return None
    found = understand(text)
    return understand(text + unit) if found.number is not None and not found.unit else found


def weights_sum_to_100(record: Record, profile: Profile) -> Iterator[Remark]:
    """Yield S01 where the points do not sum to 100, and S02 where they do but not as the office shares them out.

    财预〔2020〕10号: 预算执行率10, 产出50, 效益30, 满意度10, as a principle; an office may say otherwise, or leave
    it to each project (profile).
    """
    for path, _, whole, found in evaluated(record):
        shares: dict[str, Decimal] = {EXECUTION: number(whole.get("execution_weight")) or Decimal(0)}
        for row in found:
            weight = number(row.values.get("weight"))
            if weight is not None:
                shares[row.dimension or "未填一级指标"] = shares.get(row.dimension, Decimal(0)) + weight
        if len(shares) == 1:
            continue
        total = sum(shares.values(), Decimal(0))
        listed = "、".join(f"{name}{points.normalize():f}" for name, points in shares.items())
        at = (*path, "total_weight")
        if abs(total - _FULL) >= _CENT:
            yield Remark("S01", at, {"value": total.normalize(), "list": listed})
        elif profile.scoring.weights_of == "office" and _given(shares) != _given(wanted := profile.scoring.weights):
            right = "、".join(f"{name}{points:f}" for name, points in wanted.items())
            yield Remark("S02", at, {"list": listed, "right": right})


def _given(shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the shares without those of 0 points: a frame may have no points for the execution of the budget."""
    return {name: points for name, points in shares.items() if points}


def scores_lie_within_their_weights(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S07 where points are below 0 or above the weight."""
    for one in each(record):
        score = number(one.typed.get("score"))
        if score is not None and one.weight is not None and not 0 <= score <= one.weight:
            yield Remark("S07", one.at("score"), {"label": one.label, "value": score, "weight": one.weight})


def scores_follow(record: Record, profile: Profile) -> Iterator[Remark]:
    """Yield S08 where the points of a quantitative indicator are not what its sign, target and actual value give.

    A warning where nobody gave a sign. Fewer points than the formula gives are right where the target was passed by
    far, because it must have been too low.
    """
    how = method(record.values, profile)
    for one in each(record):
        score = number(one.typed.get("score"))
        if score is None or one.weight is None or one.target is None or one.actual is None:
            continue
        if not 0 <= score <= one.weight or _is_fraction(one):
            continue  # S07, S12
        unclear = not one.sign and one.row.is_cost and one.target != one.actual
        right = scoring.points(one.sign, one.weight, one.target, one.actual, how)
        near = abs(right - score) <= profile.scoring.score_tolerance or scoring.is_rounded(score, right, least=1)
        if unclear or near:
            continue
        if score < right and one.explained and _passed_by_far(one):
            continue
        words = {
            "right": right, "value": score, "formula": scoring.formula(one.sign, one.target, one.actual, how),
            "target": one.row.printed, "actual": one.typed.get("actual", ""), "weight": one.weight,
        }  # fmt: skip
        yield Remark("S08", one.at("score"), words, severity=None if one.sign else "warning")


def _passed_by_far(one: Scored) -> bool:
    assert one.target is not None
    assert one.actual is not None
    return one.sign not in ("≤", "<") and one.target > 0 and one.actual * 100 >= one.target * _FREELY_BELOW


def grades_give_their_points(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S09 where the points of a qualitative indicator are not those of its grade; K04 where there are none.

    财预〔2020〕10号: 达成年度指标 100–80%（含）, 部分达成 80–60%（含）, 未达成 60–0% of the weight.
    """
    for one in each(record):
        weight, score = one.weight, one.score
        if weight is None or ("score" in one.typed and score is None):
            continue
        if one.grade:
            low, high, closed = scoring.band(one.grade, weight)
            if score is None or not (low <= score < high or (closed and score == high)):
                value = "空白" if score is None else score
                words = {"grade": one.grade, "low": _short(low), "high": _short(high), "value": value}
                if score is None or 0 <= score <= weight:
                    yield Remark("S09", one.at("score"), words)
        elif score is None and "actual" in one.typed and not _wrong_actual(one):
            yield Remark("K04", one.at("score"), {"n": one.row.number, "label": "得分"})


def _short(points: Decimal) -> str:
    return f"{rounded(points).normalize():f}"


def shortfalls_are_explained(record: Record, profile: Profile) -> Iterator[Remark]:
    """Yield S10 where an indicator was not met or lacks points and nobody says why, S11 where it was passed by far.

    财预〔2020〕10号, 自评表: 偏差原因分析及改进措施.
    """
    how = method(record.values, profile)
    for one in each(record):
        if one.explained:
            continue
        at = one.at("variance_explanation")
        words = {"label": one.label, "target": one.row.printed, "actual": one.typed.get("actual", "空白")}
        if one.score is not None and one.weight is not None and 0 <= one.score < one.weight:
            points = f"得{one.score.normalize():f}分（分值{one.weight.normalize():f}分）"
            yield Remark("S10", at, {**words, "problem": points})
        elif _is_missed(one) and not _is_fraction(one):
            yield Remark("S10", at, {**words, "problem": "没有达到目标值"})
        elif one.target is not None and one.actual is not None and one.sign not in ("≤", "<"):
            cost = not one.sign and one.row.is_cost
            if scoring.deviates(one.target, one.actual, how) and not cost:
                yield Remark("S11", at, {**words, "percent": f"{how.deviation_from:f}"})


def _is_missed(one: Scored) -> bool:
    if one.target is None or one.actual is None or (not one.sign and one.row.is_cost):
        return False
    return scoring.points(one.sign, Decimal(100), one.target, one.actual, Method()) < _FULL


def actual_values_are_there(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S12 where the actual value is missing, carries a sign, or is no number where the target is one."""
    for one in each(record):
        if problem := _wrong_actual(one):
            yield Remark("S12", one.at("actual"), {"label": one.label, "problem": problem})


def _wrong_actual(one: Scored) -> str:
    """Return what is wrong with the actual value, or ''."""
    actual, target = one.typed.get("actual"), one.row.target
    plain = target.number is not None and not target.text and target.upper is None and not one.row.run_together
    if actual is None:
        return "" if one.grade else "没有填写"
    now = f"，现在是“{actual}”"
    if _is_fraction(one) and (share := figure(actual, "")) is not None:
        return f"像是小数，应填{_short(share * 100)}{now}"
    if (serial := number(actual)) is not None:
        if target.kind in ("date", "period") and _SERIALS[0] <= serial <= _SERIALS[1] and serial == int(serial):
            day = of_serial(int(serial))
            return f"像是 Excel 的日期序号，应为{day.year}年{day.month}月{day.day}日{now}"
        return ""
    if one.qualitative or not plain:
        return ""
    said = _said(str(actual).strip(), target.unit)
    if said is None or said.number is None:
        return "应填数字" + now
    return f"不应带“≥、≤”等符号，应填实际数{now}" if said.sign_typed else ""


_SERIALS = (40_000, 55_000)  # days from 2009 to 2050, as Excel counts them


def _is_fraction(one: Scored) -> bool:
    """Whether 0.95 stands where 95 is meant, beside a target in percent; as a text as well."""
    typed, target = one.typed.get("actual"), number(one.typed.get("target"))
    actual = figure(typed, "") if isinstance(typed, str) and not _SHARE.search(typed) else number(typed)
    unit = str(one.typed.get("measure_unit", "")).strip()
    return unit in ("%", "％") and actual is not None and target is not None and 0 < actual <= 1 and target >= 10


def totals_are_sums(record: Record, profile: Profile) -> Iterator[Remark]:
    """Yield S13 where a total is not the sum of its scores, or that of the whole lies outside those of the projects.

    How an office weighs its projects is its own affair, but no weighing leads out of their range.
    """
    for path, project, whole, found in evaluated(record):
        typed = number(project.get("total_score"))
        scores = [number(row.values.get("score")) for row in found]
        if typed is None or not found or any(score is None for score in scores):
            continue
        right = rounded(sum((s for s in scores if s is not None), number(whole.get("execution_score")) or Decimal(0)))
        rate = profile.scoring.caps and _capped(whole, profile)
        if not _is_the_sum(typed, right) and typed != rate:
            yield Remark("S13", (*path, "total_score"), {"label": "总分", "right": right, "value": typed})
    yield from _summary(record)


def _is_the_sum(typed: Decimal, right: Decimal) -> bool:
    """Whether a total is right, be it with one decimal only."""
    exponent = typed.normalize().as_tuple().exponent
    short = exponent == -1 and abs(typed - right) <= Decimal("0.05")
    return short or abs(right - typed) < _CENT


def _summary(record: Record) -> Iterator[Remark]:
    sheets = {
        str(project.get("project_name", "")).strip(): number(project.get("total_score"))
        for project in record.shown.get("projects", ())
    }
    for path, line in record.items("project_scores"):
        score, right = number(line.get("score")), sheets.get(str(line.get("project_name", "")).strip())
        if score is not None and right is not None and abs(score - right) >= _CENT:
            yield Remark("S13", (*path, "score"), {"label": "汇总的得分", "right": right, "value": score})
    total = number(record.values.get("total_score"))
    scores = [number(line.get("score")) for line in record.shown.get("project_scores", ())]
    known = [score for score in scores if score is not None]
    if total is not None and known and len(known) == len(scores) and not min(known) <= total <= max(known):
        between = f"在{min(known):f}和{max(known):f}之间" if min(known) < max(known) else f"{known[0]:f}"
        yield Remark("S13", ("total_score",), {"label": "综合得分", "right": between, "value": total})


def _capped(whole: Mapping[str, Any], profile: Profile) -> Decimal | None:
    found = funds(whole, ())
    if found.spent is None or not found.revised:
        return None
    rate = found.spent * 100 / found.revised
    return min((cap.at_most for cap in profile.scoring.caps if rate < cap.below), default=None)


def ratings_follow(record: Record, profile: Profile) -> Iterator[Remark]:
    """Yield S14 where a rating is not that of its score."""
    places: list[tuple[FieldPath, Mapping[str, Any], Mapping[str, Any], str]] = [
        (path, project, whole, "total_score") for path, project, whole, _ in evaluated(record)
    ]
    for path, line in record.items("project_scores"):
        places.append((path, line, line, "score"))
    places.append(((), record.values, record.shown, "total_score"))
    for path, typed, whole, key in places:
        score, rating = number(whole.get(key)), typed.get("rating")
        if score is None or rating is None or not 0 <= score <= _FULL:
            continue
        right = scoring.rating(score, profile.scoring.ratings)
        if right and not str(rating).strip().startswith(right):  # 优秀, 良好
            yield Remark("S14", (*path, "rating"), {"score": score, "right": right, "value": rating})


def not_all_are_perfect(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S15 where two projects or more all have full marks."""
    scores = [number(line.get("score")) for line in record.shown.get("project_scores", ())]
    if len(scores) > 1 and all(score == _FULL for score in scores):
        yield Remark("S15", ("project_scores",), {"n": len(scores)})


RULES = (
    weights_sum_to_100,
    scores_lie_within_their_weights,
    scores_follow,
    grades_give_their_points,
    shortfalls_are_explained,
    actual_values_are_there,
    totals_are_sums,
    ratings_follow,
    not_all_are_perfect,
)
