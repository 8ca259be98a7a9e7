"""JSON Schema 2020-12. The only module that knows jsonschema.

jsonschema takes 9 ms for a plan of ten projects, most of it on the way through the schema. What report types need of it
is compiled into functions that say the same of the same data in a tenth of that (`tests/test_validation.py` compares
them); a schema with any other keyword is left to jsonschema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
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
            self._compiled: _Check | None = _compiled(schema).check
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
        self._compiled(instance, (), found)
        return found


_Check = Callable[[Any, Path, list[Fault]], None]
_Test = Callable[[Any], bool]


class _Unknown(Exception):
    """A keyword, or a use of one, that is jsonschema's business."""


_SILENT = frozenset(("$schema", "$id", "$comment", "title", "description", "default", "examples"))
_SIZES = {"minLength": str, "maxLength": str, "minItems": list, "maxItems": list}


class _Node(NamedTuple):
    """A schema as functions: `check` adds the faults of an instance to a list.

    `quick` returns whether there is certainly nothing to add, and takes much less time to say so. It is None where a
    look at every member is as good, because they are objects themselves.
    """

    check: _Check
    quick: _Test | None


def _compiled(schema: Mapping[str, Any]) -> _Node:
    """Return the functions for a schema. Raises `_Unknown`."""
    nodes = {name: _compiled(member) for name, member in schema.get("properties", {}).items()}
    items = _compiled(schema["items"]) if isinstance(schema.get("items"), Mapping) else None
    checks: list[_Check] = []
    tests: list[_Test] = []
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
                tests.append(test)

    def check(instance: Any, path: Path, found: list[Fault]) -> None:
        for one in checks:
            one(instance, path, found)

    if nodes or "required" in schema:
        return _Node(check, _quick_object(nodes, schema.get("required", ()), tests))
    if items is not None:
        return _Node(check, None if "properties" in schema["items"] else _quick_array(items.quick, tests))
    return _Node(check, _quick_value(_plain_kinds(schema.get("type")), tests))


def _quick_value(kinds: frozenset[type], tests: Sequence[_Test]) -> _Test:
    if not tests:
        return lambda instance: type(instance) in kinds
    every = _all(tests)
    return lambda instance: type(instance) in kinds and every(instance)


def _quick_array(item: _Test | None, tests: Sequence[_Test]) -> _Test | None:
    every = _all(tests)
    if item is None:
        return None
    return lambda instance: type(instance) is list and all(map(item, instance)) and every(instance)


def _quick_object(nodes: Mapping[str, _Node], required: Iterable[str], tests: Sequence[_Test]) -> _Test | None:
    members = {name: node.quick for name, node in nodes.items() if node.quick is not None}
    needed = frozenset(required)
    every = _all(tests)
    if len(members) < len(nodes):
        return None

    def quick(instance: Any) -> bool:
        if type(instance) is not dict or not instance.keys() >= needed:
            return False
        for name, value in instance.items():
            test = members.get(name)
            if test is None or not test(value):
                return False
        return every(instance)

    return quick


def _all(tests: Sequence[_Test]) -> _Test:
    if len(tests) < 2:
        return tests[0] if tests else lambda _: True
    return lambda instance: all(test(instance) for test in tests)


def _tested(keyword: str, wanted: Any, test: _Test) -> _Check:
    def check(instance: Any, path: Path, found: list[Fault]) -> None:
        if not test(instance):
            found.append(Fault(keyword, path, wanted, instance))

    return check


def _properties(members: Mapping[str, _Node]) -> _Check:
    def check(instance: Any, path: Path, found: list[Fault]) -> None:
        if isinstance(instance, dict):
            for name, (member, quick) in members.items():
                if name in instance and not (quick is not None and quick(instance[name])):
                    member(instance[name], (*path, name), found)

    return check


def _items(item: _Node) -> _Check:
    check_item, quick = item

    def check(instance: Any, path: Path, found: list[Fault]) -> None:
        if isinstance(instance, list):
            for index, member in enumerate(instance):
                if not (quick is not None and quick(member)):
                    check_item(member, (*path, index), found)

    return check


def _required(names: list[str]) -> _Check:
    def check(instance: Any, path: Path, found: list[Fault]) -> None:
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
    "number": (int, float, Decimal),
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
