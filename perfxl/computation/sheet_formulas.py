"""What the formulas of a form give, for sheets that no program has computed: sums, products, rates and simple choices.

`{names}` stand for values of the record, and of columns for what is filled in of them. What is not known is left alone:
the cell then stays without a result, and is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from perfxl.model.record import FieldPath, items
from perfxl.report_type.formulas.parsing import Context, marked, parsed
from perfxl.report_type.formulas.values import Beyond, Column, FormulaError, Scalar, Value, exact, scalar
from perfxl.report_type.model import Field, ReportType

_PARTS = re.compile(r'"(?:[^"]|"")*"|(?P<call>[A-Za-z]+)\(|\{(?P<name>[^{}]+)\}')
# Functions of values and of all that is filled in of a column. A record keeps no blank cells, so functions that go by
# the places in columns cannot be asked.
_KNOWN = frozenset(
    ["SUM", "MAX", "MIN", "AVERAGE", "COUNT", "COUNTA", "ABS", "ROUND", "IF", "IFERROR", "AND", "OR", "NOT"]
)


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
    for here, item in items(values, base):
        if key in item:
            continue
        try:
            value = _value(field.formula, _Named(base, _around(values, here), known))
        except (Beyond, FormulaError, ArithmeticError):
            clear = False
            continue
        if isinstance(value, bool) or value in ("", None) or (isinstance(value, str) and "string" not in field.types):
            continue
        found[(*here, key)] = _stored(value, field)
    return found, clear


def _value(formula: str, named: _Named) -> Scalar:
    """Return the result of a formula. Raises `Beyond`, and `FormulaError` where a sheet would show an error."""
    names: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        if match["call"] and match["call"].upper() not in _KNOWN:
            raise Beyond(match["call"])
        if not match["name"]:
            return match[0]
        names.append(match["name"])
        return marked(len(names) - 1)

    compute = parsed(_PARTS.sub(numbered, formula))
    return scalar(compute(Context(names, named)))


def _stored(value: float | str, field: Field) -> Any:
    """Return a result as a record has it."""
    if isinstance(value, str):
        return value
    result = exact(value) * 100 if field.format == "percent" else exact(value)
    if result == result.to_integral_value():
        return int(result) if field.types == ("integer",) else result.quantize(Decimal(1))
    return result.normalize()


def _around(value: Any, path: FieldPath) -> list[Mapping[str, Any]]:
    """Return the objects around the one at `path`, from the outermost to itself."""
    found = [value]
    for step in path:
        value = value[step]
        if isinstance(value, Mapping):
            found.append(value)
    return found


class _Named:
    """The values of a record as the formulas of the items at `base` see them."""

    def __init__(
        self, base: tuple[str, ...], around: Sequence[Mapping[str, Any]], known: Mapping[tuple[str, ...], Field]
    ) -> None:
        self._base, self._around, self._known = base, around, known

    def cells(self, reference: str) -> Value:
        """Return the value of a cell, or those of a column."""
        whole = reference.endswith("[]")
        path = tuple(reference.removesuffix("[]").split("."))
        if path not in self._known or "#" in reference or reference.startswith("="):
            raise Beyond(reference)
        base, depth = self._base, 0
        while depth < len(base) and depth < len(path) - 1 and path[depth] == base[depth]:
            depth += 1
        if whole and depth == len(path) - 1 and depth:
            depth -= 1  # the column of one's own list, seen from around it
        share = 100 if self.is_percent(reference) else 1
        values = [
            float(value / share) if isinstance(value, Decimal) else value
            for value in _leaves(self._around[depth], path[depth:])
        ]
        if whole:
            return Column((tuple(values),))
        if len(values) > 1:
            raise Beyond(reference)
        return values[0] if values else None

    def is_percent(self, reference: str) -> bool:
        """Whether a field holds percents."""
        return self._known[tuple(reference.removesuffix("[]").split("."))].format == "percent"

    def named(self, name: str) -> Value:
        """Raise `Beyond`: the workbook has defined names, a record has none."""
        raise Beyond(name)


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
