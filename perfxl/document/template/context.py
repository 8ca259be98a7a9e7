"""Values as the words that will be printed, for everything that a report type knows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any, TypeVar

from perfxl.document.template.printable_text import printable_text
from perfxl.model.invisible_characters import unindented
from perfxl.report_type import dates

Schema = Mapping[str, Any]
Made = TypeVar("Made")
_Arrange = Callable[[Any], Any]


# 2026-03-01 is printed as 2026年3月1日, 是 as ☑ and anything else as □.
_MARKED: Mapping[str, Callable[[str], str]] = {
    "date": lambda text: dates.printed(printable_text(text)) if text else "",
    "check": lambda text: "☑" if text == "是" else "□",
}


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
    is what was typed, without the blanks that indent its lines, for the paragraphs of a document have an indent.
    """
    if value is None:
        value = leaf.get("default", "")
    if isinstance(value, str) and leaf.get("x-format") in _MARKED:
        return _MARKED[leaf["x-format"]](value)
    if isinstance(value, str):
        return "" if value in leaf.get("x-silent", ()) else unindented(printable_text(value))
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TypeError(f"{type(value).__name__} is no value of a record")
    # repr is the shortest text that gives the same float again: 0.29 of a JSON file is 0.29 here.
    return _figures(Decimal(repr(value)) if isinstance(value, float) else Decimal(value), leaf.get("x-format"))


def per_schema(make: Callable[[Schema, Schema], Made]) -> Callable[[Schema], Made]:
    """Return what gives `make(schema, schema)`, worked out once for each of the last few schemas.

    A schema is a dict, which no cache of the library takes as a key.
    """
    known: deque[tuple[Schema, Made]] = deque(maxlen=8)

    def made(schema: Schema) -> Made:
        for one, found in known:
            if one is schema:
                return found
        found = make(schema, schema)
        known.append((schema, found))
        return found

    return made


def _arranging(node: Schema, root: Schema) -> _Arrange:
    node = resolved(node, root)
    if "properties" in node:
        return _of_object({key: resolved(member, root) for key, member in node["properties"].items()}, root)
    if "items" not in node:
        style = node.get("x-format")
        return lambda value: _figures(value, style) if type(value) is Decimal else printed(value, node)
    item = resolved(node["items"], root)
    one, as_typed = _arranging(item, root), _is_as_typed(item)

    def arrange(value: Any) -> list[Any]:
        items = _shaped(value, list, [])
        return items.copy() if as_typed and _are_printable(items) else [one(item) for item in items]

    return arrange


_arranger = per_schema(_arranging)


def _of_object(members: Mapping[str, Schema], root: Schema) -> _Arrange:
    absent = {key: "" if _is_deep(node) else printed(None, node) for key, node in members.items()}
    deep = [(key, _arranging(node, root)) for key, node in members.items() if _is_deep(node)]
    typed = [key for key, node in members.items() if _is_as_typed(node)]
    others = [
        (key, _arranging(node, root)) for key, node in members.items() if not _is_deep(node) and not _is_as_typed(node)
    ]
    texts_of = _texts_of(typed)

    def arrange(value: Any) -> dict[str, Any]:
        given = value if type(value) is dict else _shaped(value, Mapping, {})
        result: dict[str, Any] = {**absent, **given}
        if len(result) > len(absent):
            result = {key: result[key] for key in absent}
        for key, arrange_deeper in deep:
            result[key] = arrange_deeper(given.get(key))
        for key, write in others:
            if key in given:
                result[key] = write(given[key])
        if not _are_printable(texts_of(result)):
            for key in typed:
                result[key] = printed(result[key], members[key])
        return result

    return arrange


def _texts_of(keys: Sequence[str]) -> Callable[[Any], Iterable[Any]]:
    return itemgetter(*keys) if len(keys) > 1 else lambda members: [members[key] for key in keys]


def _is_as_typed(node: Schema) -> bool:
    """Return whether a value is text that is printed as it was typed, but for characters that nothing can print."""
    return node.get("type") == "string" and "x-silent" not in node and node.get("x-format") not in _MARKED


def _are_printable(texts: Iterable[Any]) -> bool:
    """Return whether all of `texts` are text, and none has anything to be taken away."""
    try:
        return "".join(texts).isprintable()
    except TypeError:  # what is not text
        return False


def _is_deep(node: Schema) -> bool:
    return "properties" in node or "items" in node


def _shaped(value: Any, kind: type, absent: Any) -> Any:
    if value is None:
        return absent
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} where the schema wants {kind.__name__}")
    return value


def _figures(number: Decimal, style: str | None) -> str:
    if not number.is_finite():
        text = str(number)
    else:
        text = f"{number:f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        if text in ("0", "-0", ""):
            text = "0"
        elif style == "money":
            whole, _, decimals = text.partition(".")
            text = f"{whole}.{decimals:0<2}"
    return text + "%" if style == "percent" else text
