"""The texts of a plan that people wrote freely, as rules on words look at them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import Any

from perfxl.model.record import FieldPath, Record

Text = tuple[FieldPath, str]

_PROSE = frozenset(
    (
        *("overall_goal", "title", "performance_goal", "indicators", "safeguard_measures"),
        *("use_of_funds", "performance_goals", "name", "description", "target", "target_basis"),
    )
)
_NAMES = frozenset(("project_name",))
_WANTED = _PROSE | _NAMES
_CHOSEN = frozenset(("dimension", "category", "sign", "project_code", "unit_code", "region_code", "document_type"))


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


def others(plan: Record) -> Texts:
    """Return every other text that is not `chosen`, such as names of units, to be searched; without their paths."""
    return _of(plan).others


def chosen(path: FieldPath) -> bool:
    """Return whether a path leads to what is chosen from a list, or to a code."""
    return field_of(path) in _CHOSEN


def field_of(path: FieldPath) -> str:
    """Return the name of the field that a path leads to, also for an item of a list."""
    return str(path[-1] if isinstance(path[-1], str) else path[-2])


class _TextReading:
    """The texts of a plan."""

    __slots__ = ("others", "plan", "prose", "prose_and_names")

    def __init__(self, plan: Record) -> None:
        self.plan = plan
        every: list[Text] = []
        others: list[Text] = []
        _add(plan.values, (), every, others)
        self.prose = Texts([text for text in every if text[0][-1] not in _NAMES])
        self.prose_and_names = Texts(every)
        self.others = Texts(others)


# Ten rules ask for the texts of one record after the other; finding them is half of their work.
_latest: list[_TextReading] = []


def _of(plan: Record) -> _TextReading:
    if not _latest or _latest[0].plan is not plan:
        _latest[:] = [_TextReading(plan)]
    return _latest[0]


def _add(values: Any, here: FieldPath, found: list[Text], others: list[Text]) -> None:
    for key, value in values.items():
        kind = type(value)
        if kind is str:
            if key in _WANTED:
                found.append(((*here, key), value))
            elif key not in _CHOSEN:
                others.append(((), value))
        elif kind is list:
            for index, item in enumerate(value):
                if isinstance(item, str):
                    if key in _WANTED:
                        found.append(((*here, key, index), item))
                    else:
                        others.append(((), item))
                elif isinstance(item, dict):
                    _add(item, (*here, key, index), found, others)
        elif kind is dict:
            _add(value, (*here, key), found, others)
