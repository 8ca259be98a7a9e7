"""What formulas compute with: numbers, texts, truth values, blanks, errors, and tables of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class Error(str):
    """An error value: `#DIV/0!`, `#VALUE!`, `#N/A`."""

    __slots__ = ()


class FormulaError(Exception):
    """A formula has an error for its result."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = Error(error)


class Beyond(Exception):
    """A formula holds something that is not understood here; whoever opens the file computes it."""


Scalar = float | int | str | bool | None


class Table(NamedTuple):
    """Values in rows and columns: cells of a sheet, or an array."""

    rows: tuple[tuple[Scalar, ...], ...]

    def __iter__(self) -> Iterator[Scalar]:  # type: ignore[override]  # a table is its values, not its fields
        return (value for row in self.rows for value in row)


class Column(Table):
    """What is filled in of a column, without its blank cells: for functions of all values, for none of places."""

    __slots__ = ()


Value = Scalar | Table
_NUMBER = re.compile(r"\s*[-+]?(\d+(,\d{3})*(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*")


def scalar(value: Value) -> Scalar:
    """Return a single value, the first one of a table. Raises `FormulaError` where it is an error."""
    if isinstance(value, Column):
        raise Beyond("a column for a value")
    one = value.rows[0][0] if isinstance(value, Table) else value
    if isinstance(one, Error):
        raise FormulaError(one)
    return one


def number(value: Value) -> float:
    """Return a value as arithmetic takes it: a blank is 0, a text counts if it is a number. Raises `FormulaError`."""
    one = scalar(value)
    if one is None:
        return 0.0
    if isinstance(one, str):
        return read_number(one)
    return float(one)


def read_number(text: str) -> float:
    """Return the number that a text says. Raises `FormulaError`."""
    if not _NUMBER.fullmatch(text):
        raise FormulaError("#VALUE!")
    return float(text.replace(",", ""))


def text(value: Value) -> str:
    """Return a value as a text: numbers with at most 15 digits."""
    one = scalar(value)
    if one is None:
        return ""
    if isinstance(one, bool):
        return "TRUE" if one else "FALSE"
    return one if isinstance(one, str) else f"{exact(one):f}"


def truth(value: Value) -> bool:
    """Return a value as a condition. Raises `FormulaError` for a text that is no number."""
    one = scalar(value)
    return one if isinstance(one, bool) else number(one) != 0


def exact(value: float) -> Decimal:
    """Return a number in 15 significant digits, which are those that programs compute and show with."""
    found = Decimal(f"{float(value) + 0.0:.15g}")  # which makes 0 of -0
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found


def rounded(value: float, digits: int) -> Decimal:
    """Return a number rounded to so many decimals, halves away from zero."""
    return exact(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def order(one: Scalar, other: Scalar) -> int:
    """Return below 0, 0 or above 0 as `one` comes before, with or after `other`: numbers, then texts, then truth."""
    if one is None or other is None:
        one, other = _blank_as(one, other), _blank_as(other, one)
    ranks = _rank(one), _rank(other)
    if ranks[0] != ranks[1]:
        return ranks[0] - ranks[1]
    if isinstance(one, str) and isinstance(other, str):
        first, second = one.casefold(), other.casefold()
        return (first > second) - (first < second)
    left, right = float(one or 0), float(other or 0)
    if nearly(left, right):
        return 0
    return (left > right) - (left < right)


def nearly(one: float, other: float) -> bool:
    """Whether two numbers are the same in 15 digits, by which programs compare and take away."""
    if one == other:
        return True
    return abs(one - other) <= 1e-13 * abs(one) and exact(one) == exact(other)


def _blank_as(value: Scalar, beside: Scalar) -> Scalar:
    if value is not None:
        return value
    return "" if isinstance(beside, str) else False if isinstance(beside, bool) else 0.0


def _rank(value: Scalar) -> int:
    return 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0


def each(compute: Callable[..., Scalar], *values: Value) -> Value:
    """Return what `compute` gives of single values, or a table of that where any of them is a table."""
    if not any(isinstance(value, Table) for value in values):
        return compute(*values)
    if any(isinstance(value, Column) for value in values):
        raise Beyond("a column by its places")
    grids = [value.rows if isinstance(value, Table) else ((value,),) for value in values]
    height, width = max(map(len, grids)), max(len(grid[0]) for grid in grids)
    stretched = [_stretched(grid, height, width) for grid in grids]
    return Table(tuple(_row(compute, rows) for rows in zip(*stretched, strict=True)))


Rows = tuple[tuple[Scalar, ...], ...]


def _stretched(grid: Rows, height: int, width: int) -> Rows:
    """Return rows with a single one, or a single column, repeated up to a size."""
    if width > 1 and len(grid[0]) == 1:
        grid = tuple(row * width for row in grid)
    return grid * height if height > 1 and len(grid) == 1 else grid


def _row(compute: Callable[..., Scalar], rows: tuple[tuple[Scalar, ...], ...]) -> tuple[Scalar, ...]:
    found: list[Scalar] = []
    for values in zip(*rows, strict=True):
        try:
            found.append(compute(*values))
        except FormulaError as fault:
            found.append(fault.error)
    return tuple(found)
