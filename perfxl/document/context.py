"""Values as the words that will be printed, for everything that a report type knows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from perfxl.document.text import printable_text

Schema = Mapping[str, Any]


def context(values: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return `values` arranged as `schema` describes them, every leaf a text.

    Everything that the schema knows is there, so that a template may name it without asking: an absent scalar is the
    `default` of its schema or `""`, an absent array `[]`, an absent object an object of absent members. What the schema
    does not know is left out. Numbers are printed by `x-format` (see `printed`), values listed in `x-silent` as `""`.
    Raises `TypeError` where `values` are not of the schema's shape, which only a fault of ours brings about.
    """
    arranged = _arranged(values, schema, schema)
    if not isinstance(arranged, dict):
        raise TypeError("the schema of a document describes an object")
    return arranged


def resolved(node: Schema, root: Schema) -> Schema:
    """Return `node` with its `$ref` into `root` followed; words beside `$ref` count before those of its target."""
    while "$ref" in node:
        target: Any = root
        for step in node["$ref"].removeprefix("#").split("/")[1:]:
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = {**target, **{key: word for key, word in node.items() if key != "$ref"}}
    return node


def printed(value: str | Decimal | int | float | None, leaf: Schema) -> str:
    """Return `value` as it stands in the document.

    `money`: at least two decimals, never rounded (1.5 → 1.50, 1.505 → 1.505), and zero as `0`, as in the published
    documents. `percent`: 25 → 25%, 12.50 → 12.5%. Other numbers in the shortest plain notation. Text
    is what was typed.
    """
    if value is None:
        value = leaf.get("default", "")
    if isinstance(value, str):
        return "" if value in leaf.get("x-silent", ()) else printable_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TypeError(f"{type(value).__name__} is no value of a record")
    # repr is the shortest text that gives the same float again: 0.29 of a JSON file is 0.29 here.
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    style = leaf.get("x-format")
    if style == "money":
        return _money(number)
    return _plain(number) + ("%" if style == "percent" else "")


def _arranged(value: Any, node: Schema, root: Schema) -> Any:
    node = resolved(node, root)
    if "properties" in node:
        members = _shaped(value, Mapping, {})
        return {key: _arranged(members.get(key), member, root) for key, member in node["properties"].items()}
    if "items" in node:
        return [_arranged(item, node["items"], root) for item in _shaped(value, list, [])]
    return printed(value, node)


def _shaped(value: Any, kind: type, absent: Any) -> Any:
    if value is None:
        return absent
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} where the schema wants {kind.__name__}")
    return value


def _plain(number: Decimal) -> str:
    if not number.is_finite():
        return str(number)
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _money(number: Decimal) -> str:
    text = _plain(number)
    if text == "0" or not number.is_finite():
        return text
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}"
