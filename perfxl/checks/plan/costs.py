"""Rules on cost indicators (family K): their sign, and whether they agree with the budget.

Amounts are compared in 万元, whatever unit they are printed in: a deployed tool had to switch such a check off because
元 and 万元 were taken for one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from perfxl.checks.targets.indicator_rows import IndicatorRow, each, is_of_money, rows
from perfxl.checks.targets.mentions import mentions
from perfxl.checks.targets.quantities import base
from perfxl.checks.targets.target import money
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

# What may well be asked to be high: savings, and what is paid to people.
_HIGH_IS_GOOD = re.compile(
    r"节约|节支|节省|降低|下降|减少|压减|结余|回收|(?:补助|资助|补贴|保障|救助|发放|奖励|供养|配套)(?:标准|金额|水平)|(?:研发|社会|配套|民间)投入|自筹"
)
_UNIT_PRICE = re.compile(r"人均|户均|亩均|次均|平均|每|单价|单位(?!食堂)|标准|/|(?<!平)均|日常?限额|单[台套件个次]")
_MANY_YEARS = re.compile(r"总投资|概算|合同(?:总?[价额]|金额)|累计|[两三四五六七八九]年|全周期|工程造价|决算")
_WHOLE = re.compile(r"总|项目|本项|预算|经费|资金|开展|全部|合计|工作")


def costs_are_bounded_above(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K13 at a cost indicator that is to be reached or passed (≥) rather than kept (≤)."""
    for row in each(plan):
        if row.is_cost and row.target.sign in ("≥", ">") and row.target.number is not None:
            if _HIGH_IS_GOOD.search(row.name) or "不超" in row.printed:
                continue
            yield Remark("K13", row.at("target"), {"value": row.target.repaired or row.printed})


def costs_agree_with_budget(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K14 at a cost of the whole project that exceeds the budget, or of which the budget is a multiple.

    One cost among several may be a part, and a part may be small; but the number of the budget in 元 rather than 万元
    is a slip of the unit.
    """
    for _, project, found in rows(plan):
        budget = _budget(plan, project)
        totals = [(row, amount) for row in found if (amount := _total(row)) is not None]
        for row, amount in totals if budget else ():
            whole = len(totals) == 1 and bool(_WHOLE.search(row.name))
            if amount - budget >= profile.limits.amount_tolerance:
                relation = "大于"
            elif _is_of_another_unit(amount, budget) or (whole and 0 < amount * profile.limits.cost_ratio <= budget):
                relation = "远小于"
            else:
                continue
            words = {"name": row.name, "value": row.printed, "relation": relation, **_said(plan, project)}
            yield Remark("K14", row.at("target"), words)


def _said(plan: Record, project: Mapping[str, Any]) -> dict[str, Any]:
    return {"budget": f"{project['budget_amount']:.2f}", "unit": plan.values.get("currency_unit", "万元")}


def _budget(plan: Record, project: Mapping[str, Any]) -> Decimal:
    """Return the budget in 万元, 0 where there is none."""
    budget = project.get("budget_amount")
    if not isinstance(budget, Decimal):
        return Decimal(0)
    return budget / 10_000 if plan.values.get("currency_unit") == "元" else budget


def _total(row: IndicatorRow) -> Decimal | None:
    """Return what a cost indicator gives for the whole year, in 万元, or None where it is a price or no money."""
    if not is_of_money(row) or row.run_together or row.target.upper is not None:
        return None
    about = row.name + row.description + row.target.unit
    if _UNIT_PRICE.search(about) or _HIGH_IS_GOOD.search(row.name) or _MANY_YEARS.search(row.name):
        return None
    return money(row.target)


def _is_of_another_unit(amount: Decimal, budget: Decimal) -> bool:
    return budget == amount * 10_000  # 元 for 万元


_FOR_EACH = re.compile(
    r"[/每](?P<unit>[\u4e00-\u9fff]{1,3}?)(?:[/每·]|$)|(?P<per>[人户亩件台次处所座]均)|单(?P<one>[所处座台套件个辆张次])|每(?P<named>平方米|公里|人次|[人户亩名家次场期台套辆件份册座个])"
)
_FOR_A_TIME = re.compile(r"天|/日|每日|每次|每月|每年|·")
_PRICE_WORDS = re.compile(
    r"[人户亩件台次处所座班]均|平均|单[价位次所处座台套件个辆张]|每.|成本|费用|支出|标准|投[资入]|金额|造价|经费|控制数?|综合|年度?"
)
_ROUNDED = Decimal("1.05")  # prices are rounded up, and more may be done than is promised
_PEOPLE = ("人", "名", "位", "人次")


def prices_agree_with_budget(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K15 at a price whose product with the quantity of the same unit is far from the budget.

    K14 where it is so by thousands: 元 for 万元. Only where the project has one cost in money and one quantity in that
    unit: else the price is of a part.
    """
    for _, project, found in rows(plan):
        budget = _budget(plan, project)
        prices = [(row, price) for row in found if row.is_cost and (price := money(row.target)) is not None]
        if not budget or len(prices) != 1 or prices[0][0].run_together:
            continue
        row, price = prices[0]
        quantity = _quantity_of(row, found)
        if quantity is None or quantity.target.number is None:
            continue
        total = price * base(quantity.target.number, quantity.target.unit)[0]
        share = total / budget
        if not _OTHER_UNIT[0] < share < _OTHER_UNIT[1]:
            relation = f"乘以“{quantity.target.written.lstrip('≤<=≥>')}”以后，远{'小' if share < 1 else '大'}于"
            words = {"name": row.name, "value": row.printed, "relation": relation, **_said(plan, project)}
            at = "measure_unit" if str(row.values.get("measure_unit", "")).strip() else "target"
            yield Remark("K14", row.at(at), words)
        elif not profile.limits.unit_cost_low <= share <= profile.limits.unit_cost_high * _ROUNDED and not _is_divided(
            project
        ):
            words = {
                "price": row.target.written.lstrip("≤<=≥>"),
                "quantity": quantity.target.written.lstrip("≤<=≥>"),
                "total": f"{total.normalize():f}",
                **_said(plan, project),
            }
            yield Remark("K15", row.at("target"), words)


_OTHER_UNIT = (
    Decimal("0.002"),
    Decimal(500),
)  # of the budget; what lies outside is 元 for 万元, or the other way round


def _is_divided(project: Mapping[str, Any]) -> bool:
    """Return whether the use of funds says already what else is paid; M12 and M13 look at that."""
    return sum(one.kind == "money" for one in mentions(str(project.get("use_of_funds", "")))) > 1


def _unit_of(row: IndicatorRow) -> str:
    """Return for what a price is paid: 人 of 450元/人 and of 人均培训成本; '' where none or several are named."""
    units = []
    for text in (row.target.unit, row.name, row.description):
        units = [
            found["unit"] or found["named"] or found["one"] or found["per"][0] for found in _FOR_EACH.finditer(text)
        ]
        if units:
            break
    # 元/人/天 and 人均每天 need a number of days as well.
    twice = len(set(units)) > 1 or _FOR_A_TIME.search(row.target.unit + row.name)
    return "" if twice or not units else "人" if units[0] in _PEOPLE else units[0]


def _quantity_of(price: IndicatorRow, found: Sequence[IndicatorRow]) -> IndicatorRow | None:
    """Return the only quantity in the unit of a price, or None, also where it counts something else."""
    unit = _unit_of(price)
    wanted = _PEOPLE if unit == "人" else (unit,)
    there = [
        row
        for row in found
        if "数量" in row.category
        and row.target.number
        and base(row.target.number, row.target.unit)[1] in wanted
        and not row.run_together
    ]
    return there[0] if unit and len(there) == 1 and _same_work(price, there[0]) else None


def _same_work(price: IndicatorRow, quantity: IndicatorRow) -> bool:
    """Return whether price and quantity name the same work (人均培训成本, 培训人数), or the price names none."""
    work = _PRICE_WORDS.sub("", price.bare_name)
    about = quantity.name + quantity.description
    return not work or set(work) <= set(about) or any(work[at : at + 2] in about for at in range(len(work) - 1))


RULES = (costs_are_bounded_above, costs_agree_with_budget, prices_agree_with_budget)
