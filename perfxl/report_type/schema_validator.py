"""JSON Schema 2020-12. The only module that knows jsonschema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


class Fault(NamedTuple):
    """A keyword that an instance fails: where, what it asks for, and what is there. `said` is jsonschema's English."""

    keyword: str
    path: tuple[str | int, ...]
    wanted: Any
    found: Any
    said: str = ""


class Validator:
    """A schema made ready to check many instances: building it takes as long as using it does."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema

    @cached_property
    def _validator(self) -> Draft202012Validator:
        from jsonschema import (
            Draft202012Validator,  # takes 50 ms to load, which a document without a fault does not need
        )

        return Draft202012Validator(self._schema)

    def faults(self, instance: Any) -> Iterator[Fault]:
        """Return every failure of `instance`, in the order in which the schema is read."""
        for error in self._validator.iter_errors(instance):
            keyword = str(error.validator)
            yield Fault(keyword, tuple(error.absolute_path), error.validator_value, error.instance, error.message)
