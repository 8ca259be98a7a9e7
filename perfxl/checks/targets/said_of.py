"""Whether a number in a text is said of an indicator, and which of several that disagree is the odd one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from perfxl.checks.targets.indicator_rows import IndicatorRow
from perfxl.checks.targets.likeness import comparable_units, core, pairs_of
from perfxl.checks.targets.mentions import Mention, mentions
from perfxl.checks.targets.quantities import base
from perfxl.model.record import FieldPath

ALIKE, ALIKE_IN_DIGITS = 0.6, 0.34
"""How much of the words must be the same for a number to be of an indicator, and where it is like its number."""
_ROUGH = Decimal("0.1")
_MOST = 8  # numbers of which each two are tried
_NOT_COUNTED = frozenset(("time", "age", "money"))
_OF_CHANGE = re.compile("增长|下降|提高|降低|减少|提升|增加|新增")

Value = tuple[Decimal, str]
Values = Mapping[FieldPath, Value]
"""By the path of its row, what an indicator comes to, comparable."""


class SaidNumber(NamedTuple):
    """A number said in a text, with the text's path."""

    path: FieldPath
    one: Mention


class Odd(NamedTuple):
    """A number that stands against another: where it is to be mended, the row, and what is said where."""

    path: FieldPath
    row: IndicatorRow
    said: SaidNumber
    at_row: bool


def said_in(path: FieldPath, text: str) -> Iterator[SaidNumber]:
    """Yield what a text claims by numbers: no times, ages and money, no ranges, and nothing of another year."""
    for one in mentions(text):
        if one.kind not in _NOT_COUNTED and one.role in ("claim", "change") and one.year is None and one.upper is None:
            yield SaidNumber(path, one)


def values_of(rows: Sequence[IndicatorRow]) -> dict[FieldPath, Value]:
    """Return the targets of indicators that are plain numbers."""
    return {
        row.path: base(row.target.number, row.target.unit)
        for row in rows
        if row.target.number is not None and not row.run_together
    }


ByUnit = Mapping[str, Sequence[SaidNumber]]


def by_unit(said: Iterable[SaidNumber]) -> ByUnit:
    """Return what is said, by its units."""
    found: dict[str, list[SaidNumber]] = {}
    for one in said:
        found.setdefault(one.one.unit, []).append(one)
    return found


def _in_unit(texts: ByUnit, unit: str) -> Iterator[SaidNumber]:
    for other, said in texts.items():
        if comparable_units(other, unit):
            yield from said


def against(
    row: IndicatorRow, groups: Sequence[tuple[ByUnit, Sequence[IndicatorRow]]], values: Values
) -> Iterator[Odd]:
    """Yield the numbers that stand against that of a row: each of the texts, or the row where these agree.

    `groups` are texts, with the rows that they may speak of.
    """
    value = values[row.path]
    if not any(comparable_units(unit, value[1]) for texts, _ in groups for unit in texts):
        return
    near = [([*_in_unit(texts, value[1])], beside) for texts, beside in groups]
    same = [said for texts, _ in near for said in texts if is_value(said.one, value)]
    agreed = {said.path for said in same}
    others = [
        said
        for texts, beside in near
        for said in texts
        if said.path not in agreed and _means(said, row, values, beside) and not _sums_up(said, texts, value)
    ]
    if not others:
        return
    agreeing = {said.path for said in same if likeness(said.one, row) >= ALIKE_IN_DIGITS}
    number, most = Counter(said.one.number for said in others).most_common(1)[0]
    if most > 1 and not agreeing:
        first = next(said for said in others if said.one.number == number)
        yield Odd(row.at("target"), row, first, True)
        return
    yield from (Odd(said.path, row, said, False) for said in others)


def is_value(one: Mention, value: Value) -> bool:
    """Return whether a number is that value; one that is rough may be a tenth away."""
    if not comparable_units(one.unit, value[1]):
        return False
    return one.number == value[0] or (one.rough and abs(one.number - value[0]) <= value[0] * _ROUGH)


def _means(said: SaidNumber, row: IndicatorRow, values: Values, rivals: Sequence[IndicatorRow]) -> bool:
    """Return whether a number is surely said of a row, though it is another one."""
    one, value = said.one, values[row.path]
    if not comparable_units(one.unit, value[1]) or (one.role == "change") != bool(_OF_CHANGE.search(row.name)):
        return False
    if one.rough and abs(one.number - value[0]) <= value[0] * _ROUGH:
        return False
    if row.is_satisfaction and not pairs_of(core(one.about)) <= pairs_of(core(row.bare_name)):
        return False  # 服务对象满意度 is anybody's
    much = likeness(one, row)
    if much < (ALIKE_IN_DIGITS if alike_in_digits(one.number, value[0]) else ALIKE):
        return False
    # It may be said of another row, or be the number of one, or what several come to.
    others = [(other, values[other.path]) for other in rivals if other is not row and other.path in values]
    alike = [other[0] for _, other in ((row, value), *others) if other[1] == value[1]]
    if any(one.number == sum(some) for some in _several(alike)):
        return False
    return not any(
        comparable_units(one.unit, number[1]) and (is_value(one, number) or likeness(one, other) > much)
        for other, number in others
    )


def _several(numbers: Sequence[Decimal]) -> Iterator[Sequence[Decimal]]:
    """Yield all numbers, where there are more than one, and each two of them."""
    if len(numbers) > 1:
        yield numbers
    yield from combinations(numbers, 2) if len(numbers) <= _MOST else ()


def _sums_up(said: SaidNumber, group: Sequence[SaidNumber], value: Value) -> bool:
    """Return whether a number is one of several in its text that come to the value together."""
    beside = [other.one for other in group if other.path == said.path and other.one.unit == said.one.unit]
    return len(beside) > 1 and sum((one.number for one in beside), Decimal(0)) == value[0]


def likeness(one: Mention, row: IndicatorRow) -> float:
    """Return how much the words around a number and those of a row have in common, 1 at most."""
    mine, name = pairs_of(core(one.about)), pairs_of(core(row.bare_name))
    if not mine or not name:
        return 0.0
    whole = name | pairs_of(core(row.description))
    return max(len(mine & name) / len(name), len(mine & whole) / len(mine) if mine & name else 0.0)


@lru_cache(maxsize=1024)
def alike_in_digits(one: Decimal, other: Decimal) -> bool:
    """Return whether two numbers look like one mistyped: swapped, lost, doubled or added digits, or a moved point."""
    mine, theirs = (f"{number.normalize():f}".replace(".", "") for number in (one, other))
    mine, theirs = mine.strip("0"), theirs.strip("0")
    if mine == theirs or sorted(mine) == sorted(theirs):
        return True
    short, long = sorted((mine, theirs), key=len)
    if len(long) - len(short) == 1:
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    return len(mine) == len(theirs) > 2 and sum(a != b for a, b in zip(mine, theirs, strict=True)) == 1
