"""Rules on money (family M): the amounts of a project, what its texts say of them, and the plan of expenditure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from perfxl.checks.plan.free_texts import has
from perfxl.checks.targets.indicator_rows import each
from perfxl.checks.targets.quantities import Amount, amounts
from perfxl.checks.targets.target import money
from perfxl.model.numbers import decimal_of
from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_LABELS = {"budget_amount": "预算数", "fiscal_funds": "财政资金", "other_funds": "其他资金"}
_ROUGHLY = Decimal("0.1")  # 约20万元 is as good as 21.12万元
_MONTHS = {"by_mar": "3月底", "by_jun": "6月底", "by_oct": "10月底", "by_dec": "12月底"}
_AMOUNT = re.compile(r"(?:约|共|人民币|￥|¥)?([\d,]+(?:\.\d+)?)(亿|万|千|)(元整?|)")
_FACTORS = {"亿": Decimal(10) ** 8, "万": Decimal(10) ** 4, "千": Decimal(10) ** 3, "": Decimal(1)}
_PERCENT = re.compile(r"(?:百分之)?(\d+(?:\.\d+)?)%?(?:左右|以内|以上)?")

# What makes an amount in a text the amount of the whole project: the words straight before it.
_WHOLE = re.compile(
    r"(?:预算|总额|总计|合计|共计|总投资|总经费|总资金|共需|规模|预算(?:安排|申请)?(?:资金|经费|金额)?)[为约是数额：:]*$"
)
_NEAR = re.compile(r"(?:安排|资金|(?:项目|专项|工作|本项)经费|金额|申请|拨款)[为约是数额：:]*$")
# What makes it something else: a part, a price, another year, money that is attracted or helped to get.
_OTHER = re.compile(
    r"其中|每|人均|单价|标准|上年|上一年|去年|往年|以前年度|结转|累计|(?:19|20)\d\d年|引进|引资|招商|争取|到位|融资|贷款|社会资本|授信"
    r"|撬动|帮扶|减免|挽回|追回|产值|营业|收入|税收|签约|超过|不足|低于|高于|大于|小于|以上|不超"
)
_CLAUSE_END = re.compile(r"[，。；;,！？\n]")
_BOUND = re.compile(r"(?:以上|以下|以内|及以|左右|余|多)|/|每|的(?:标准|限额|项目)|（?含）?以")
_FILLING = re.compile(r"[\s\W_]+")
_TAIL = re.compile(
    r"(?:专项|工作|项目|活动|业务|任务|资金|经费|支出|费用|费|等|方面|的|使用|(?:顺利|正常|有序)?(?:实施|开展|进行|推进|运转))+$"
)
_HEAD = re.compile(
    r"^(?:主要|专项|全部)*(?:用于|用作|用在|用来|是|为|支付|保障)?(?:开展|做好|保障|推进|实施)?(?:全[省市区县乡镇]|[本我][省市区县局]|各乡镇|各单位)*"
)
_UNIT_PRICE = re.compile(r"人均|每|单价|单位成本|标准|/|均")


def amounts_are_numbers(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield M02 with the right amount where text says one (`250万`), or where an amount has more than two decimals."""
    unit = _unit(plan)
    for path, project in plan.items("projects"):
        for key, label in _LABELS.items():
            value, repair = project.get(key), None
            if isinstance(value, str):
                repair = _amount_in(value, unit)
                advice = f"请改为“{repair:f}”。" if repair is not None else "请只填数字。"
            elif value is None and key != "other_funds" and has(plan, "projects", key):
                value, advice = "空白", "请填写；没有就填0。"
            elif isinstance(value, Decimal) and value < 0:
                advice = "金额不能是负数。"
            elif isinstance(value, Decimal) and not _is_in_cents(value):
                advice = "请保留两位小数，并核对各项之和。"
            else:
                continue
            yield Remark(
                "M02", (*path, key), {"label": label, "value": value, "advice": advice, "unit": unit}, repair=repair
            )


def _unit(plan: Record) -> str:
    """Return the unit of the amounts of a plan, 万元 or 元."""
    return str(plan.values.get("currency_unit", "万元"))


def _amount_in(text: str, unit: str) -> Decimal | None:
    """Return the amount, in `unit`, that a text plainly says, or None. A bare number is in `unit` already."""
    match = _AMOUNT.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if not match:
        return None
    number, factor, yuan = match.groups()
    amount = decimal_of(number)
    if amount is None:
        return None
    if factor or yuan:
        amount = amount * _FACTORS[factor] / (10_000 if unit == "万元" else 1)
    # 250, not 2.5E+2; what has more than two decimals is no safe reading.
    return Decimal(f"{amount.normalize():f}") if _is_in_cents(amount) else None


def _is_in_cents(amount: Decimal) -> bool:
    """Return whether an amount has at most two decimals; rounding fails beyond the precision of the context."""
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        exponent = amount.normalize().as_tuple().exponent
    return not isinstance(exponent, int) or exponent >= -2


def parts_add_up(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield M01 at the budget where it differs from fiscal and other funds by half a cent (of a 万元) or more."""
    for path, project in plan.items("projects"):
        total, fiscal = project.get("budget_amount"), project.get("fiscal_funds")
        other = project.get("other_funds", Decimal(0))
        if not all(isinstance(amount, Decimal) for amount in (total, fiscal, other)):
            continue
        difference = abs(total - fiscal - other)
        if difference >= profile.limits.amount_tolerance:
            words = {"total": total, "fiscal": fiscal, "other": other, "difference": difference, "unit": _unit(plan)}
            yield Remark("M01", (*path, "budget_amount"), words)


def budget_is_not_zero(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield M03 at a budget of 0: the project was given up, or the amount is still to be typed."""
    for path, budget in plan.items("projects", "budget_amount"):
        if isinstance(budget, Decimal) and budget == 0:
            yield Remark("M03", path, {"unit": _unit(plan)})


def texts_agree_with_budget(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield M08 where the name, the use of funds or a goal gives another amount for the project than its budget.

    Only what is said of the project as a whole counts (预算安排资金21万元): parts, prices and money of other years or
    other people are left aside, and so are amounts that add up to the budget.
    """
    year = f"{plan.values.get('fiscal_year', '')}年"
    for path, project in plan.items("projects"):
        found = [
            (field, text, amount)
            for field, text in _with_amounts(project)
            for amount in _of_the_whole(text, year, field)
        ]
        known = {key: _in_wan(project.get(key), _unit(plan)) for key in _LABELS} if found else {}
        if known.get("budget_amount") is None:
            continue
        for field, text, amount in found:
            if any(_agrees(text, amount, value, profile.limits.amount_tolerance) for value in known.values()):
                continue
            words = {"typed": amount.typed, "budget": project["budget_amount"], "unit": _unit(plan)}
            yield Remark("M08", (*path, *field), words)


def _with_amounts(project: Mapping[str, Any]) -> Iterator[tuple[FieldPath, str]]:
    """Yield the texts that may give an amount, each with its field."""
    for key in ("project_name", "use_of_funds"):
        text = project.get(key)
        if isinstance(text, str) and "元" in text:
            yield (key,), text
    for index, goal in enumerate(project.get("performance_goals", ())):
        if "元" in str(goal):
            yield ("performance_goals", index), str(goal)


def _in_wan(value: Any, unit: str) -> Decimal | None:
    if not isinstance(value, Decimal):
        return None
    return value if unit == "万元" else value / 10_000


def _of_the_whole(text: str, year: str, field: FieldPath) -> list[Amount]:
    """Return the amounts that a text gives for the whole project. A name is short: any amount in it is its own."""
    found = amounts(text)
    whole = []
    for amount in found:
        clause = _CLAUSE_END.split(text[: amount.start])[-1].replace(year, "").rstrip()
        if _OTHER.search(clause) or _BOUND.match(text[amount.start + amount.length :]):
            continue
        if field == ("project_name",) or _WHOLE.search(clause) or (len(found) == 1 and _NEAR.search(clause)):
            whole.append(amount)
    return whole


def _agrees(text: str, amount: Amount, value: Decimal | None, tolerance: Decimal) -> bool:
    if value is None:
        return False
    if text[: amount.start].rstrip().endswith(("约", "近")):
        tolerance = value * _ROUGHLY
    return abs(amount.amount - value) < tolerance


def use_is_more_than_the_name(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield M09 where the use of funds is the name of the project again, perhaps with 用于 before or 经费 behind."""
    for path, project in plan.items("projects"):
        use, name = project.get("use_of_funds"), project.get("project_name")
        if isinstance(use, str) and isinstance(name, str) and _same(use, name):
            yield Remark("M09", (*path, "use_of_funds"), {"value": use, "name": name})


def _same(use: str, name: str) -> bool:
    """Return whether a use of funds is about what a name says, without signs, 用于 and 经费."""
    words, about = _without_signs(use), _core(_without_signs(name))
    # Most say much more, and need no closer look.
    return bool(about) and about in words and _core(words) == about


def _without_signs(text: str) -> str:
    plain = text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)
    return plain if plain.isalnum() else _FILLING.sub("", plain)


def _core(words: str) -> str:
    core = _HEAD.sub("", words, count=1)
    return _TAIL.sub("", core) or core or words


def cost_targets_are_in_the_unit_of_the_budget(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield M11 at a cost target in 元 where the budget is in 万元. A price (人均、每次) is at home in 元."""
    if _unit(plan) != "万元":
        return
    for row in each(plan):
        if not row.is_cost or row.target.unit != "元" or _UNIT_PRICE.search(row.name + row.description + row.printed):
            continue
        amount = money(row.target)
        if amount is not None:
            yield Remark("M11", row.at("target"), {"value": row.printed, "amount": f"{amount.normalize():f}"})


def schedule_is_percent(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield M04, with the percent that was meant, where a cell holds a fraction, text, or what lies outside 0–100.

    `1.00` at the end of December is 100 %, as in the plans of counties that export decimals.
    """
    for path, key, value in _schedule_cells(plan):
        if _is_percent(value, key == "by_dec"):
            continue
        meant = _meant_percent(value, key == "by_dec")
        advice = "请填到该月底为止累计支出的百分比，例如 25%。" if meant is None else f"请改为“{meant:f}%”。"
        words = {"label": _MONTHS[key], "value": value, "advice": advice}
        yield Remark("M04", (*path, key), words, repair=meant)


def _schedule_cells(plan: Record) -> Iterator[tuple[FieldPath, str, Any]]:
    for path, schedule in plan.items("projects", "expenditure_schedule"):
        for key, value in schedule.items():
            yield path, key, value


def _is_percent(value: Any, whole_year: bool) -> bool:
    if not isinstance(value, Decimal) or not 0 <= value <= 100:
        return False
    return not (0 < value < 1 or (whole_year and value == 1))


def _meant_percent(value: Any, whole_year: bool) -> Decimal | None:
    """Return the percent that a wrong cell surely means, or None where that is a guess.

    The year ends at 100 % whatever was typed. A fraction is a share (0.25), and 2500 is 25 typed into a percent cell.
    """
    if whole_year:
        return Decimal(100)
    match = _PERCENT.fullmatch("".join(unicodedata.normalize("NFKC", str(value)).split()))
    if not match:
        return None
    number = decimal_of(match[1])
    if number is None:
        return None
    if 0 < number < 1:
        number *= 100
    elif number >= 500 and number % 100 == 0:
        number /= 100
    if number > 100 or number == 1:
        return None
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def schedule_is_cumulative(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield M05 where a month falls below an earlier one, and M06 where December is not 100 %. Blank counts as 0."""
    if not has(plan, "projects", "expenditure_schedule", "by_dec"):
        return
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
            yield Remark("M06", (*base, "by_dec"), {"value": shown})


def money_is_spent_before_the_end_of_the_year(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield M07 at the end of October where nothing is planned up to then, though there is money and a plan."""
    for path, project in plan.items("projects"):
        schedule: Mapping[str, Any] = project.get("expenditure_schedule", {})
        if "by_dec" not in schedule or project.get("budget_amount") == 0:
            continue
        if all(schedule.get(key, 0) == 0 for key in ("by_mar", "by_jun", "by_oct")):
            yield Remark("M07", (*path, "expenditure_schedule", "by_oct"))


RULES = (
    amounts_are_numbers,
    parts_add_up,
    budget_is_not_zero,
    schedule_is_percent,
    schedule_is_cumulative,
    money_is_spent_before_the_end_of_the_year,
    texts_agree_with_budget,
    use_is_more_than_the_name,
    cost_targets_are_in_the_unit_of_the_budget,
)
