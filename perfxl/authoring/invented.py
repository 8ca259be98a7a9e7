"""Invented data of the right kind for a type: what an author sees the form and the document filled with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from perfxl.report_type.model import ReportType, Schema
from perfxl.report_type.stated_checks import stated

_ROWS = 3
_FIRST_DAY = date(2026, 3, 1)
_DIGITS = re.compile(r"\^?(?:\[[^\]]*\]|\\d)\{(\d+)\}\$?")
_WORDS = "示例内容"


def invented(report_type: ReportType) -> dict[str, Any]:
    """Return values for a form of a type: every field filled, lists with some rows, sums that add up.

    What a sheet computes is left to it, and so is a text whose pattern is not a number of digits. The same type gives
    the same values.
    """
    values: dict[str, Any] = _object(report_type.schema, 0)
    for _ in range(2):  # a sum may be a part of another one
        for check in stated(report_type.schema):
            _satisfy(values, check.base, check)
    return values


def _object(node: Schema, number: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for index, (key, member) in enumerate(node["properties"].items()):
        value = _value(member, number, index)
        if value is not None:
            found[key] = value
    return found


def _value(node: Schema, number: int, index: int) -> Any:
    if "const" in node:
        return node["const"]
    if "properties" in node:
        return _object(node, number)
    if node.get("type") == "array":
        return _rows(node, number, index)
    if "x-formula" in node or "x-follows" in node:
        return None
    if choices := node.get("enum") or node.get("examples"):
        return choices[number % len(choices)]
    if "string" in ((node["type"],) if isinstance(node["type"], str) else node["type"]):
        return _text(node, number, index)
    low, high = node.get("minimum", 0), node.get("maximum")
    step = node.get("multipleOf", 1)
    value = low + step * (number + 1)
    return value if high is None or value <= high else high


def _rows(node: Schema, number: int, index: int) -> list[Any]:
    count = max(node.get("minItems", 1), min(_ROWS, node.get("maxItems", _ROWS)))
    return [_value(node["items"], each + number * count, index) for each in range(count)]


def _text(node: Schema, number: int, index: int) -> str | None:
    if node.get("x-format") == "date":
        return (_FIRST_DAY + timedelta(days=30 * index + number)).isoformat()
    if pattern := node.get("pattern"):
        digits = _DIGITS.fullmatch(pattern)
        return f"{number + 1:0{digits[1]}d}" if digits else None
    if node.get("x-format") == "code":
        return f"{number + 1:06d}"
    text = f"{node.get('x-label', _WORDS)}{_WORDS}{number + 1}"
    least, most = node.get("minLength", 0), node.get("maxLength")
    text = text if len(text) >= least else text + "示" * (least - len(text))
    return text[-most:] if most and len(text) > most else text


def _satisfy(value: Any, base: tuple[str, ...], check: Any) -> None:
    """Make the items at `base` pass a check, by changing its field."""
    if isinstance(value, list):
        for each in value:
            _satisfy(each, base, check)
    elif base:
        if isinstance(value, Mapping) and base[0] in value:
            _satisfy(value[base[0]], base[1:], check)
    else:
        _settle(value, check)


def _settle(item: dict[str, Any], check: Any) -> None:
    depth = len(check.base)
    own, others = check.field[depth:], [path[depth:] for path in check.of]
    if len(own) != 1 or own[0] not in item:
        return
    if check.kind == "sum":
        item[own[0]] = sum(item.get(other[0], 0) for other in others)
    elif check.kind == "total":
        item[own[0]] = sum(row.get(others[0][-1], 0) for row in item.get(others[0][0], ()))
    elif check.kind == "at_most" and others[0][0] in item:
        item[own[0]] = min(item[own[0]], item[others[0][0]])
    elif check.kind == "not_before" and others[0][0] in item:
        item[own[0]] = max(item[own[0]], item[others[0][0]])
    elif check.kind == "one_of":
        choices = check.values.get(item.get(others[0][0]))
        item[own[0]] = choices[0] if choices else item[own[0]]
