"""Formulas as functions: parsed once for all cells that differ in nothing but the cells they refer to."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, TypeVar

from perfxl.report_type.formulas.functions import FUNCTIONS, OPERATORS, Given
from perfxl.report_type.formulas.values import (
    Beyond,
    Error,
    FormulaError,
    Scalar,
    Table,
    Value,
    each,
    number,
    scalar,
    truth,
)

_TOKENS = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<text>\"(?:[^\"]|\"\")*\")|(?P<cell>\x01[0-9]+;)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_.]*)|(?P<sign><=|>=|<>|[-+*/&=<>(),{}%]))"
)
_Reference = TypeVar("_Reference", contravariant=True)
_LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"))


class Surroundings(Protocol[_Reference]):
    """What a formula looks at: cells, number formats, names."""

    def cells(self, reference: _Reference) -> Value:
        """Return the value of a cell, or of cells as a `Table`."""

    def is_percent(self, reference: _Reference) -> bool:
        """Whether a cell shows percents."""

    def named(self, name: str) -> Value:
        """Return the cells of a defined name."""


class Context(NamedTuple):
    """The cells that one formula refers to, and what they are looked up in."""

    references: Sequence[Any]
    book: Surroundings[Any]


def marked(number: int) -> str:
    """Return what stands in a formula for the cells with this number among those that it refers to."""
    return f"\x01{number};"


Computed = Callable[[Context], Value]


class Node(NamedTuple):
    """A part of a formula. `cell` is the number of its reference where it is one, -1 otherwise."""

    value: Computed
    cell: int = -1


@lru_cache(maxsize=2048)
def parsed(formula: str) -> Computed:
    """Return a formula as a function of the cells that it refers to, `marked` by their numbers.

    Raises `Beyond` for what is not understood.
    """
    parser = _Parser(formula)
    node = parser.expression(0)
    parser.end()
    return node.value


class _Parser:
    def __init__(self, formula: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(formula):
            found = _TOKENS.match(formula, at)
            if found is None:
                raise Beyond(formula[at : at + 20])
            self._tokens.append((found.lastgroup or "", found[found.lastgroup or 0]))
            at = found.end()
        self._at = 0

    def end(self) -> None:
        """Raise `Beyond` unless all was parsed."""
        if self._at < len(self._tokens):
            raise Beyond(self._tokens[self._at][1])

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise Beyond("the end")
        self._at += 1
        return self._tokens[self._at - 1]

    def _sign(self) -> str:
        kind, word = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        return word if kind == "sign" else ""

    def _take(self, sign: str) -> bool:
        found = self._sign() == sign
        self._at += found
        return found

    def expression(self, level: int) -> Node:
        """Parse what binds at least as closely as `level`."""
        if level == len(_LEVELS):
            return self._signed()
        node = self.expression(level + 1)
        while self._sign() in _LEVELS[level]:
            node = _operation(self._next()[1], node, self.expression(level + 1))
        return node

    def _signed(self) -> Node:
        if self._take("-"):
            inner = self._signed()
            return Node(lambda context: each(lambda value: -number(value), inner.value(context)))
        if self._take("+"):
            return self._signed()
        node = self._operand()
        while self._take("%"):
            node = _operation("/", node, Node(lambda _: 100))
        return node

    def _operand(self) -> Node:
        kind, word = self._next()
        if kind == "number":
            constant = float(word) if "." in word else int(word)
            return Node(lambda _: constant)
        if kind == "text":
            said = word[1:-1].replace('""', '"')
            return Node(lambda _: said)
        if kind == "cell":
            index = int(word[1:-1])
            return Node(lambda context: context.book.cells(context.references[index]), index)
        if kind == "word":
            return self._called(word)
        if word == "(":
            node = self.expression(0)
            if not self._take(")"):
                raise Beyond("(")
            return Node(node.value)
        if word == "{":
            return self._array()
        raise Beyond(word)

    def _called(self, word: str) -> Node:
        if not self._take("("):
            if word.upper() in ("TRUE", "FALSE"):
                return Node(lambda _: word.upper() == "TRUE")
            return Node(lambda context: context.book.named(word))
        arguments: list[Node] = []
        while not self._take(")"):
            arguments.append(self.expression(0))
            if not self._take(",") and self._sign() != ")":
                raise Beyond(word)
        return _call(word.upper(), arguments)

    def _array(self) -> Node:
        values: list[Scalar] = []
        while not self._take("}"):
            node = self._operand()
            values.append(scalar(node.value(Context((), _NOTHING))))
            if not self._take(",") and self._sign() != "}":
                raise Beyond("{")
        table = Table((tuple(values),))
        return Node(lambda _: table)


class _Nothing:
    def cells(self, reference: object) -> Value:
        raise Beyond(str(reference))

    def is_percent(self, reference: object) -> bool:
        raise Beyond(str(reference))

    def named(self, name: str) -> Value:
        raise Beyond(name)


_NOTHING = _Nothing()


def _operation(sign: str, one: Node, other: Node) -> Node:
    compute = OPERATORS[sign]
    return Node(lambda context: each(compute, one.value(context), other.value(context)))


def _call(name: str, arguments: list[Node]) -> Node:
    if name in _LAZY:
        lazy = _LAZY[name]
        return Node(lambda context: lazy(context, arguments))
    if name not in FUNCTIONS:
        raise Beyond(name)
    function = FUNCTIONS[name]

    def called(context: Context) -> Value:
        try:
            return function(*(Given(node.value(context), node.cell >= 0) for node in arguments))
        except TypeError as fault:
            raise Beyond(f"{name}: {fault}") from fault

    return Node(called)


def _if(context: Context, arguments: list[Node]) -> Value:
    condition = arguments[0].value(context)
    if isinstance(condition, Table) and (len(condition.rows) > 1 or len(condition.rows[0]) > 1):
        raise Beyond("IF of many")
    chosen = 1 if truth(condition) else 2
    return arguments[chosen].value(context) if chosen < len(arguments) else chosen == 1


def _if_error(context: Context, arguments: list[Node]) -> Value:
    try:
        found = arguments[0].value(context)
        return found if isinstance(found, Table) else scalar(found)
    except FormulaError:
        return arguments[1].value(context)


def _is_na(context: Context, arguments: list[Node]) -> Value:
    try:
        scalar(arguments[0].value(context))
    except FormulaError as fault:
        return fault.error == "#N/A"
    return False


def _is_error(context: Context, arguments: list[Node]) -> Value:
    try:
        found = arguments[0].value(context)
    except FormulaError:
        return True
    return each(lambda value: isinstance(value, Error), found)


def _is(test: Callable[[Scalar], bool]) -> Callable[[Context, list[Node]], Value]:
    """Return a function that asks what kind of value something is; an error is of none."""

    def asked(context: Context, arguments: list[Node]) -> Value:
        try:
            found = arguments[0].value(context)
        except FormulaError:
            return False
        return each(lambda value: not isinstance(value, Error) and test(value), found)

    return asked


def _about_cell(context: Context, arguments: list[Node]) -> Value:
    """Return of a cell what its number format is: of the letters that programs give only whether it is percent."""
    if arguments[0].value(context) != "format" or arguments[1].cell < 0:
        raise Beyond("CELL")
    return "P2" if context.book.is_percent(context.references[arguments[1].cell]) else "G"


_LAZY: dict[str, Callable[[Context, list[Node]], Value]] = {
    "CELL": _about_cell,
    "IF": _if,
    "IFERROR": _if_error,
    "ISERROR": _is_error,
    "ISNA": _is_na,
    "ISNUMBER": _is(lambda value: isinstance(value, (int, float)) and not isinstance(value, bool)),
    "ISTEXT": _is(lambda value: isinstance(value, str)),
}
