"""A report type with the first and second levels that an office uses, in its lists and for what may be chosen.

The schema of a type marks the column that follows from another one as that of the first levels: `x-follows` with
`levels` true. Where the profile of an office has other levels than the schema, these take their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from perfxl.report_type.catalog import sheets
from perfxl.report_type.model import ReportType, Schema
from perfxl.report_type.profile import Profile


def with_levels(report_type: ReportType, profile: Profile) -> ReportType:
    """Return the type with the levels of `profile`; the type itself where it has these already, or no levels at all."""
    return _with(report_type, tuple(profile.levels.items()))


_Levels = tuple[tuple[str, tuple[str, ...]], ...]


@lru_cache(maxsize=32)
def _with(report_type: ReportType, levels: _Levels) -> ReportType:
    schema = _replaced(report_type.schema, levels)
    return report_type if schema == report_type.schema else report_type._replace(schema=schema, sheets=sheets(schema))


def _replaced(node: Any, levels: _Levels) -> Any:
    if isinstance(node, list):
        return [_replaced(each, levels) for each in node]
    if not isinstance(node, Mapping):
        return node
    changed = {key: _replaced(value, levels) for key, value in node.items()}
    for name, member in _members(changed):
        follows = member.get("x-follows", {})
        if isinstance(follows, Mapping) and follows.get("levels"):
            first = [dimension for dimension, _ in levels]
            second = list(dict.fromkeys(category for _, categories in levels for category in categories))
            groups = {dimension: list(categories) for dimension, categories in levels}
            members = changed["properties"]
            members[name] = _offering({**member, "x-follows": {**follows, "groups": groups}}, first)
            members[follows["field"]] = _offering(members[follows["field"]], second)
    return changed


def _members(node: Schema) -> list[tuple[str, Schema]]:
    members = node.get("properties")
    if not isinstance(members, Mapping):
        return []
    return [(name, member) for name, member in members.items() if isinstance(member, Mapping)]


def _offering(node: Schema, choices: list[str]) -> dict[str, Any]:
    """Return a node that offers `choices`, in the way in which it offers something now: as all there is, or not.

    The order in which a schema lists the same ones stays.
    """
    word = "enum" if "enum" in node else "examples"
    same = set(node.get(word, ())) == set(choices)
    return dict(node) if same else {**node, word: choices}
