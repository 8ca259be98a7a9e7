"""Rules on what a use of funds comes to (family M): its parts, and prices times numbers, beside the budget.

A text may be read in several ways; it is told only where no reading comes to the amount. All amounts are in 万元.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from perfxl.checks.targets.mentions import Mention, mentions
from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_HALF_A_CENT = Decimal("0.005")
_ROUNDED = Decimal("0.005")  # of a product: prices are rounded
_ROUGH = Decimal("0.1")
_TOTAL = re.compile(
    r"(?:共[计需]?|合计|总计|总额|总投资|总经费|总预算|全年(?:共[计需]?)?|预算(?:安排|资金|数|总额)?|合)[为约是：:]?$"
)
_OF_THIS = re.compile(r"^(?:[计合共需约]|共计|合计|小计|总计|计划)?$")
_OPEN = re.compile(r"等(?![保级额值])|其[余他]|剩余|以及(?:相关|其他)|另|部分|主要|约|余下")
_ELSEWHERE = re.compile(
    r"上年|去年|结转|20\d\d年|累计|总投资|概算|自筹|市级|省级|中央|上级|县级|区级|配套|挽回|减少|增收|产值|收入|贷款|融资"
)
_TIMES = {"月": 12, "年": 1, "季度": 4, "季": 4, "次": 1, "天": 1, "日": 1, "期": 1, "场": 1}
_PEOPLE = frozenset(("人", "名", "位", "人次", "户", "家"))


class _Price(NamedTuple):
    mention: Mention
    of: Mention
    products: tuple[Decimal, ...]
    """What price times number may come to: by the months of the year, or once."""


class _Reading:
    """A use of funds: amounts, those that sum up others, and prices with their numbers."""

    def __init__(self, text: str, counts: Sequence[Mention]) -> None:
        self.text = text
        self.every = mentions(text)
        money = [one for one in self.every if one.kind == "money" and one.unit.startswith("万元") and one.year is None]
        each = [one for one in money if one.role == "each"]
        self.prices = [price for one in each if (price := self._price(one, counts))]
        # What a price comes to is sure only where the text itself says of how many.
        self.uncounted = len(each) > sum(price.of in self.every for price in self.prices)
        amounts = [one for one in money if one.role in ("claim", "part")]
        self.of_price = dict(self._paid(amounts))
        self.totals = [one for one in amounts if _TOTAL.search(one.before) and one not in self.of_price.values()]
        self.parts = [one for one in amounts if one not in self.totals]

    def _price(self, price: Mention, counts: Sequence[Mention]) -> _Price | None:
        first, *others = price.per.split("·")
        if not first:
            return None
        before = [one for one in self.every if one.start < price.start and _counts(one, first)]
        after = [
            one for one in self.every if one.start > price.start and _counts(one, first) and one.clause == price.clause
        ]
        near = before[-1:] or after[:1] or [one for one in counts if _counts(one, first)][:1]
        if not near:
            return None
        product = price.number * near[0].number
        factors = [self._times(other) for other in others if other]
        options = {product}
        for some in factors:
            options = {one * factor for one in options for factor in some}
        return _Price(price, near[0], tuple(sorted(options)))

    def _times(self, unit: str) -> set[int | Decimal]:
        """Return how often something may be paid that is paid for each `unit`: as the text says, or in a year."""
        said: set[int | Decimal] = {
            one.number for one in self.every if one.role == "claim" and one.unit.removeprefix("个").startswith(unit[:1])
        }
        return said | {_TIMES.get(unit, 1)} | ({1} if unit in ("年", "次") else set())

    def _paid(self, amounts: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
        """Yield each price with the amount that stands straight behind it: 每处2500元计32.00万元."""
        for price in self.prices:
            behind = next((one for one in amounts if one.start > price.mention.start), None)
            if behind is None or behind.clause != price.mention.clause:
                continue
            between = self.text[price.mention.end : behind.start].strip()
            if _OF_THIS.match(between) or _TOTAL.fullmatch(between):
                yield price.mention, behind


def _counts(one: Mention, unit: str) -> bool:
    if one.kind != "count" or one.role not in ("claim", "part"):
        return False
    if one.unit == unit or (one.unit in _PEOPLE and unit in _PEOPLE) or one.unit.removeprefix("个") == unit:
        return True
    return len(unit) > 1 and one.after.startswith(unit)  # 23个小区, 每个小区


def uses_come_to_the_budget(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield M12 where the parts of a use of funds do not sum to the budget, M13 where price times number does not.

    M08 where the text gives a total that is not the budget. Where parts and product agree with each other the budget is
    the odd one, and it is told there.
    """
    factor = Decimal(1) if plan.values.get("currency_unit", "万元") == "万元" else Decimal(10_000)
    for path, project in plan.items("projects"):
        text, budget = project.get("use_of_funds"), project.get("budget_amount")
        if not isinstance(text, str) or not isinstance(budget, Decimal) or "元" not in text or budget <= 0:
            continue
        known = _known(project, factor)
        reading = _Reading(text, _numbers(project))
        yield from _said(path, plan, project, reading, known)


def _known(project: Any, factor: Decimal) -> tuple[Decimal, ...]:
    """Return budget, fiscal and other funds, the budget first."""
    found = [project.get(key) for key in ("budget_amount", "fiscal_funds", "other_funds")]
    return tuple(one / factor for one in found if isinstance(one, Decimal) and one > 0)


def _numbers(project: Any) -> list[Mention]:
    """Return what the name and the goals of a project count."""
    texts = [project.get("project_name", ""), *project.get("performance_goals", ())]
    return [one for text in texts for one in mentions(str(text))]


def _said(path: FieldPath, plan: Record, project: Any, reading: _Reading, known: Sequence[Decimal]) -> Iterator[Remark]:
    unit = plan.values.get("currency_unit", "万元")
    words = {"budget": f"{project['budget_amount']:f}", "unit": unit}
    for price in reading.prices:
        paid = reading.of_price.get(price.mention)
        if paid is not None and not any(_near(one, paid.number, price) for one in price.products):
            yield _product(path, price, paid.typed, words)
            return
    parts, combined = _sums(reading)
    sums = [*parts, *combined]
    if odd := _odd_total(reading, sums, known):
        yield Remark("M08", (*path, "use_of_funds"), {"typed": odd.typed, **words})
    elif sums and not any(_equal(one, amount) for one in sums for amount in known):
        if _is_told(reading, sums, known):
            listed = "、".join(one.typed for one in reading.parts)
            yield Remark("M12", (*path, _where(reading, sums)), {"sum": _plainly(sums[0]), "list": listed, **words})
    elif not any(_equal(one, amount) for one in combined for amount in known):
        yield from _of_the_whole(path, reading, known, bool(parts), words)


def _odd_total(reading: _Reading, sums: Sequence[Decimal], known: Sequence[Decimal]) -> Mention | None:
    """Return an amount that the text gives as a total and that is not the budget, where it says of what."""
    products = [product for price in reading.prices for product in price.products]
    if (not sums and not products) or _ELSEWHERE.search(reading.text):
        return None
    return next((one for one in reading.totals if not any(_equal(one.number, amount) for amount in known)), None)


def _of_the_whole(
    path: FieldPath, reading: _Reading, known: Sequence[Decimal], divided: bool, words: dict[str, Any]
) -> Iterator[Remark]:
    """Yield M13 where the only price is that of the whole and its product is not the budget.

    `divided`: the text has parts that sum to the budget, so the price is none of them.
    """
    whole = [price for price in reading.prices if price.mention not in reading.of_price]
    if len(whole) != 1 or any(_near(one, amount, whole[0]) for one in whole[0].products for amount in known):
        return
    price, before = whole[0], reading.text[: whole[0].mention.start]
    if divided and ("其中" in before or any(one.end <= price.mention.start for one in reading.parts)):
        return
    more = price.products[0] > known[0] * (1 + _ROUNDED)
    if more or divided or not _may_be_more(reading, price) or _is_slip(price, known[0]):
        yield _product(path, price, f"预算数{words['budget']}{words['unit']}", words)


def _product(path: FieldPath, price: _Price, other: str, words: dict[str, Any]) -> Remark:
    said = {
        "price": price.mention.typed,
        "count": price.of.typed,
        "product": _plainly(price.products[-1]),
        "other": other,
    }
    return Remark("M13", (*path, "use_of_funds"), {**said, **words})


def _sums(reading: _Reading) -> tuple[list[Decimal], list[Decimal]]:
    """Return what the amounts of a text may come to, and what they and the prices beside them may."""
    groups = [
        reading.parts,
        [one for one in reading.parts if one.role == "claim"],
        [one for one in reading.parts if one.role == "part"],
    ]
    sums = [sum((one.number for one in group), Decimal(0)) for group in groups if len(group) > 1]
    loose = [price for price in reading.prices if price.mention not in reading.of_price]
    if not loose or len(loose) + len(reading.parts) < 2:
        return sums, []
    combined = {sum((one.number for one in reading.parts), Decimal(0))}
    for price in loose:
        combined = {one + product for one in combined for product in price.products}
    return sums, sorted(combined)


def _is_told(reading: _Reading, sums: Sequence[Decimal], known: Sequence[Decimal]) -> bool:
    if _ELSEWHERE.search(reading.text):
        return False
    if min(sums) > known[0] + _HALF_A_CENT:
        return True
    return len(reading.parts) + len(reading.prices) > 1 and not reading.uncounted and not _OPEN.search(reading.text)


def _where(reading: _Reading, sums: Sequence[Decimal]) -> str:
    """Return the field that is probably wrong: the budget, where parts and a product in the text agree."""
    products = [product for price in reading.prices for product in price.products]
    return "budget_amount" if any(_equal(one, other) for one in sums for other in products) else "use_of_funds"


def _may_be_more(reading: _Reading, price: _Price) -> bool:
    """Return whether a text goes on after a price with other things to be paid for."""
    rest = reading.text[price.mention.end :]
    return bool(_OPEN.search(reading.text) or re.search(r"[、；]|和|及|以及|同时|并", rest))


def _is_slip(price: _Price, budget: Decimal) -> bool:
    """Return whether budget and product have the same digits, in another order or with the point elsewhere."""
    return any(_digits(one) == _digits(budget) for one in price.products)


def _digits(number: Decimal) -> str:
    return "".join(sorted(f"{number.normalize():f}".replace(".", "").strip("0")))


def _near(product: Decimal, amount: Decimal, price: _Price) -> bool:
    rough = price.mention.rough or price.of.rough
    return abs(product - amount) <= max(_HALF_A_CENT * 2, amount * (_ROUGH if rough else _ROUNDED))


def _equal(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= _HALF_A_CENT * 2


def _plainly(number: Decimal) -> str:
    return f"{number.normalize():f}"


RULES = (uses_come_to_the_budget,)
