"""What the formulas of a form give, for sheets that no program has computed: sums, products, rates and simple choices.

Of the language of formulas this knows arithmetic, comparisons, texts and a dozen functions, as Excel, WPS and
LibreOffice share them. What it does not know it leaves alone: the cell then stays without a result, and is told.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, partial
from typing import Any

from perfxl.model.record import FieldPath
from perfxl.report_type.model import Field, ReportType

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<name>\{[^{}]+\})|(?P<number>\d+(?:\.\d*)?)
    |(?P<call>[A-Za-z]+)\(|(?P<word>TRUE|FALSE)|(?P<sign><=|>=|<>|[-+*/^&=<>%(),]))""",
    re.VERBOSE | re.IGNORECASE,
)


class Unknown(Exception):
    """A formula, or a part of one, that is not known here."""


class Wrong(Exception):
    """What a sheet shows as an error: a division by nothing, a text where a number belongs."""


_Names = Callable[[str], Any]


def completed(values: Mapping[str, Any], report_type: ReportType) -> Mapping[str, Any]:
    """Return `values` with the results of formulas whose cells hold none; `values` itself where nothing is missing."""
    if not _ordered(report_type):
        return values
    known = {field.path: field for sheet in report_type.sheets for field in sheet.inputs()}
    result = values
    left: set[tuple[str, ...]] = set()  # without results: neither has what rests on them
    for field, needs in _ordered(report_type):
        found, clear = _results(result, field, known) if not left.intersection(needs) else ({}, False)
        if not clear:
            left.add(field.path)
        if found:
            result = _with(result, (), found)
    return result


@lru_cache(maxsize=32)
def _ordered(report_type: ReportType) -> tuple[tuple[Field, frozenset[tuple[str, ...]]], ...]:
    """Return the fields with formulas, each after those on which it rests, with the paths of these."""
    fields = {field.path: field for sheet in report_type.sheets for field in sheet.inputs() if field.formula}
    found: dict[tuple[str, ...], frozenset[tuple[str, ...]]] = {}

    def visit(path: tuple[str, ...], above: tuple[tuple[str, ...], ...]) -> None:
        names = re.findall(r"\{([^{}\[\]]+)(?:\[[^{}]*\])?\}", fields[path].formula)
        needs = {tuple(name.split(".")) for name in names} & fields.keys()
        for each in sorted(needs):
            if each not in found and each not in (*above, path):
                visit(each, (*above, path))
        found[path] = frozenset(needs)

    for path in fields:
        if path not in found:
            visit(path, ())
    return tuple((fields[path], needs) for path, needs in found.items())


def _results(
    values: Mapping[str, Any], field: Field, known: Mapping[tuple[str, ...], Field]
) -> tuple[dict[FieldPath, Any], bool]:
    """Return the results of a formula that are missing, by their paths, and whether all of them are clear."""
    base, key = field.path[:-1], field.path[-1]
    found: dict[FieldPath, Any] = {}
    clear = True
    for here, items in _items(values, base, (), ()):
        if key in items[-1]:
            continue
        try:
            value = _Reading(field.formula, partial(_named, base=base, items=items, known=known)).value()
        except (Unknown, Wrong, ArithmeticError):
            clear = False
            continue
        if isinstance(value, bool) or value in ("", None) or (isinstance(value, str) and "string" not in field.types):
            continue
        found[(*here, key)] = _stored(value, field)
    return found, clear


def _stored(value: Any, field: Field) -> Any:
    """Return a result as a record has it."""
    if not isinstance(value, Decimal):
        return value
    value = value * 100 if field.format == "percent" else value
    if value == value.to_integral_value():
        return int(value) if field.types == ("integer",) else value.quantize(Decimal(1))
    return value.normalize()


def _items(
    value: Any, base: tuple[str, ...], here: FieldPath, around: tuple[Mapping[str, Any], ...]
) -> Iterator[tuple[FieldPath, tuple[Mapping[str, Any], ...]]]:
    """Yield the objects at `base`: path, and those around each from the outermost to itself."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _items(each, base, (*here, index), around)
    elif isinstance(value, Mapping):
        if not base:
            yield here, (*around, value)
        elif base[0] in value:
            yield from _items(value[base[0]], base[1:], (*here, base[0]), (*around, value))


def _named(
    name: str, base: tuple[str, ...], items: Sequence[Mapping[str, Any]], known: Mapping[tuple[str, ...], Field]
) -> Any:
    """Return the value of a cell as a formula sees it, or those of a column."""
    whole = name.endswith("[]")
    path = tuple(name.removesuffix("[]").split("."))
    field = known.get(path)
    if field is None or "#" in name or name.startswith("="):
        raise Unknown(name)
    depth = 0
    while depth < len(base) and depth < len(path) - 1 and path[depth] == base[depth]:
        depth += 1
    if whole and depth == len(path) - 1 and depth:
        depth -= 1  # the column of one's own list, seen from around it
    found = list(_leaves(items[depth], path[depth:]))
    values = [value / 100 if field.format == "percent" and isinstance(value, Decimal) else value for value in found]
    if whole:
        return values
    if len(values) > 1:
        raise Unknown(name)
    return values[0] if values else None


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each, path)
    elif not path:
        yield Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _leaves(value[path[0]], path[1:])


def _with(value: Any, here: FieldPath, new: Mapping[FieldPath, Any]) -> Any:
    if isinstance(value, Mapping):
        members = {key: _with(member, (*here, key), new) for key, member in value.items()}
        return {**members, **{path[-1]: result for path, result in new.items() if path[:-1] == here}}
    if isinstance(value, list):
        return [_with(member, (*here, index), new) for index, member in enumerate(value)]
    return value


@lru_cache(maxsize=512)
def _tokens(formula: str) -> tuple[tuple[str, str], ...]:
    found, at, text = [], 0, formula.strip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or token.end() == at:
            raise Unknown(text[at:])
        kind = str(token.lastgroup)
        found.append((kind, token[kind]))
        at = token.end()
    return tuple(found)


class _Reading:
    """Reads a formula from the left; a part that is not chosen is read and not computed."""

    def __init__(self, formula: str, names: _Names) -> None:
        self._tokens, self._at, self._names = _tokens(formula), 0, names

    def value(self) -> Any:
        """Return the result. Raises `Unknown`, and `Wrong` where a sheet would show an error."""
        result = self._compared()()
        if self._at < len(self._tokens):
            raise Unknown(self._tokens[self._at][1])
        return result

    def _next(self, *signs: str) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at][0] == "sign" and self._tokens[self._at][1] in signs:
            self._at += 1
            return self._tokens[self._at - 1][1]
        return ""

    def _compared(self) -> Callable[[], Any]:
        left = self._joined()
        while sign := self._next("=", "<>", "<=", ">=", "<", ">"):
            one, other, asked = left, self._joined(), sign
            left = lambda one=one, other=other, asked=asked: _compare(one(), other(), asked)  # type: ignore[misc]  # noqa: E731
        return left

    def _joined(self) -> Callable[[], Any]:
        left = self._added()
        while self._next("&"):
            one, other = left, self._added()
            left = lambda one=one, other=other: _text(one()) + _text(other())  # type: ignore[misc]  # noqa: E731
        return left

    def _added(self) -> Callable[[], Any]:
        left = self._multiplied()
        while sign := self._next("+", "-"):
            one, other, add = left, self._multiplied(), sign == "+"
            left = lambda one=one, other=other, add=add: _number(one()) + (1 if add else -1) * _number(other())  # type: ignore[misc]  # noqa: E731
        return left

    def _multiplied(self) -> Callable[[], Any]:
        left = self._signed()
        while sign := self._next("*", "/"):
            one, other, times = left, self._signed(), sign == "*"
            left = lambda one=one, other=other, times=times: _product(one(), other(), times)  # type: ignore[misc]  # noqa: E731
        return left

    def _signed(self) -> Callable[[], Any]:
        if self._next("-"):
            inner = self._signed()
            return lambda: -_number(inner())
        self._next("+")
        inner = self._part()
        while self._next("%"):
            whole = inner
            inner = lambda whole=whole: _number(whole()) / 100  # type: ignore[misc]  # noqa: E731
        if self._next("^"):
            raise Unknown("^")
        return inner

    def _part(self) -> Callable[[], Any]:
        if self._next("("):
            inner = self._compared()
            if not self._next(")"):
                raise Unknown(")")
            return inner
        if self._at >= len(self._tokens):
            raise Unknown("")
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "text":
            return lambda: text[1:-1].replace('""', '"')
        if kind == "number":
            return lambda: Decimal(text)
        if kind == "word":
            return lambda: text.upper() == "TRUE"
        if kind == "name":
            return lambda: self._names(text[1:-1])
        if kind != "call":
            raise Unknown(text)
        arguments = []
        while not self._next(")"):
            arguments.append(self._compared())
            if not self._next(",") and not (self._at < len(self._tokens) and self._tokens[self._at][1] == ")"):
                raise Unknown(text)
        name = text.upper()
        if name not in _FUNCTIONS:
            raise Unknown(name)
        return lambda: _FUNCTIONS[name](arguments)


_Arguments = Sequence[Callable[[], Any]]


def _number(value: Any) -> Decimal:
    if value is None or isinstance(value, bool):
        return Decimal(int(value or 0))
    if isinstance(value, Decimal):
        return value
    raise Wrong("no number")


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | bool):
        raise Unknown("a text of several values")
    return "" if value is None else str(value)


def _product(one: Any, other: Any, times: bool) -> Decimal:
    if times:
        return _number(one) * _number(other)
    if not _number(other):
        raise Wrong("divided by nothing")
    return _number(one) / _number(other)


def _compare(one: Any, other: Any, sign: str) -> bool:
    if isinstance(one, list) or isinstance(other, list):
        raise Unknown("columns compared")
    # A blank cell is like "" and like 0.
    if one is None:
        one = "" if isinstance(other, str) else Decimal(0)
    if other is None:
        other = "" if isinstance(one, str) else Decimal(0)
    if isinstance(one, str) and isinstance(other, str):
        one, other = one.casefold(), other.casefold()
    elif isinstance(one, str) or isinstance(other, str):
        if sign in ("=", "<>"):
            return sign == "<>"
        raise Unknown("a text compared with a number")
    return bool(_COMPARED[sign](one, other))


_COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip


def _all(arguments: _Arguments) -> list[Decimal]:
    """Return the numbers among values and columns; texts in columns are passed over."""
    found: list[Decimal] = []
    for argument in arguments:
        value = argument()
        found += [each for each in value if isinstance(each, Decimal)] if isinstance(value, list) else [_number(value)]
    return found


def _rounded(arguments: _Arguments) -> Decimal:
    value, places = _number(arguments[0]()), int(_number(arguments[1]()))
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _chosen(arguments: _Arguments) -> Any:
    if len(arguments) not in (2, 3):
        raise Unknown("IF")
    condition = arguments[0]()
    truth = condition if isinstance(condition, bool) else bool(_number(condition))
    return arguments[1]() if truth else arguments[2]() if len(arguments) == 3 else False


def _unless_wrong(arguments: _Arguments) -> Any:
    try:
        return arguments[0]()
    except Wrong:
        return arguments[1]()


def _mean(arguments: _Arguments) -> Decimal:
    found = _all(arguments)
    if not found:
        raise Wrong("of nothing")
    return sum(found, Decimal(0)) / len(found)


def _filled(arguments: _Arguments) -> Decimal:
    values = [argument() for argument in arguments]
    every = [each for value in values for each in (value if isinstance(value, list) else [value])]
    return Decimal(sum(each is not None for each in every))


_FUNCTIONS: Mapping[str, Callable[[_Arguments], Any]] = {
    "SUM": lambda arguments: sum(_all(arguments), Decimal(0)),
    "MAX": lambda arguments: max(_all(arguments), default=Decimal(0)),
    "MIN": lambda arguments: min(_all(arguments), default=Decimal(0)),
    "AVERAGE": _mean,
    "COUNT": lambda arguments: Decimal(len(_all(arguments))),
    "COUNTA": _filled,
    "ABS": lambda arguments: abs(_number(arguments[0]())),
    "ROUND": _rounded,
    "IF": _chosen,
    "IFERROR": _unless_wrong,
    "AND": lambda arguments: all(bool(argument()) for argument in arguments),
    "OR": lambda arguments: any(bool(argument()) for argument in arguments),
    "NOT": lambda arguments: not arguments[0](),
}
