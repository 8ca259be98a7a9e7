"""Rules on the money of a self-evaluation: sums, rates of execution and the points for them (M10, S03–S06)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfxl.checks.evaluation.project_view import evaluated
from perfxl.computation import scoring
from perfxl.computation.evaluation_figures import funds, is_total, number
from perfxl.computation.scoring import rounded
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_COLUMNS = {"initial_budget": "年初预算数", "revised_budget": "全年预算数", "actual_expenditure": "全年执行数"}


def parts_add_up(record: Record, profile: Profile) -> Iterator[Remark]:
    """Yield M10 at a total that is not the sum of its parts (财预〔2020〕10号, 自评表: 年度资金总额).

    A part left blank counts as 0 where another has an amount.
    """
    for path, project, _, _ in evaluated(record):
        lines = project.get("funding_lines", [])
        if [index for index, line in enumerate(lines) if is_total(line)] != [0]:
            continue
        for key, label in _COLUMNS.items():
            total, parts = number(lines[0].get(key)), [(line, number(line.get(key))) for line in lines[1:]]
            if total is None or all(amount is None for _, amount in parts):
                continue
            sums = list(_sums([(str(line.get("source", "")), amount or Decimal(0)) for line, amount in parts]))
            if all(abs(total - found) >= profile.limits.amount_tolerance for found in sums):
                words = {"label": label, "total": total, "parts": sums[0], "difference": abs(total - sums[0])}
                yield Remark("M10", (*path, "funding_lines", 0, key), words)


def _sums(parts: Sequence[tuple[str, Decimal]]) -> Iterator[Decimal]:
    """Yield what parts may come to: all of them, or all but parts of parts, which say 其中 or sum up to one above."""
    yield sum((amount for _, amount in parts), Decimal(0))
    yield sum((a for at, (name, a) in enumerate(parts) if not at or not name.strip().startswith("其中")), Decimal(0))
    summed, at = Decimal(0), 0
    while at < len(parts):
        amount = parts[at][1]
        summed += amount
        ends = range(at + 2, len(parts))
        below = next((e for e in ends if amount and sum(a for _, a in parts[at + 1 : e + 1]) == amount), at)
        at = below + 1
    yield summed


def rates_follow(record: Record, profile: Profile) -> Iterator[Remark]:
    """Yield S03 at a rate of execution that is not 执行数 ÷ 全年预算数, and S05 at one of more than 100 %."""
    for path, project, whole, _ in evaluated(record):
        for index, line in enumerate(whole.get("funding_lines", ())):
            spent, budget = number(line.get("actual_expenditure")), number(line.get("revised_budget"))
            right = scoring.rate(spent, budget) if spent is not None and budget else None
            at = (*path, "funding_lines", index, "execution_rate")
            typed = number(project["funding_lines"][index].get("execution_rate"))
            words = {"right": right, "spent": spent, "budget": budget, "value": typed}
            if right is not None and typed is not None and not _is_the_rate(typed, right, profile):
                yield Remark("S03", at, words)
            elif (rate := typed if right is None else right) is not None and rate > 100:
                yield Remark("S05", at, {"value": rate})


def _is_the_rate(typed: Decimal, right: Decimal, profile: Profile) -> bool:
    """Whether a rate is right, to the digits that it shows."""
    return abs(right - typed) <= profile.scoring.rate_tolerance or scoring.is_rounded(typed, right)


def there_is_a_budget(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S04 where the budget is 0, so that no rate can be computed; D01 where what was spent is missing."""
    for path, _, whole, _ in evaluated(record):
        if not whole.get("funding_lines"):
            continue
        found = funds(whole, path)
        if found.revised == 0:
            yield Remark("S04", (*found.path, "revised_budget"), {"value": found.revised})
        elif found.revised is not None and found.spent is None:
            yield Remark("D01", (*found.path, "actual_expenditure"), {"label": "全年执行数"})


def execution_scores_follow(record: Record, profile: Profile) -> Iterator[Remark]:
    """Yield S06 where the points for execution are not weight × rate, at most the weight; S07 where they are above."""
    for path, project, whole, _ in evaluated(record):
        weight, typed = number(whole.get("execution_weight")), number(project.get("execution_score"))
        if weight is None or typed is None:
            continue
        found, at = funds(whole, path), (*path, "execution_score")
        right = None
        if found.spent is not None and found.revised is not None:
            right = scoring.execution_points(weight, found.spent, found.revised)
        wrong = right is not None and abs(right - typed) > profile.scoring.score_tolerance
        if right is not None and wrong and not scoring.is_rounded(typed, right, least=1):
            words = {"right": right, "value": typed, "weight": weight, "spent": found.spent, "budget": found.revised}
            yield Remark("S06", at, words)
        elif not 0 <= typed <= weight:
            yield Remark("S07", at, {"label": "预算执行率", "value": typed, "weight": weight})


def totals_stay_below_the_cap(record: Record, profile: Profile) -> Iterator[Remark]:
    """Yield S20 where an office caps the total by the rate of execution (profile: `scoring.caps`) and it is above."""
    for path, _, whole, _ in evaluated(record):
        found, total = funds(whole, path), number(whole.get("total_score"))
        if found.spent is None or not found.revised or total is None:
            continue
        rate = found.spent * 100 / found.revised
        caps = [cap for cap in profile.scoring.caps if rate < cap.below]
        if caps and total > (most := min(cap.at_most for cap in caps)):
            yield Remark("S20", (*path, "total_score"), {"rate": rounded(rate), "most": most, "value": total})


RULES = (parts_add_up, rates_follow, there_is_a_budget, execution_scores_follow, totals_stay_below_the_cap)
