"""How a self-evaluation is scored: rates, points and ratings, exact, and rounded half up to two decimals.

The rules are those of 财预〔2020〕10号 and of the forms that finance offices have made of it. The same formulas stand
in the workbook (`x-formula` in the schema); here they are computed anew, from what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

_CENT = Decimal("0.01")
_ROOM = 20  # digits that any context keeps, with the cents
_HUNDRED = Decimal(100)

GRADES: Mapping[str, tuple[Decimal, Decimal]] = {
    "达成年度指标": (Decimal("0.8"), Decimal(1)),
    "部分达成年度指标并具有一定效果": (Decimal("0.6"), Decimal("0.8")),
    "未达成年度指标且效果较差": (Decimal(0), Decimal("0.6")),
}
"""The three grades of a qualitative indicator, each with its share of the points: from, included, and up to."""


@dataclass(frozen=True, slots=True)
class Method:
    """How quantitative indicators are scored in one workbook.

    `reverse` is what becomes of ≤ and < past the target: `excess` takes off the share by which it is passed, `ratio`
    gives target ÷ actual. From `deviation_from` percent of the target on, `deduction` points are taken off.
    """

    reverse: Literal["excess", "ratio"] = "excess"
    deviation_from: Decimal = Decimal(130)
    deduction: Decimal = Decimal(0)


def rounded(number: Decimal) -> Decimal:
    """Return `number` with two decimals, half up, as ROUND of a spreadsheet does."""
    # What comes of a budget of nearly nothing has more digits than the context keeps.
    context = Context(prec=number.adjusted() + _ROOM) if number.adjusted() > _ROOM else None
    return number.quantize(_CENT, ROUND_HALF_UP, context)


def is_rounded(typed: Decimal, right: Decimal, *, least: int = 0) -> bool:
    """Return whether a figure is the right one, rounded half up to the digits shown, at `least` so many decimals."""
    exponent = typed.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return decimals >= least and right.quantize(Decimal(1).scaleb(-max(decimals, 0)), ROUND_HALF_UP) == typed


def rate(spent: Decimal, budget: Decimal) -> Decimal | None:
    """Return the execution rate in percent, or None where the budget is 0."""
    return rounded(spent * _HUNDRED / budget) if budget else None


def execution_points(weight: Decimal, spent: Decimal, budget: Decimal) -> Decimal | None:
    """Return the points for the execution of the budget: in proportion, all of them at most; None without a budget."""
    if budget <= 0:
        return None
    return rounded(weight * max(Decimal(0), min(spent, budget)) / budget)


def points(sign: str, weight: Decimal, target: Decimal, actual: Decimal, method: Method) -> Decimal:
    """Return the points of a quantitative indicator; a sign that is missing counts as =."""
    if sign in ("≤", "<"):
        due = _reverse(weight, target, actual, method)
    elif sign == "=" and target == 0:
        due = weight if actual <= 0 else Decimal(0)
    elif actual >= target:
        due = weight - (method.deduction if deviates(target, actual, method) else 0)
    else:
        due = weight * actual / target if target > 0 else Decimal(0)
    return rounded(max(Decimal(0), due))


def deviates(target: Decimal, actual: Decimal, method: Method) -> bool:
    """Whether an indicator to be reached was passed so far that the target must have been too low."""
    return bool(method.deviation_from) and target > 0 and actual * _HUNDRED >= target * method.deviation_from


def formula(sign: str, target: Decimal, actual: Decimal, method: Method) -> str:
    """Return in words how `points` came by its result."""
    if sign in ("≤", "<"):
        if actual <= target:
            return "没有超过目标值，得满分"
        if target <= 0:
            return "超过目标值，不得分"
        if method.reverse == "ratio":
            return "分值×目标值÷实际值"
        return "分值×（1－（实际值－目标值）÷目标值）" if actual < 2 * target else "超过目标值一倍以上，不得分"
    if actual >= target and not (sign == "=" and target == 0 and actual > 0):
        if method.deduction and deviates(target, actual, method):
            return f"达到目标值的{method.deviation_from:f}%以上，扣{method.deduction:f}分"
        return "达到目标值，得满分"
    return "分值×实际值÷目标值" if target > 0 else "没有达到目标值，不得分"


def _reverse(weight: Decimal, target: Decimal, actual: Decimal, method: Method) -> Decimal:
    if actual <= target:
        return weight
    if target <= 0:
        return Decimal(0)
    if method.reverse == "ratio":
        return weight * target / actual
    return weight * (2 * target - actual) / target


def band(grade: str, weight: Decimal) -> tuple[Decimal, Decimal, bool]:
    """Return the lowest and the highest points of a grade, and whether the highest still belongs to it."""
    low, high = GRADES[grade]
    return weight * low, weight * high, high == 1


def rating(score: Decimal, ratings: Mapping[str, Decimal]) -> str:
    """Return the rating of a score: the best of which it reaches the lowest score; or '' where it reaches none."""
    best = sorted(ratings.items(), key=lambda item: -item[1])
    return next((name for name, least in best if score >= least), "")


def shared(total: Decimal, count: int) -> list[Decimal]:
    """Return `total` points shared out among `count` indicators as evenly as whole points allow; they sum to `total`.

    Where there are too few whole points, halves, tenths or hundredths are used.
    """
    if count < 1:
        return []
    for step in (Decimal(1), Decimal("0.5"), Decimal("0.1"), _CENT):
        steps, rest = divmod(total, step)
        if not rest and steps >= count:
            each, more = divmod(int(steps), count)
            return [step * (each + (index < more)) for index in range(count)]
    return [total, *[Decimal(0)] * (count - 1)]


def spread(groups: Sequence[str], weights: Mapping[str, Decimal]) -> list[Decimal]:
    """Return the points of each indicator, whose first levels are `groups`: those of the level shared out evenly.

    What the weights give to levels that are not there goes to the others in proportion, in whole points; a level that
    the weights do not know counts as the least of those that they know. With the levels that the weights name and that
    are no first level at all (the execution of the budget) everything sums to 100.
    """
    present = [name for name in dict.fromkeys(groups) if name]
    if not present:
        return [Decimal(0)] * len(groups)
    apart = sum((points for name, points in weights.items() if not name.endswith("指标")), Decimal(0))
    levels = {name: points for name, points in weights.items() if name.endswith("指标")}
    asked = {name: levels.get(name, min(levels.values(), default=Decimal(1))) for name in present}
    given = _in_proportion(asked, _HUNDRED - apart)
    shares = {name: iter(shared(given[name], list(groups).count(name))) for name in present}
    return [next(shares[name]) if name else Decimal(0) for name in groups]


def _in_proportion(asked: Mapping[str, Decimal], total: Decimal) -> dict[str, Decimal]:
    """Return `total` divided as `asked`, in whole points where it is whole: the largest remainders get one more."""
    whole = sum(asked.values(), Decimal(0))
    if whole == total or not whole:
        return dict(asked)
    exact = {name: points * total / whole for name, points in asked.items()}
    given = {name: Decimal(int(points)) for name, points in exact.items()}
    left = total - sum(given.values(), Decimal(0))
    for name in sorted(exact, key=lambda name: given[name] - exact[name]):
        step = min(Decimal(1), left)
        given[name] += step
        left -= step
    return given
