"""Values as the words that will be printed, for everything that a report type knows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from perfxl.document.text import printable_text

Schema = Mapping[str, Any]
_Arrange = Callable[[Any], Any]


def context(values: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return `values` arranged as `schema` describes them, every leaf a text.

    Everything that the schema knows is there, so that a template may name it without asking: an absent scalar is the
    `default` of its schema or `""`, an absent array `[]`, an absent object an object of absent members. What the schema
    does not know is left out. Numbers are printed by `x-format` (see `printed`), values listed in `x-silent` as `""`.
    Raises `TypeError` where `values` are not of the schema's shape, which only a fault of ours brings about.
    """
    arranged = _arranger(schema)(values)
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


def _arranger(schema: Schema) -> _Arrange:
    """Return what arranges values as `schema` describes them; it is worked out once for each schema."""
    for known, arrange in _arrangers:
        if known is schema:
            return arrange
    arrange = _arranging(schema, schema)
    _arrangers.append((schema, arrange))
    return arrange


_arrangers: deque[tuple[Schema, _Arrange]] = deque(maxlen=8)  # a schema is a dict, which no cache takes as a key


def _arranging(node: Schema, root: Schema) -> _Arrange:
    node = resolved(node, root)
    if "properties" in node:
        return _of_object({key: resolved(member, root) for key, member in node["properties"].items()}, root)
    if "items" in node:
        one = _arranging(node["items"], root)
        return lambda value: [one(item) for item in _shaped(value, list, [])]
    return partial(printed, leaf=node)


def _of_object(members: Mapping[str, Schema], root: Schema) -> _Arrange:
    absent = {key: "" if _is_deep(node) else printed(None, node) for key, node in members.items()}
    # Texts that are printed as they were typed need no look at their schema.
    special = {key: _arranging(node, root) for key, node in members.items() if _is_deep(node) or node.get("x-silent")}
    others = {key: node for key, node in members.items() if key not in special}

    def arrange(value: Any) -> dict[str, Any]:
        given = _shaped(value, Mapping, {})
        result: dict[str, Any] = absent.copy()
        for key, member in given.items():
            if key in special or key not in absent:
                continue
            if type(member) is str and member.isprintable():
                result[key] = member
            else:
                result[key] = printed(member, others[key])
        for key, deeper in special.items():
            result[key] = deeper(given.get(key))
        return result

    return arrange


def _is_deep(node: Schema) -> bool:
    return "properties" in node or "items" in node


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
