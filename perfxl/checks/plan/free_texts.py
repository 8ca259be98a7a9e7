"""The texts of a record that people wrote freely, as rules on words look at them. Which these are, its type says."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate

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
    return _of(plan).roles[path]


def lists(plan: Record) -> Iterator[tuple[str, list[Text]]]:
    """Yield the label and the texts of what is read one after the other: the items of each array, headings of rows."""
    tree = _of(plan)
    for field in roles_of(plan.schema).texts if plan.schema is not None else ():
        if field.listed and field.role in ("prose", "heading", "report"):
            yield from ((field.label, found) for found in tree.by_list(field.path, together=field.role == "heading"))


def single(plan: Record) -> Iterator[tuple[str, Text]]:
    """Yield the label and the text of every text that stands alone, in which lines may be a list."""
    for field in roles_of(plan.schema).texts if plan.schema is not None else ():
        if not field.listed and field.role in ("prose", "report"):
            yield from ((field.label, text) for text in _of(plan).by_field.get(field.path, ()))


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
        tree = roles_of(plan.schema).tree if plan.schema is not None else {}
        found = texts_in(plan.values, tree)
        self.roles: dict[FieldPath, str] = {path: role for path, role, _ in found}
        self.every = Texts([(path, text) for path, _, text in found])
        self.prose_and_names = Texts([(path, text) for path, role, text in found if role != "proper_name"])
        self.prose = Texts([(path, text) for path, role, text in found if role not in ("proper_name", "title")])

    @cached_property
    def to_be_mended(self) -> Texts:
        """The prose that was not approved before."""
        if "approved" not in self.roles.values():
            return self.prose
        return Texts([(path, text) for path, text in self.prose.every if self.roles[path] != "approved"])

    @cached_property
    def by_field(self) -> dict[tuple[str, ...], list[Text]]:
        """The texts by their paths without indices, in order."""
        found: dict[tuple[str, ...], list[Text]] = {}
        for path, text in self.every.every:
            found.setdefault(names_only(path), []).append((path, text))
        return found

    def by_list(self, field: tuple[str, ...], *, together: bool) -> Iterator[list[Text]]:
        """Yield the texts of an array, by the array that they stand in; `together` all of them."""
        found = self.by_field.get(field, [])
        if together and found:
            yield found
        if together:
            return
        parted: dict[FieldPath, list[Text]] = {}
        for path, text in found:
            parted.setdefault(path[:-1], []).append((path, text))
        yield from parted.values()


# Ten rules ask for the texts of one record after the other; finding them is half of their work.
_latest: list[_TextReading] = []


def _of(plan: Record) -> _TextReading:
    if not _latest or _latest[0].plan is not plan:
        _latest[:] = [_TextReading(plan)]
    return _latest[0]
