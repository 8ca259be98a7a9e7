"""Checks that a schema states as data (`x-checks`): each is the sheet's formula and the program's check alike.

A formula gives more than 0 where something is wrong. It is a product of conditions, so that it means the same for a
cell and, inside SUMPRODUCT, for whole columns. Sums are compared to six decimals, which no
amount has and no noise reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Schema = Mapping[str, Any]
Path = tuple[str, ...]

DECIMALS = 6
KINDS = ("sum", "total", "at_most", "not_before", "required", "unique", "differs", "one_of")


class StatedCheck(NamedTuple):
    """A check of the items at `base`: `field`, compared with the fields `of`, all as whole paths.

    `rows` says that the items stand in rows of a list. `values` are those of the first of `of` for which `field` is
    required, any where there are none, or, for `one_of`, what may stand in `field` for each of them.
    """

    kind: str
    base: Path
    field: Path
    of: tuple[Path, ...]
    values: Mapping[str, Sequence[str]]
    say: str
    gravity: str
    rows: bool


def stated(schema: Schema) -> tuple[StatedCheck, ...]:
    """Return the checks that a schema states, in its order."""
    return tuple(_below(schema, (), False))


def _below(node: Schema, base: Path, rows: bool) -> Iterator[StatedCheck]:
    for each in node.get("x-checks", ()):
        yield _read(each, node, base, rows)
    for name, member in node.get("properties", {}).items():
        if "properties" in member:
            yield from _below(member, (*base, name), rows)
        elif member.get("type") == "array" and "properties" in member["items"]:
            yield from _below(member["items"], (*base, name), "x-at" in member)


def _read(each: Schema, node: Schema, base: Path, rows: bool) -> StatedCheck:
    kind = each["check"]
    of = each.get("of", each.get("when", each.get("by", ())))
    names = [of] if isinstance(of, str) else list(of)
    stated_is = each.get("is", ())
    values = each.get("values") or dict.fromkeys([stated_is] if isinstance(stated_is, str) else stated_is, ())
    say = each.get("say") or _sentence(kind, each["field"], names, values, node)
    paths = tuple((*base, *name.split(".")) for name in names)
    return StatedCheck(
        kind, base, (*base, *each["field"].split(".")), paths, values, say, each.get("gravity", "error"), rows
    )


def _sentence(kind: str, field: str, of: Sequence[str], values: Mapping[str, Any], node: Schema) -> str:
    own, others = _label(node, field), [_label(node, name) for name in of]
    if kind == "sum":
        return f"{own}应等于{'＋'.join(others)}"
    if kind == "total":
        return f"{own}应等于各行{others[0]}的合计"
    if kind == "required":
        when = f"是{'、'.join(values)}" if values else "有内容"
        return f"{others[0]}{when}时，要填{own}"
    told = {"at_most": "不应大于", "not_before": "不应早于", "differs": "不应和另一格相同："}
    if kind in told:
        return f"{own}{told[kind]}{others[0]}"
    return f"{own}不应重复" if kind == "unique" else f"{own}与{others[0]}不相配"


def _label(node: Schema, dotted: str) -> str:
    label = dotted
    for name in dotted.split("."):
        node = node.get("items", node) if node.get("type") == "array" else node
        node = node.get("properties", {}).get(name, {})
        label = str(node.get("x-label", label))
    return f"“{label}”"


def wrong(check: StatedCheck) -> str:
    """Return the formula that gives more than 0 where a check is failed, with `{names}` for cells."""
    own, others = _cell(check.field), [_cell(path) for path in check.of]
    filled = f'({own}<>"")'
    if check.kind == "sum":
        return f"{filled}*(ROUND({own}-({'+'.join(others)}),{DECIMALS})<>0)"
    if check.kind == "total":
        return f"{filled}*(ROUND({own}-SUM({{{'.'.join(check.of[0])}[]}}),{DECIMALS})<>0)"
    if check.kind == "at_most":
        return f'{filled}*({others[0]}<>"")*(ROUND({own}-{others[0]},{DECIMALS})>0)'
    if check.kind == "not_before":
        return f"ISNUMBER({own})*ISNUMBER({others[0]})*({own}<{others[0]})"
    if check.kind == "differs":
        return f"{filled}*({own}={others[0]})"
    if check.kind == "unique":
        return f"{filled}*(SUMPRODUCT(({{{'.'.join(check.field)}[]}}={own})*1)>1)"
    if check.kind == "required":
        when = "+".join(f"({others[0]}={_text(value)})" for value in check.values) or f'({others[0]}<>"")'
        return f'(({when})>0)*({own}="")'
    parts = [
        f"({others[0]}={_text(value)})*{filled}" + "".join(f"*({own}<>{_text(choice)})" for choice in choices)
        for value, choices in check.values.items()
    ]
    return "+".join(parts) or "0"


def _cell(path: Path) -> str:
    return "{" + ".".join(path) + "}"


def _text(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
