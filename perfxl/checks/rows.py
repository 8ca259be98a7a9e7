"""The indicators of a plan as rules look at them: one row each, with the target understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from weakref import ref

from perfxl.checks.targets import Target, understand
from perfxl.record import Path, Record

_PARTS = ("sign", "target", "measure_unit")
_UNIT_IN_NAME = re.compile(r"\s*[（(\[【]\s*(?P<unit>[^（()）\[\]【】]{1,6})\s*[)）\]】]\s*$")
_SIGNS = re.compile(r"[\s\W_]|的")


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator of a project: its path, its number in the project, and its texts, empty where the cell is.

    `printed` is the target as the document prints it, sign, number and unit together; `target` is what it says.
    """

    path: Path
    number: int
    values: Mapping[str, Any]
    dimension: str
    category: str
    name: str
    description: str
    basis: str
    printed: str
    target: Target

    def at(self, field: str) -> Path:
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
        return self.target.number is not None and self.target.unit == "%"

    @property
    def is_cost(self) -> bool:
        """Whether the indicator stands among the costs, in either frame."""
        return "成本" in self.category

    @property
    def is_satisfaction(self) -> bool:
        """Whether the indicator stands among those of satisfaction."""
        return "满意" in self.category or "满意" in self.dimension


Project = tuple[Path, Mapping[str, Any], list[Row]]


def rows(plan: Record) -> list[Project]:
    """Return every project that has indicators: its path, its values, and its rows in order."""
    # Twenty rules ask for the rows of one record after the other; reading them is most of their work.
    if not _latest or _latest[0][0]() is not plan:
        _latest[:] = [(ref(plan), list(_projects(plan)))]
    return _latest[0][1]


_latest: list[tuple[ref[Record], list[Project]]] = []


def _projects(plan: Record) -> Iterator[Project]:
    year = plan.values.get("fiscal_year")
    year = year if isinstance(year, int) else None
    for path, project in plan.items("projects"):
        indicators = project.get("indicators", [])
        if indicators:
            base = (*path, "indicators")
            yield path, project, [_row((*base, at), at + 1, one, year) for at, one in enumerate(indicators)]


def each(plan: Record) -> Iterator[Row]:
    """Yield every row of every project."""
    for _, _, found in rows(plan):
        yield from found


def _row(path: Path, number: int, values: Mapping[str, Any], year: int | None) -> Row:
    texts = {key: str(values.get(key, "")).strip() for key in ("dimension", "category", "name", "description")}
    printed = "".join(_shown(values.get(key, "")) for key in _PARTS).strip()
    return Row(
        path, number, values, **texts, basis=str(values.get("target_basis", "")).strip(), printed=printed,
        target=_understood(printed, year),
    )  # fmt: skip


def _shown(value: Any) -> str:
    # 定性 is chosen in the form and not printed.
    return f"{value:f}" if isinstance(value, Decimal) else "" if value == "定性" else str(value)


@lru_cache(maxsize=4096)
def _understood(printed: str, year: int | None) -> Target:
    return understand(printed, year)


def split_target(text: str) -> dict[str, Any]:
    """Return a target in clean notation as the three cells hold it: sign, number and unit, or one text."""
    target = _understood(text, None)
    plain = target.number is not None and target.upper is None and not target.text
    if not plain or target.kind in ("serial", "concatenation"):
        return {"sign": "", "target": text, "measure_unit": ""}
    return {"sign": target.sign, "target": target.number, "measure_unit": target.unit}


def unit_in_name(name: str) -> str:
    """Return the unit that stands in brackets at the end of a name (出勤率（%）), or ''."""
    found = _UNIT_IN_NAME.search(name)
    return found["unit"].replace("％", "%").replace("百分比", "%") if found else ""


def without_unit(name: str) -> str:
    """Return a name without the brackets at its end."""
    return _UNIT_IN_NAME.sub("", name)


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """Return `text` without blanks, punctuation, 的 and a unit in brackets, for comparison."""
    return _SIGNS.sub("", without_unit(text))
