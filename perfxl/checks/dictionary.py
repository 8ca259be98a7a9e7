"""A record in the words of the field dictionary, for types that have names of their own for its fields.

Rules speak of `performance_goals`; a type that calls them otherwise says so (`x-role`), and its records are read under
the names of the dictionary. What is said of them is then put back to the names of the type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from perfxl.model.record import FieldPath, Record, names_only
from perfxl.model.remark import Remark
from perfxl.report_type.roles import Roles, SchemaKey, roles_of


def in_dictionary_words(record: Record, roles: Roles) -> tuple[Record, Callable[[Remark], Remark]]:
    """Return the record under the names of the dictionary, and what puts a remark on it back to those of its type."""
    if not roles.meant:
        return record, lambda remark: remark
    own = {_meant(path, roles): path for path in roles.fields}

    def back(remark: Remark) -> Remark:
        names = iter(own.get(names_only(remark.path), names_only(remark.path)))
        return remark._replace(path=tuple(next(names) if isinstance(step, str) else step for step in remark.path))

    completed = None if record.completed is None else _renamed(record.completed, (), roles)
    dates = {_forth(path, roles): guess for path, guess in record.dates.items()}
    doubted = frozenset(_forth(path, roles) for path in record.doubted)
    found = Record(_renamed(record.values, (), roles), record.places, record.traces, completed, dates, doubted)
    found.schema = _schema(SchemaKey(record.schema or {}))
    return found, back


def _meant(path: tuple[str, ...], roles: Roles) -> tuple[str, ...]:
    return tuple(roles.meant.get(path[: at + 1], step) for at, step in enumerate(path))


def _forth(path: FieldPath, roles: Roles) -> FieldPath:
    names = iter(_meant(names_only(path), roles))
    return tuple(next(names) if isinstance(step, str) else step for step in path)


def _renamed(value: Any, here: FieldPath, roles: Roles) -> Any:
    if isinstance(value, Mapping):
        return {
            roles.meant.get((*here, key), key): _renamed(member, (*here, key), roles)  # type: ignore[arg-type]
            for key, member in value.items()
        }
    if isinstance(value, list):
        return [_renamed(item, here, roles) for item in value]
    return value


@lru_cache(maxsize=64)
def _schema(key: SchemaKey) -> dict[str, Any]:
    return _renamed_schema(key.schema, (), roles_of(key.schema))


def _renamed_schema(node: Mapping[str, Any], here: tuple[str, ...], roles: Roles) -> dict[str, Any]:
    """Return the schema with its fields under the names of the dictionary."""
    found = dict(node)
    if "properties" in node:
        found["properties"] = {
            roles.meant.get((*here, key), key): _renamed_schema(member, (*here, key), roles)
            for key, member in node["properties"].items()
        }
    if "items" in node:
        found["items"] = _renamed_schema(node["items"], here, roles)
    return found
