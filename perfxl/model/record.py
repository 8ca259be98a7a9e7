"""Records: the values of a workbook, each of which remembers its cell.

A path leads to a value: `("projects", 0, "budget_amount")`, printed as `projects[0].budget_amount`.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

FieldPath = tuple[str | int, ...]


class Place(NamedTuple):
    """A cell of a sheet; `cell` is empty where the sheet as a whole is meant."""

    sheet: str
    cell: str = ""


def place_text(sheet: str, cell: str) -> str:
    """Return a place as people write it: `项目1!D6`, and in a Word document `第二部分 项目1 表1 第3行“预算数”`."""
    if not sheet or not cell:
        return sheet or cell
    return f"{sheet}!{cell}" if cell[0].isascii() else f"{sheet} {cell}"


class Trace(NamedTuple):
    """A value that was understood although it was typed otherwise: `raw` became `value`."""

    path: FieldPath
    raw: str
    value: Any


class DateGuess(NamedTuple):
    """A date in a cell that may be none: what the cell shows (3月6日), the date, and what may have been typed (3-6)."""

    shown: str
    date: str
    typed: str


class Record:
    """What a workbook holds.

    `values` is nested as the schema describes: text as `str`, amounts and other numbers as `Decimal`, years as `int`,
    or `str` where the text in a number's cell is no number. Blank cells are absent. `places` knows the cell of every
    value, and of every blank cell that could hold one in a row or on a sheet that holds something. `completed` has,
    beside the values, those that follow from them and that nobody typed. `dates` are the cells that hold dates where a
    number or a text may stand. `doubted` are results of formulas that may rest on 0.96 where 96 % was meant. `schema`
    is that of its type, where known.
    """

    __slots__ = ("_found", "completed", "dates", "doubted", "places", "schema", "traces", "values")

    def __init__(
        self,
        values: Mapping[str, Any],
        places: Mapping[FieldPath, Place] | None = None,
        traces: tuple[Trace, ...] = (),
        completed: Mapping[str, Any] | None = None,
        dates: Mapping[FieldPath, DateGuess] | None = None,
        doubted: frozenset[FieldPath] = frozenset(),
    ) -> None:
        self.values = values
        self.places: Mapping[FieldPath, Place] = {} if places is None else places
        self.traces = traces
        self.completed = completed
        self.dates: Mapping[FieldPath, DateGuess] = {} if dates is None else dates
        self.doubted = doubted
        self.schema: Mapping[str, Any] | None = None
        self._found: dict[tuple[str, ...], list[tuple[FieldPath, Any]]] = {}  # rules ask for the same some twenty times

    @property
    def shown(self) -> Mapping[str, Any]:
        """The values as they are printed: with those that follow from them, where the report type has such."""
        return self.values if self.completed is None else self.completed

    def place(self, path: FieldPath) -> Place | None:
        """Return the cell of `path`, or of the nearest thing around it that has one."""
        while path:
            place = self.places.get(path)
            if place is not None:
                return place
            path = path[:-1]
        return None

    def items(self, *path: str) -> Iterator[tuple[FieldPath, Any]]:
        """Return every value that `path`, without indices, leads to, with its full path.

        `record.items("projects", "indicators")` yields each indicator of each project. Absent ones yield nothing.
        """
        if (found := self._found.get(path)) is None:
            found = self._found[path] = items(self.values, path)
        return iter(found)


def items(value: Any, path: tuple[str, ...]) -> list[tuple[FieldPath, Any]]:
    """Return every value that `path`, without indices, leads to from `value`, with its path from there."""
    found: list[tuple[FieldPath, Any]] = []
    _add_items(value, path, (), found)
    return found


def _add_items(value: Any, path: tuple[str, ...], here: FieldPath, found: list[tuple[FieldPath, Any]]) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            _add_items(item, path, (*here, index), found)
    elif not path:
        found.append((here, value))
    elif path[0] in value:
        _add_items(value[path[0]], path[1:], (*here, path[0]), found)


def leaves(value: Any, here: FieldPath = ()) -> Iterator[tuple[FieldPath, Any]]:
    """Return every value that is neither object nor array, with its path, in the order of the data."""
    found: list[tuple[FieldPath, Any]] = []
    _add_leaves(value, here, found)
    return iter(found)


def _add_leaves(value: Any, here: FieldPath, found: list[tuple[FieldPath, Any]]) -> None:
    # Rules ask for them some thirty times a plan; generators in generators took four times as long.
    kind = type(value)
    if kind is dict or (kind is not str and isinstance(value, Mapping)):
        for key, member in value.items():
            if type(member) is str:
                found.append(((*here, key), member))
            else:
                _add_leaves(member, (*here, key), found)
    elif kind is list:
        for index, member in enumerate(value):
            _add_leaves(member, (*here, index), found)
    else:
        found.append((here, value))


def path_text(path: FieldPath) -> str:
    """Return `projects[0].budget_amount` for `("projects", 0, "budget_amount")`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


@lru_cache(maxsize=8192)
def names_only(path: FieldPath) -> tuple[str, ...]:
    """Return the path without its indices, as a `Field` has it."""
    return tuple(step for step in path if isinstance(step, str))
