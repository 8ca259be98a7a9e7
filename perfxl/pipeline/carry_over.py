"""Carries the values of one workbook into the next: a plan into its self-evaluation, a plan into next year's.

What goes where is data: `x-from` in the schema of the target says from which field of which type a value comes,
`x-yearly` what belongs to one year alone, `x-share` and `x-rule` what the office's profile has to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from perfxl.computation.scoring import spread
from perfxl.report_type.model import ReportType, Schema
from perfxl.report_type.profile import Profile
from perfxl.report_type.roles import year_key

_LITERAL = "="  # a text of `x-from` or `x-share` that begins so is meant as it stands
_BLANK: tuple[Any, ...] = (None, "", {}, [])


@dataclass(frozen=True)
class Carried:
    """The values for a new workbook, and the names of the fields that came from the old one and stay as they are."""

    values: dict[str, Any]
    locked: frozenset[str]


@dataclass(frozen=True)
class _Source:
    """The item of the old workbook that is being carried. `path` leads to it without indices; the root has none."""

    path: tuple[str, ...]
    value: Mapping[str, Any]
    around: _Source | None = None

    def get(self, dotted: str) -> Any:
        """Return what a path from the root leads to, in this item where it goes through the list of it."""
        path = tuple(dotted.split("."))
        if path[: len(self.path)] != self.path or len(path) == len(self.path):
            return self.around.get(dotted) if self.around else None
        value: Any = self.value
        for step in path[len(self.path) :]:
            value = value.get(step) if isinstance(value, Mapping) else None
        return value


def targets(source: ReportType, known: Sequence[ReportType]) -> list[ReportType]:
    """Return the types into which a workbook of `source` can be carried, itself aside."""
    return [each for each in known if each is not source and _locked(each.schema, source.id, ())]


def into(values: Mapping[str, Any], source: ReportType, target: ReportType, profile: Profile) -> Carried:
    """Return the values of a workbook of `target` that begins where `values`, of type `source`, end.

    What is carried is locked there; what a blank form holds is in it as well.
    """
    carried = _carried(target.schema, source.id, _Source((), values), profile)
    return Carried({**deepcopy(target.preset), **carried}, frozenset(_locked(target.schema, source.id, ())))


def onward(values: Mapping[str, Any], report_type: ReportType, year: int) -> Carried:
    """Return the values for such a workbook a year on: all but what belongs to one year. Nothing is locked."""
    kept = _lasting(values, report_type.schema)
    key = year_key(report_type.schema)
    return Carried({**kept, **({key: year} if key else {})}, frozenset())


def _carried(node: Schema, source_id: str, source: _Source, profile: Profile) -> Any:
    """Return the value of a node of the target's schema, or None where nothing is carried into it."""
    origin = node.get("x-from", {}).get(source_id)
    if node.get("type") == "object":
        members = {
            key: value
            for key, member in node["properties"].items()
            if (value := _carried(member, source_id, source, profile)) not in _BLANK
        }
        return members or None
    if node.get("type") == "array":
        return _carried_list(node, origin, source_id, source, profile)
    if (words := node.get("x-rule")) is not None:
        return _ruled(words, profile)
    if str(share := node.get("x-share", "")).startswith(_LITERAL):
        return profile.scoring.weights.get(share.removeprefix(_LITERAL))
    return None if origin is None else _as_typed(source.get(origin), node)


def _as_typed(value: Any, node: Schema) -> Any:
    # A list of texts that has a cell to itself there becomes the paragraphs of one cell.
    return "\n".join(str(line) for line in value) if isinstance(value, list) and node["type"] == "string" else value


def _carried_list(node: Schema, origin: Any, source_id: str, source: _Source, profile: Profile) -> list[Any] | None:
    if origin is None:
        return None
    if not isinstance(origin, str):
        return [_row(described, source) for described in origin]
    path, items = tuple(origin.split(".")), source.get(origin) or []
    if node["items"].get("type") != "object":
        return list(items)
    carried = [_carried(node["items"], source_id, _Source(path, item, source), profile) or {} for item in items]
    _share(node["items"], carried, profile)
    return carried


def _row(described: Mapping[str, str], source: _Source) -> dict[str, Any]:
    row = {
        key: origin.removeprefix(_LITERAL) if origin.startswith(_LITERAL) else source.get(origin)
        for key, origin in described.items()
    }
    return {key: value for key, value in row.items() if value not in _BLANK}


def _share(item: Schema, rows: Sequence[dict[str, Any]], profile: Profile) -> None:
    """Share out among `rows` the points that the profile gives to each group of them."""
    for key, member in item["properties"].items():
        column = member.get("x-share", "")
        if column and not column.startswith(_LITERAL):
            groups = [str(row.get(column, "")) for row in rows]
            for row, points in zip(rows, spread(groups, profile.scoring.weights), strict=True):
                row[key] = points


def _ruled(words: Mapping[str, Any], profile: Profile) -> Any:
    """Return what the profile says of `words["name"]`, in the words of the form, where that is not what all do."""
    said = getattr(profile.scoring, words["name"])
    return words.get("words", {}).get(said) if isinstance(said, str) else (said if said else None)


def _locked(node: Schema, source_id: str, path: tuple[str, ...]) -> set[str]:
    """Return the names of the fields below `node` into which something is carried."""
    origin = node.get("x-from", {}).get(source_id)
    if node.get("type") == "array":
        if isinstance(origin, list):
            return {".".join((*path, key)) for row in origin for key in row}
        return _locked(node["items"], source_id, path) if node["items"].get("type") == "object" else set()
    if "properties" in node:
        found = (_locked(member, source_id, (*path, key)) for key, member in node["properties"].items())
        return {name for names in found for name in names}
    return {".".join(path)} if origin is not None else set()


def _lasting(value: Any, node: Schema) -> Any:
    """Return `value` without what belongs to one year."""
    if isinstance(value, Mapping):
        members = {
            key: _lasting(member, node["properties"][key])
            for key, member in value.items()
            if not node["properties"][key].get("x-yearly")
        }
        return {key: member for key, member in members.items() if member not in _BLANK}
    if isinstance(value, list):
        return [_lasting(member, node["items"]) for member in value]
    return value
