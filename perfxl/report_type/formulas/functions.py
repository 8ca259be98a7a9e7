"""The functions that formulas of forms use, as Excel 2010, WPS and LibreOffice have them alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from perfxl.report_type.formulas.values import (
    Beyond,
    Error,
    FormulaError,
    Scalar,
    Table,
    Value,
    each,
    nearly,
    number,
    order,
    read_number,
    rounded,
    scalar,
    text,
    truth,
)

_PATTERN = re.compile(r"0(?:\.(0+))?(%?)")
_FULL, _HALF = 0xFF01, 0x21


class Given(NamedTuple):
    """An argument: its value, and whether it is the value of cells, of which sums pass over texts."""

    value: Value
    cells: bool


def _numbers(arguments: Sequence[Given]) -> Iterator[float]:
    """Yield the numbers of the arguments: of cells those that are numbers, of others what can be read as one."""
    for given in arguments:
        if isinstance(given.value, Table) or given.cells:
            values = given.value if isinstance(given.value, Table) else (given.value,)
            for value in values:
                if isinstance(value, Error):
                    raise FormulaError(value)
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    yield float(value)
        else:
            yield number(given.value)


def _values(arguments: Sequence[Given]) -> Iterator[Scalar]:
    for given in arguments:
        yield from given.value if isinstance(given.value, Table) else (given.value,)


def _count(*arguments: Given) -> Value:
    found = 0
    for given in arguments:
        for value in given.value if isinstance(given.value, Table) else (given.value,):
            found += isinstance(value, (int, float)) and not isinstance(value, bool)
    return found


def _counta(*arguments: Given) -> Value:
    return sum(value is not None for value in _values(arguments))


def _sum(*arguments: Given) -> Value:
    return float(sum(_numbers(arguments)))


def _product_sum(*arguments: Given) -> Value:
    """Return the sum of what stands at the same place, multiplied; texts count nothing."""

    def plain(value: Scalar) -> float:
        if isinstance(value, Error):
            raise FormulaError(value)
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0

    columns = [[plain(value) for value in _values((given,))] for given in arguments]
    total = 0.0
    for row in zip(*columns, strict=True):
        product = 1.0
        for factor in row:
            product *= factor
        total += product
    return total


def _average(*arguments: Given) -> Value:
    found = list(_numbers(arguments))
    if not found:
        raise FormulaError("#DIV/0!")
    return sum(found) / len(found)


def _matching(criterion: Scalar) -> Callable[[Scalar], bool]:
    """Return whether a cell meets a criterion: a value, or a text with `*` for anything."""
    if not isinstance(criterion, str):
        return lambda value: value is not None and not isinstance(value, str) and order(value, criterion) == 0
    if criterion[:1] in "<>=" and criterion:
        raise Beyond(criterion)
    parts = (re.escape(part) for part in criterion.split("*"))
    pattern = re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _count_if(cells: Given, criterion: Given) -> Value:
    meets = _matching(scalar(criterion.value))
    return sum(meets(value) for value in _values((cells,)))


def _sum_if(cells: Given, criterion: Given, summed: Given) -> Value:
    meets = _matching(scalar(criterion.value))
    pairs = zip(_values((cells,)), _values((summed,)), strict=True)
    chosen = Table((tuple(value for key, value in pairs if meets(key)),))
    return float(sum(_numbers((Given(chosen, True),))))


def _look_up(key: Given, table: Given, column: Given, nearest: Given) -> Value:
    if truth(nearest.value) or not isinstance(table.value, Table):
        raise Beyond("VLOOKUP of what comes near")
    wanted = scalar(key.value)
    for row in table.value.rows:
        if row[0] is not None and wanted is not None and order(row[0], wanted) == 0:
            return row[int(number(column.value)) - 1]
    raise FormulaError("#N/A")


def _text(value: Given, pattern: Given) -> Value:
    shape = _PATTERN.fullmatch(text(pattern.value))
    given = scalar(value.value)
    if shape is None:
        raise Beyond(f"TEXT {text(pattern.value)}")
    if isinstance(given, str):
        return given
    decimals, percent = len(shape[1] or ""), shape[2]
    return f"{rounded(number(given) * (100 if percent else 1), decimals):f}{percent}"


def _find(wanted: Scalar, within: Scalar) -> Scalar:
    at = text(within).find(text(wanted))
    if at < 0:
        raise FormulaError("#VALUE!")
    return at + 1


def _substitute(within: Scalar, old: Scalar, new: Scalar) -> Scalar:
    return text(within).replace(text(old), text(new)) if text(old) else text(within)


def _half_width(value: Scalar) -> Scalar:
    """Return a text with letters, digits and signs of the width of a Chinese character in the usual width."""
    signs = (chr(ord(sign) - _FULL + _HALF) if "！" <= sign <= "～" else " " if sign == "\u3000" else sign
             for sign in text(value))  # fmt: skip
    return "".join(signs)


def _value(value: Scalar) -> Scalar:
    return read_number(value) if isinstance(value, str) else number(value)


def _middle(within: Scalar, first: Scalar, length: Scalar) -> Scalar:
    start = int(number(first)) - 1
    return text(within)[start : start + int(number(length))]


def _round(value: Scalar, digits: Scalar) -> Scalar:
    return float(rounded(number(value), int(number(digits))))


def _single(compute: Callable[..., Scalar]) -> Callable[..., Value]:
    """Return a function of single values as one of arguments, which works on every value of a table."""
    return lambda *arguments: each(compute, *(given.value for given in arguments))


def _all_of(combine: Callable[[Iterator[bool]], bool]) -> Callable[..., Value]:
    def computed(*arguments: Given) -> Value:
        # Of cells, texts and blanks say nothing.
        found = (truth(value) for given in arguments for value in _values((given,)) if value is not None)
        return combine(found)

    return computed


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "ABS": _single(lambda value: abs(number(value))),
    "AND": _all_of(all),
    "ASC": _single(_half_width),
    "AVERAGE": _average,
    "COUNT": _count,
    "COUNTA": _counta,
    "COUNTIF": _count_if,
    "FIND": _single(_find),
    "HYPERLINK": lambda _, shown: scalar(shown.value),
    "LEFT": _single(lambda value, length=1: text(value)[: int(number(length))]),
    "LEN": _single(lambda value: len(text(value))),
    "MAX": lambda *arguments: max(_numbers(arguments), default=0.0),
    "MID": _single(_middle),
    "MIN": lambda *arguments: min(_numbers(arguments), default=0.0),
    "N": _single(lambda value: float(value) if isinstance(value, (int, float)) else 0.0),
    "NOT": _single(lambda value: not truth(value)),
    "OR": _all_of(any),
    "ROUND": _single(_round),
    "SUBSTITUTE": _single(_substitute),
    "SUM": _sum,
    "SUMIF": _sum_if,
    "SUMPRODUCT": _product_sum,
    "TEXT": _text,
    "VALUE": _single(_value),
    "VLOOKUP": _look_up,
}


def _same(one: Scalar, other: Scalar) -> bool:
    if other == "" and not isinstance(one, Error):  # the question that forms ask most
        return one is None or one == ""
    return order(scalar(one), scalar(other)) == 0


def _add(one: Scalar, other: Scalar) -> Scalar:
    return _sum_of(number(one), number(other))


def _subtract(one: Scalar, other: Scalar) -> Scalar:
    return _sum_of(number(one), -number(other))


def _sum_of(one: float, other: float) -> float:
    """Return a sum as programs give it: what is left of two numbers that differ in the last digits alone is nothing."""
    return 0.0 if one and nearly(one, -other) else one + other


def _divide(one: Scalar, other: Scalar) -> Scalar:
    if number(other) == 0:
        raise FormulaError("#DIV/0!")
    return number(one) / number(other)


OPERATORS: Mapping[str, Callable[[Scalar, Scalar], Scalar]] = {
    "+": _add,
    "-": _subtract,
    "*": lambda one, other: number(one) * number(other),
    "/": _divide,
    "&": lambda one, other: text(one) + text(other),
    "=": lambda one, other: _same(one, other),
    "<>": lambda one, other: not _same(one, other),
    "<": lambda one, other: order(scalar(one), scalar(other)) < 0,
    ">": lambda one, other: order(scalar(one), scalar(other)) > 0,
    "<=": lambda one, other: order(scalar(one), scalar(other)) <= 0,
    ">=": lambda one, other: order(scalar(one), scalar(other)) >= 0,
}
