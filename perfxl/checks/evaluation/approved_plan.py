"""Whether a self-evaluation speaks of the goals that were approved: two records compared (S16)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from perfxl.checks.targets.indicator_rows import bare
from perfxl.checks.targets.target import comparable, understand
from perfxl.computation.evaluation_figures import funds, number
from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark

_PARTS = ("sign", "target", "measure_unit")
_CENT = Decimal("0.005")


def differences(record: Record, approved: Record) -> Iterator[Remark]:
    """Yield S16 where projects, money, indicators or targets are not those of the approved record."""
    plans = approved.values.get("projects", [])
    met: set[int] = set()
    for path, project in record.items("projects"):
        if project.get("scope", "项目支出") != "项目支出":
            continue
        index = _match(project, plans)
        if index is None:
            yield _remark((*path, "project_name"), f"项目“{project.get('project_name', '')}”", "没有这个项目")
            continue
        met.add(index)
        yield from _money(path, project, plans[index])
        yield from _indicators(path, project, plans[index])
    for index, plan in enumerate(plans):
        if index not in met:
            yield _remark(("projects",), "没有这个项目的自评表", f"项目“{plan.get('project_name', '')}”")


def _remark(path: FieldPath, here: str, there: str) -> Remark:
    return Remark("S16", path, {"here": here, "approved": there})


def _match(project: Mapping[str, Any], plans: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the approved project of the same code, or else of the same name."""
    for key in ("project_code", "project_name"):
        if key in project:
            for index, plan in enumerate(plans):
                if bare(str(plan.get(key, ""))) == bare(str(project[key])):
                    return index
    return None


def _money(path: FieldPath, project: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[Remark]:
    found, budget = funds(project, path), number(plan.get("budget_amount"))
    if found.initial is not None and budget is not None and abs(found.initial - budget) >= _CENT:
        yield _remark((*found.path, "initial_budget"), f"年初预算数{found.initial:f}", f"预算数{budget:f}")


def _indicators(path: FieldPath, project: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[Remark]:
    wanted = {bare(str(row.get("name", ""))): row for row in plan.get("indicators", ())}
    seen = set()
    for index, row in enumerate(project.get("indicators", ())):
        key = bare(str(row.get("name", "")))
        here = (*path, "indicators", index)
        if key not in wanted:
            yield _remark((*here, "name"), f"指标“{row.get('name', '')}”", "没有这个指标")
            continue
        seen.add(key)
        mine, theirs = _printed(row), _printed(wanted[key])
        if not _same(mine, theirs):
            yield _remark((*here, "target"), f"{row['name']} {mine}", theirs)
    for key, row in wanted.items():
        if key not in seen:
            yield _remark((*path, "indicators"), "没有这个指标", f"指标“{row.get('name', '')}”")


def _printed(row: Mapping[str, Any]) -> str:
    parts = (row.get(key, "") for key in _PARTS)
    return "".join("" if part == "定性" else f"{part:f}" if isinstance(part, Decimal) else str(part) for part in parts)


def _same(one: str, other: str) -> bool:
    if "".join(one.split()) == "".join(other.split()):
        return True
    mine, theirs = understand(one), understand(other)
    return mine.sign == theirs.sign and comparable(mine) is not None and comparable(mine) == comparable(theirs)
