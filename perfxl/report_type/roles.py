"""What each field of a report type is for the rules: prose, heading, name, code … and the field of the dictionary.

A rule asks for fields by role, so that a new type is read in full. Most roles follow from the schema: what is chosen
from a list, is a code, a number or computed is no prose, and every other text is. `x-role` says what does not follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

Schema = Mapping[str, Any]
Path = tuple[str | int, ...]

# `report`: looks back and ahead, so that other years are nothing unusual. `approved`: carried from a form that was
# approved, so that its marks are no longer to be mended. `title`: the name of a project, whose words are looked at, but
# not its marks. `proper_name`: printed as it is.
TEXT_ROLES = frozenset(("prose", "heading", "report", "approved", "title", "proper_name"))
SILENT = "silent"
"""The role of what nobody wrote freely."""

_NAME_OF_A_PROJECT = "project_name"
_NO_PROSE = ("enum", "const", "pattern", "examples", "x-follows", "x-formula", "x-format")


class TextField(NamedTuple):
    """A field of texts: its path without indices, its role and its label.

    `listed`: the texts are read one after the other, as items of an array or as headings of its rows.
    """

    path: tuple[str, ...]
    role: str
    label: str
    listed: bool


class Roles(NamedTuple):
    """The roles of a type: of each text by its key, or the `tree` below; the text fields; every path there is.

    `meant` has, by path, the name in the field dictionary of what its type calls otherwise.
    """

    tree: Mapping[str, Any]
    texts: tuple[TextField, ...]
    fields: frozenset[tuple[str, ...]]
    meant: Mapping[tuple[str, ...], str]


class SchemaKey:
    """A schema as the key of a cache, by identity: each type has one, made once."""

    __slots__ = ("schema",)

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SchemaKey) and other.schema is self.schema

    def __hash__(self) -> int:
        return id(self.schema)


def roles_of(schema: Schema) -> Roles:
    """Return the roles of the fields of a type's schema."""
    return _roles(SchemaKey(schema))


@lru_cache(maxsize=64)
def _roles(key: SchemaKey) -> Roles:
    texts: list[TextField] = []
    fields: list[tuple[str, ...]] = []
    meant: dict[tuple[str, ...], str] = {}
    tree = _tree(key.schema, (), "", texts, fields, meant)
    return Roles(tree, tuple(texts), frozenset(fields), meant)


def _tree(
    node: Schema,
    here: tuple[str, ...],
    title: str,
    texts: list[TextField],
    fields: list[tuple[str, ...]],
    meant: dict[tuple[str, ...], str],
) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, member in node.get("properties", {}).items():
        path = (*here, key)
        fields.append(path)
        role = str(member.get("x-role", ""))
        if role not in ("", key, *TEXT_ROLES):
            meant[path] = role
        items = member.get("items") if member.get("type") == "array" else None
        inner = member if items is None else items
        if inner.get("type") == "object":
            tree[key] = _tree(inner, path, str(member.get("x-label", key)), texts, fields, meant)
            continue
        tree[key] = own = _role(role or key, inner, role)
        if own != SILENT:
            # Headings are read as those of the list that they head.
            label = title if own == "heading" and title else str(member.get("x-label", key))
            texts.append(TextField(path, own, label, items is not None or own == "heading"))
    return tree


def _role(name: str, leaf: Schema, role: str) -> str:
    """Return the role of a text that the schema gives to a leaf, or that follows from what it is."""
    if role in TEXT_ROLES:
        return role
    kinds = leaf.get("type", ())
    if "string" not in ((kinds,) if isinstance(kinds, str) else kinds) or any(word in leaf for word in _NO_PROSE):
        return SILENT
    if name == _NAME_OF_A_PROJECT:
        return "title"
    if leaf.get("x-printed") is False:
        return "proper_name"
    return "approved" if "x-from" in leaf else "prose"


def year_key(schema: Schema) -> str | None:
    """Return the field of the year that a whole form is about, by its role, its name or its label, or None."""
    members = schema["properties"]
    named = (key for key, node in members.items() if node.get("x-role", key) == "fiscal_year")
    labelled = (
        key
        for key, node in members.items()
        if node.get("type") == "integer" and str(node.get("x-label", "")).endswith(("年度", "年份"))
    )
    return next(named, None) or next(labelled, None)


def texts_in(values: Mapping[str, Any], tree: Mapping[str, Any]) -> tuple[list[tuple[Path, str]], list[str]]:
    """Return every text of `values` that is not silent, with its path, in the order of the data; and their roles.

    What the tree does not know is prose.
    """
    found: list[tuple[Path, str]] = []
    roles: list[str] = []
    _add(values, (), tree, found, roles)
    return found, roles


_UNKNOWN: Mapping[str, Any] = {}


def _add(values: Any, here: Path, tree: Mapping[str, Any], found: list[tuple[Path, str]], roles: list[str]) -> None:
    for key, value in values.items():
        kind = type(value)
        if kind is str:
            role = tree.get(key, "prose")
            if role != SILENT:
                found.append(((*here, key), value))
                roles.append(role)
        elif kind is list:
            role = tree.get(key)
            for index, item in enumerate(value):
                if type(item) is dict:
                    _add(item, (*here, key, index), _UNKNOWN if role is None else role, found, roles)
                elif type(item) is str and role != SILENT:
                    found.append(((*here, key, index), item))
                    roles.append(role or "prose")
        elif kind is dict:
            _add(value, (*here, key), tree.get(key, _UNKNOWN), found, roles)
