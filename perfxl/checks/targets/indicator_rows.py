"""The indicators of a plan as rules look at them: one row each, with the target understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from perfxl.checks.targets.target import Kind, Target, understand
from perfxl.model.record import FieldPath, Record

_UNIT_IN_NAME = re.compile(r"[（(\[【]\s*(?P<unit>[^（()）\[\]【】]{1,6})\s*[)）\]】]\s*$")
_SIGNS = re.compile(r"[\W_的]+")


class IndicatorRow:
    """An indicator of a project: its path, its number in the project, and its texts, empty where the cell is.

    `printed` is the target as the document prints it, sign, number and unit together; `target` is what it says.
    `bare_name` is the name as it is compared. `is_cost` and `is_satisfaction` say whether the indicator stands among
    those, in either frame.
    """

    __slots__ = (
        *("path", "number", "values", "dimension", "category", "name", "description", "basis", "printed", "target"),
        *("bare_name", "is_cost", "is_satisfaction"),
    )

    def __init__(self, path: FieldPath, values: Mapping[str, Any], year: int | None) -> None:
        text = values.get
        self.path = path
        self.number = int(path[-1]) + 1
        self.values = values
        self.dimension = dimension = str(text("dimension", "")).strip()
        self.category = category = str(text("category", "")).strip()
        self.name = name = str(text("name", "")).strip()
        self.description = str(text("description", "")).strip()
        self.basis = str(text("target_basis", "")).strip()
        target, sign, unit = text("target", ""), text("sign", ""), text("measure_unit", "")
        self.printed, self.target = _printed_and_understood(
            sign if type(sign) is str else _shown(sign),
            target if type(target) is str else _shown(target),
            unit if type(unit) is str else _shown(unit),
            year,
        )
        self.bare_name = bare(name)
        self.is_cost = "成本" in category
        self.is_satisfaction = "满意" in category or "满意" in dimension

    def at(self, field: str) -> FieldPath:
        """Return the path of one of the cells of the row."""
        return (*self.path, field)

    @property
    def run_together(self) -> bool:
        """Whether the target is several fields run together (K05); its number and unit are of the likely reading."""
        return self.target.kind == "concatenation"

    @property
    def is_doubted(self) -> bool:
        """Whether the number itself is probably a mishap (290% for ≥90%, a date serial)."""
        return self.target.number is None or (bool(self.target.repaired) and not self.run_together)

    @property
    def is_share(self) -> bool:
        """Whether the target is a percentage."""
        return self.target.unit == "%" and self.target.number is not None


def _shown(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@lru_cache(maxsize=1024)
def _printed_and_understood(sign: str, target: str, unit: str, year: int | None) -> tuple[str, Target]:
    # 定性 is chosen in the form and not printed.
    printed = "".join(["" if part == "定性" else part for part in (sign, target, unit)]).strip()
    return printed, _understood(printed, year)


@lru_cache(maxsize=1024)
def _understood(printed: str, year: int | None) -> Target:
    return understand(printed, year)


class Project(NamedTuple):
    """A project that has indicators: its path, its values, and its rows in order."""

    path: FieldPath
    values: Mapping[str, Any]
    rows: list[IndicatorRow]


class _RowReading:
    """The rows of a plan, by project, one after the other, and by the kind of their targets."""

    __slots__ = ("by_kind", "plan", "projects", "rows")

    def __init__(self, plan: Record) -> None:
        self.plan = plan
        year = plan.values.get("fiscal_year")
        self.projects = list(_projects(plan, year if isinstance(year, int) else None))
        self.rows = [row for project in self.projects for row in project.rows]
        self.by_kind: dict[Kind, list[IndicatorRow]] = {}
        for row in self.rows:
            self.by_kind.setdefault(row.target.kind, []).append(row)


def _projects(plan: Record, year: int | None) -> Iterator[Project]:
    if isinstance(own := plan.values.get("indicators"), list):  # a form of a single project
        yield Project((), plan.values, [IndicatorRow(("indicators", at), one, year) for at, one in enumerate(own)])
    for path, project in plan.items("projects"):
        indicators = project.get("indicators", [])
        if indicators:
            base = (*path, "indicators")
            yield Project(path, project, [IndicatorRow((*base, at), one, year) for at, one in enumerate(indicators)])


# Twenty rules ask for the rows of one record after the other; reading them is most of their work.
_latest: list[_RowReading] = []


def _reading(plan: Record) -> _RowReading:
    if not _latest or _latest[0].plan is not plan:
        _latest[:] = [_RowReading(plan)]
    return _latest[0]


def rows(plan: Record) -> list[Project]:
    """Return every project that has indicators."""
    return _reading(plan).projects


def each(plan: Record) -> list[IndicatorRow]:
    """Return every row of every project."""
    return _reading(plan).rows


def of_kind(plan: Record, kind: Kind) -> list[IndicatorRow]:
    """Return every row of every project whose target is of that kind."""
    return _reading(plan).by_kind.get(kind, [])


def is_of_money(row: IndicatorRow) -> bool:
    """Return whether a row is of what the work costs in money, and not society or nature."""
    return row.is_cost and not row.category.startswith(("社会", "生态"))


def split_target(text: str) -> dict[str, Any]:
    """Return a target in clean notation as the three cells hold it: sign, number and unit, or one text."""
    target = _understood(text, None)
    plain = target.number is not None and target.upper is None and not target.text
    if not plain or target.kind in ("serial", "concatenation"):
        return {"sign": "", "target": text, "measure_unit": ""}
    return {"sign": target.sign, "target": target.number, "measure_unit": target.unit}


def unit_in_name(name: str) -> str:
    """Return the unit that stands in brackets at the end of a name (出勤率（%）), or ''."""
    found = None if name[-1:].isalnum() else _UNIT_IN_NAME.search(name)
    return found["unit"].replace("％", "%").replace("百分比", "%") if found else ""


def without_unit(name: str) -> str:
    """Return a name without the brackets at its end."""
    found = None if name[-1:].isalnum() else _UNIT_IN_NAME.search(name)
    return name[: found.start()].rstrip() if found else name


def bare(text: str) -> str:
    """Return `text` without blanks, punctuation, 的 and a unit in brackets, for comparison."""
    return text if text.isalnum() and "的" not in text else _bared(text)


@lru_cache(maxsize=4096)
def _bared(text: str) -> str:
    return _SIGNS.sub("", without_unit(text))
