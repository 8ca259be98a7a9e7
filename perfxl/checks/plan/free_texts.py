"""The texts of a record that people wrote freely, as rules on words look at them. Which these are, its type says."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate, compress
from typing import Any

from perfxl.model.record import FieldPath, Record, names_only
from perfxl.report_type.roles import roles_of, texts_in

Text = tuple[FieldPath, str]


class Texts:
    """Texts with their paths, and all of them `together`, so that one search looks through all."""

    def __init__(self, every: list[Text]) -> None:
        self.every = every
        self.together = "\n".join([text for _, text in every])

    def where(self, *patterns: re.Pattern[str]) -> list[Text]:
        """Return the texts in which one of `patterns` finds something; none may want more than one line."""
        return self.at(place.start() for pattern in patterns for place in pattern.finditer(self.together))

    def holding(self, words: Iterable[str]) -> list[Text]:
        """Return the texts that have one of `words` in them."""
        return self.at(place for word in words for place in self._places(word))

    def _places(self, word: str) -> Iterator[int]:
        place = self.together.find(word)
        while place >= 0:
            yield place
            place = self.together.find(word, place + 1)

    def at(self, places: Iterable[int]) -> list[Text]:
        """Return the texts that hold one of `places` of all together."""
        numbers = {bisect_right(self._starts, place) - 1 for place in places}
        return [self.every[number] for number in sorted(numbers)]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate([len(text) + 1 for _, text in self.every])]


def texts(plan: Record) -> list[Text]:
    """Return every free text with its path, in the order of the data, names of projects left out."""
    return prose(plan).every


def texts_and_names(plan: Record) -> list[Text]:
    """Return every free text and every name of a project with its path, in the order of the data."""
    return prose_and_names(plan).every


def prose(plan: Record) -> Texts:
    """Return what `texts` does, to be searched."""
    return _of(plan).prose


def prose_and_names(plan: Record) -> Texts:
    """Return what `texts_and_names` does, to be searched."""
    return _of(plan).prose_and_names


def to_be_mended(plan: Record) -> Texts:
    """Return what `texts` does, without what was approved as it is, to be searched."""
    return _of(plan).to_be_mended


def every_text(plan: Record) -> Texts:
    """Return these, and names of units and the like, to be searched."""
    return _of(plan).every


def role(plan: Record, path: FieldPath) -> str:
    """Return the role of a text."""
    found: Any = {} if plan.schema is None else roles_of(plan.schema).tree
    for name in names_only(path):
        found = found.get(name, {}) if isinstance(found, Mapping) else found
    return found if isinstance(found, str) else "prose"


def lists(plan: Record) -> Iterator[tuple[str, list[Text]]]:
    """Yield the label and the texts of what is read one after the other: the items of each array, headings of rows."""
    for field in roles_of(plan.schema).texts if plan.schema is not None else ():
        if not field.listed or field.role not in _READ_IN_LISTS:
            continue
        if field.role == "heading":
            if found := [(path, str(text)) for path, text in plan.items(*field.path)]:
                yield field.label, found
            continue
        for path, holder in plan.items(*field.path[:-1]) if len(field.path) > 1 else [((), plan.values)]:
            if items := holder.get(field.path[-1]):
                yield field.label, [((*path, field.path[-1], at), str(item)) for at, item in enumerate(items)]


_READ_IN_LISTS = frozenset(("prose", "heading", "report"))


def single(plan: Record, *signs: str) -> Iterator[tuple[str, Text]]:
    """Yield the label and the text of those texts that stand alone and have one of the signs in them."""
    if plan.schema is None:
        return
    labels = {field.path: field.label for field in roles_of(plan.schema).texts if not field.listed}
    for path, text in _of(plan).to_be_mended.every:
        if any(sign in text for sign in signs) and (label := labels.get(names_only(path))):
            yield label, (path, text)


def has(plan: Record, *names: str) -> bool:
    """Return whether the form of a record asks for something: a rule says nothing of what its type does not have."""
    return plan.schema is None or names in roles_of(plan.schema).fields


def field_of(path: FieldPath) -> str:
    """Return the name of the field that a path leads to, also for an item of a list."""
    return str(path[-1] if isinstance(path[-1], str) else path[-2])


class _TextReading:
    """The texts of a record, by their roles."""

    def __init__(self, plan: Record) -> None:
        self.plan = plan
        tree = {} if plan.schema is None else roles_of(plan.schema).tree
        found, self._roles = texts_in(plan.values, tree)
        self.every = Texts(found)

    @cached_property
    def prose_and_names(self) -> Texts:
        return self._but("proper_name")

    @cached_property
    def prose(self) -> Texts:
        return self._but("proper_name", "title")

    @cached_property
    def to_be_mended(self) -> Texts:
        return self._but("proper_name", "title", "approved") if "approved" in self._roles else self.prose

    def _but(self, *roles: str) -> Texts:
        return Texts([*compress(self.every.every, [role not in roles for role in self._roles])])


# Ten rules ask for the texts of one record after the other; finding them is half of their work.
_latest: list[_TextReading] = []


def _of(plan: Record) -> _TextReading:
    if not _latest or _latest[0].plan is not plan:
        _latest[:] = [_TextReading(plan)]
    return _latest[0]
