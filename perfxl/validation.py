"""JSON Schema 2020-12. The only module that knows jsonschema.

jsonschema takes 9 ms for a plan of ten projects, most of it on the way through the schema. What report types need of it
is compiled into functions that say the same of the same data in a tenth of that (`tests/test_validation.py` compares
them); a schema with any other keyword is left to jsonschema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl import patterns

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

Path = tuple[str | int, ...]


class Fault(NamedTuple):
    """A keyword that an instance fails: where, what it asks for, and what is there. `said` is jsonschema's English."""

    keyword: str
    path: Path
    wanted: Any
    found: Any
    said: str = ""


class Validator:
    """A schema made ready to check many instances: building it takes as long as using it does."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        try:
            self._compiled: _Node | None = _compiled(schema)
        except _Unknown:
            self._compiled = None

    @cached_property
    def _validator(self) -> Draft202012Validator:
        # Takes 50 ms to load, and no report type that comes with the program needs it.
        from jsonschema import Draft202012Validator

        return Draft202012Validator(self._schema)

    def faults(self, instance: Any) -> Iterator[Fault]:
        """Return every failure of `instance`, in the order in which the schema is read."""
        if self._compiled is not None and not self.failures(instance):
            return
        for error in self._validator.iter_errors(instance):
            keyword = str(error.validator)
            yield Fault(keyword, tuple(error.absolute_path), error.validator_value, error.instance, error.message)

    def failures(self, instance: Any) -> list[Fault]:
        """Return the same as `faults` without jsonschema's English, which nobody reads in a report."""
        if self._compiled is None:
            return list(self.faults(instance))
        found: list[Fault] = []
        check, sieve = self._compiled
        doubts: _Doubts = set()
        if not sieve([instance], doubts):
            check(instance, (), doubts, found)
        return found


_Check = Callable[[Any, Path, "_Doubts", list[Fault]], None]
_Doubts = set[_Check]
_Sieve = Callable[[list[Any], _Doubts], bool]
_Test = Callable[[Any], bool]


class _Unknown(Exception):
    """A keyword, or a use of one, that is jsonschema's business."""


_SILENT = frozenset(("$schema", "$id", "$comment", "title", "description", "default", "examples"))
_SIZES = {"minLength": str, "maxLength": str, "minItems": list, "maxItems": list}


class _Node(NamedTuple):
    """A schema as functions: `check` adds the faults of an instance to a list.

    `sieve` is given all instances that a document has of it, as most schemas have none at fault: it returns whether
    that is certainly so, and adds to the doubts the checks that are needed where it is not. No others are made.
    """

    check: _Check
    sieve: _Sieve


def _compiled(schema: Mapping[str, Any]) -> _Node:
    """Return the functions for a schema. Raises `_Unknown`."""
    nodes = {name: _compiled(member) for name, member in schema.get("properties", {}).items()}
    items = _compiled(schema["items"]) if isinstance(schema.get("items"), Mapping) else None
    kinds = _plain_kinds(schema.get("type"))
    checks: list[_Check] = []
    columns: list[_Column] = []
    for keyword, wanted in schema.items():
        if keyword in _SILENT or keyword.startswith("x-"):
            continue
        if keyword == "properties":
            checks.append(_properties(nodes))
        elif keyword == "items" and items is not None:
            checks.append(_items(items))
        elif keyword == "required":
            checks.append(_required(wanted))
        else:
            test = _test(keyword, wanted, schema)
            checks.append(_tested(keyword, wanted, test))
            if keyword != "type":
                columns.append(_column(keyword, wanted, schema, test))

    def check(instance: Any, path: Path, doubts: _Doubts, found: list[Fault]) -> None:
        for one in checks:
            one(instance, path, doubts, found)

    if nodes or "required" in schema:
        below = _sieve_of_members(nodes, schema.get("required", ()))
        kinds &= {dict}
    elif items is not None:
        below = _sieve_of_items(items.sieve)
        kinds &= {list}
    else:
        below = None

    def sieve(values: list[Any], doubts: _Doubts) -> bool:
        fine = kinds.issuperset(map(type, values))
        for column in columns if fine else ():
            fine = fine and column(values)
        if below is not None:
            fine = below(values, doubts) and fine
        if not fine:
            doubts.add(check)
        return fine

    return _Node(check, sieve)


def _sieve_of_members(nodes: Mapping[str, _Node], required: Iterable[str]) -> _Sieve:
    members = [(name, node.sieve, name in required) for name, node in nodes.items()]
    others = [name for name in required if name not in nodes]

    def sieve(values: list[Any], doubts: _Doubts) -> bool:
        objects = [value for value in values if isinstance(value, dict)]
        fine = len(objects) == len(values) and all(name in value for value in objects for name in others)
        for name, member, needed in members:
            column = [value[name] for value in objects if name in value]
            if (column and not member(column, doubts)) or (needed and len(column) < len(objects)):
                fine = False
        return fine

    return sieve


def _sieve_of_items(item: _Sieve) -> _Sieve:
    def sieve(values: list[Any], doubts: _Doubts) -> bool:
        every = list(chain.from_iterable(value for value in values if isinstance(value, list)))
        return not every or item(every, doubts)

    return sieve


_Column = Callable[[list[Any]], bool]


def _column(keyword: str, wanted: Any, schema: Mapping[str, Any], test: _Test) -> _Column:
    """Return whether all of some instances, of plain kinds, are as one keyword asks, in as few calls as can be."""
    kinds = _plain_kinds(schema.get("type"))
    if kinds <= {str} and keyword in ("enum", "const"):
        choices = frozenset([wanted] if keyword == "const" else wanted)
        return choices.issuperset
    if kinds <= {dict} and keyword == "additionalProperties":
        known = frozenset(schema.get("properties", ()))
        return lambda values: known.issuperset(chain.from_iterable(values))
    if kinds <= {str} and keyword == "pattern":
        search = patterns.compile(wanted).search
        return lambda values: all(map(search, values))
    if kinds <= {_SIZES.get(keyword)}:
        if keyword.startswith("min"):
            return lambda values: min(map(len, values)) >= wanted
        return lambda values: max(map(len, values)) <= wanted
    if kinds <= {int, Decimal}:
        if keyword == "minimum":
            return lambda values: bool(min(values) >= wanted)
        if keyword == "maximum":
            return lambda values: bool(max(values) <= wanted)
    return lambda values: all(map(test, values))


def _tested(keyword: str, wanted: Any, test: _Test) -> _Check:
    def check(instance: Any, path: Path, _doubts: _Doubts, found: list[Fault]) -> None:
        if not test(instance):
            found.append(Fault(keyword, path, wanted, instance))

    return check


def _properties(members: Mapping[str, _Node]) -> _Check:
    def check(instance: Any, path: Path, doubts: _Doubts, found: list[Fault]) -> None:
        if isinstance(instance, dict):
            for name, (member, _) in members.items():
                if member in doubts and name in instance:
                    member(instance[name], (*path, name), doubts, found)

    return check


def _items(item: _Node) -> _Check:
    check_item = item.check

    def check(instance: Any, path: Path, doubts: _Doubts, found: list[Fault]) -> None:
        if check_item in doubts and isinstance(instance, list):
            for index, member in enumerate(instance):
                check_item(member, (*path, index), doubts, found)

    return check


def _required(names: list[str]) -> _Check:
    def check(instance: Any, path: Path, _doubts: _Doubts, found: list[Fault]) -> None:
        if isinstance(instance, dict):
            found.extend(Fault("required", path, names, instance) for name in names if name not in instance)

    return check


def _test(keyword: str, wanted: Any, schema: Mapping[str, Any]) -> _Test:
    """Return whether an instance is as one keyword asks; what is of another kind is as it should be."""
    if keyword == "type":
        return _type(wanted)
    if keyword in ("enum", "const"):
        choices = frozenset([wanted] if keyword == "const" else wanted)
        if all(isinstance(choice, str) for choice in choices):
            return lambda instance: isinstance(instance, str) and instance in choices
    elif keyword == "pattern":
        search = patterns.compile(wanted).search
        return lambda instance: not isinstance(instance, str) or search(instance) is not None
    elif keyword in _SIZES:
        kind, least = _SIZES[keyword], keyword.startswith("min")
        return lambda instance: (
            not isinstance(instance, kind) or (len(instance) >= wanted if least else len(instance) <= wanted)
        )
    elif keyword == "minimum":
        return lambda instance: not _is_number(instance) or not instance < wanted
    elif keyword == "maximum":
        return lambda instance: not _is_number(instance) or not instance > wanted
    elif keyword == "multipleOf" and isinstance(wanted, int | Decimal):
        return lambda instance: not _is_number(instance) or not instance % wanted
    elif keyword == "additionalProperties" and wanted is False:
        known = schema.get("properties", {}).keys()
        return lambda instance: not isinstance(instance, dict) or instance.keys() <= known
    raise _Unknown(keyword)


def _type(wanted: Any) -> _Test:
    tests = [_TYPES.get(kind) for kind in ([wanted] if isinstance(wanted, str) else wanted)]
    known = [test for test in tests if test is not None]
    if len(known) < len(tests):
        raise _Unknown("type")
    return known[0] if len(known) == 1 else lambda instance: any(test(instance) for test in known)


def _is_number(instance: Any) -> bool:
    return isinstance(instance, int | float | Decimal) and not isinstance(instance, bool)


def _plain_kinds(wanted: Any) -> frozenset[type]:
    """Return the Python types of which every instance is of the kinds `wanted`, None meaning all."""
    kinds = _PYTHON if wanted is None else [wanted] if isinstance(wanted, str) else wanted
    return frozenset(kind for name in kinds for kind in _PYTHON.get(name, ()))


_PYTHON: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, Decimal),
    "integer": (int,),
}
_TYPES: Mapping[str, _Test] = {
    "object": lambda instance: isinstance(instance, dict),
    "array": lambda instance: isinstance(instance, list),
    "string": lambda instance: isinstance(instance, str),
    "number": _is_number,
    "integer": lambda instance: (
        (isinstance(instance, int) and not isinstance(instance, bool))
        or (isinstance(instance, float) and instance.is_integer())
    ),
}
