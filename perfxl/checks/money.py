"""Rules on money (family M): amounts in 万元 and the cumulative plan of expenditure in percent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from perfxl.profile import Profile
from perfxl.record import Path, Record
from perfxl.remark import Remark

_TOLERANCE = Decimal("0.005")
_LABELS = {"budget_amount": "预算数", "fiscal_funds": "财政资金", "other_funds": "其他资金"}
_MONTHS = {"by_mar": "3月底", "by_jun": "6月底", "by_oct": "10月底", "by_dec": "12月底"}
_AMOUNT = re.compile(r"([+-]?[\d,]+(?:\.\d+)?)(亿|万|)(元|)")
_IN_WAN = {"亿": Decimal(10_000), "万": Decimal(1), "": Decimal(1)}


def amounts_are_numbers(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield M02 with the right amount where text says one (`250万`), or where an amount has more than two decimals."""
    del profile
    for path, project in plan.items("projects"):
        for key, label in _LABELS.items():
            value = project.get(key)
            if isinstance(value, str):
                repair = _amount_in(value)
                advice = f"请改为“{repair:f}”。" if repair is not None else "请只填数字。"
                yield Remark("M02", (*path, key), {"label": label, "value": value, "advice": advice}, repair=repair)
            elif isinstance(value, Decimal) and value < 0:
                yield Remark("M02", (*path, key), {"label": label, "value": value, "advice": "金额不能是负数。"})
            elif isinstance(value, Decimal) and value != round(value, 2):
                advice = "请保留两位小数，并核对各项之和。"
                yield Remark("M02", (*path, key), {"label": label, "value": value, "advice": advice})
            elif value is None and key != "other_funds":
                yield Remark("M02", (*path, key), {"label": label, "value": "空白", "advice": "请填写；没有就填0。"})


def _amount_in(text: str) -> Decimal | None:
    """Return the amount in 万元 that a text plainly says, or None."""
    found = _AMOUNT.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if not found:
        return None
    number, factor, unit = found.groups()
    amount = Decimal(number.replace(",", ""))
    return amount / 10_000 if unit and not factor else amount * _IN_WAN[factor]


def parts_add_up(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield M01 at the budget where it differs from fiscal and other funds by half a cent (of a 万元) or more."""
    del profile
    for path, project in plan.items("projects"):
        total, fiscal = project.get("budget_amount"), project.get("fiscal_funds")
        other = project.get("other_funds", Decimal(0))
        if not all(isinstance(amount, Decimal) for amount in (total, fiscal, other)):
            continue
        difference = abs(total - fiscal - other)
        if difference >= _TOLERANCE:
            words = {"total": total, "fiscal": fiscal, "other": other, "difference": difference}
            yield Remark("M01", (*path, "budget_amount"), words)


def schedule_is_percent(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield M04, with the percent that was meant, where a cell holds a fraction, text, or what lies outside 0–100.

    `1.00` at the end of December is 100 %, as in the plans of counties that export decimals.
    """
    del profile
    for path, key, value in _schedule_cells(plan):
        if _is_percent(value, key == "by_dec"):
            continue
        meant = _meant_percent(value, key == "by_dec")
        advice = "请填到该月底为止累计支出的百分比，例如 25%。" if meant is None else f"请改为“{meant:f}%”。"
        words = {"label": _MONTHS[key], "value": value, "advice": advice}
        yield Remark("M04", (*path, key), words, repair=meant)


def _schedule_cells(plan: Record) -> Iterator[tuple[Path, str, Any]]:
    for path, schedule in plan.items("projects", "expenditure_schedule"):
        for key, value in schedule.items():
            yield path, key, value


def _is_percent(value: Any, whole_year: bool) -> bool:
    if not isinstance(value, Decimal) or not 0 <= value <= 100:
        return False
    return not (0 < value < 1 or (whole_year and value == 1))


def _meant_percent(value: Any, whole_year: bool) -> Decimal | None:
    """Return the percent that a wrong cell most likely means, or None where it says nothing."""
    found = re.search(r"\d+(\.\d+)?", unicodedata.normalize("NFKC", str(value)))
    if not found or str(value).startswith("-"):
        return Decimal(100) if whole_year else None
    number = Decimal(found[0])
    if 0 < number <= 1:
        number *= 100
    while number > 100:
        number /= 100
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def schedule_is_cumulative(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield M05 where a month falls below an earlier one, and M06 where December is not 100 %. Blank counts as 0."""
    del profile
    for path, project in plan.items("projects"):
        schedule: Mapping[str, Any] = project.get("expenditure_schedule", {})
        base = (*path, "expenditure_schedule")
        highest, at = Decimal(0), ""
        for key, month in _MONTHS.items():
            value = schedule.get(key, Decimal(0))
            if not isinstance(value, Decimal):
                break
            if value < highest:
                yield Remark("M05", (*base, key), {"later": month, "earlier": at, "a": highest, "b": value})
            else:
                highest, at = value, month
        december = schedule.get("by_dec", Decimal(0))
        if isinstance(december, Decimal) and december != 100:
            shown = f"{december:f}%" if "by_dec" in schedule else "空白"
            yield Remark("M06", (*base, "by_dec"), {"value": shown}, repair=Decimal(100))


RULES = (amounts_are_numbers, parts_add_up, schedule_is_percent, schedule_is_cumulative)
