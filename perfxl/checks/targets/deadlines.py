"""Days by which a text says that something is done: 10月底前全部验收, 于9月18日挂牌运行."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from perfxl.checks.targets.likeness import core, pairs_of
from perfxl.checks.targets.target import understand

_DAY = re.compile(
    r"(?<![0-9年月至到~—-])(?:20[0-9]{2}年)?(?:1[0-2]|[1-9])月(?:[0-3]?[0-9]日|底|末|[上中下]旬)?(?:之?前|以前)?(?![0-9至到~—-]|份|均)"
)
_CLAUSE = re.compile(r"[，。；;！？\n、]")
_NO_WORK = re.compile("时间|日期|全部|全面")


class Deadline(NamedTuple):
    """A day in a text: as it is typed, the last one meant, and the words of its clause that say of what."""

    typed: str
    day: date
    about: str

    def is_of(self, words: str) -> bool:
        """Return whether the clause speaks of the same work as `words`."""
        return not pairs_of(core(_NO_WORK.sub(" ", self.about))).isdisjoint(pairs_of(core(_NO_WORK.sub(" ", words))))


def deadlines(text: str, year: int | None) -> Iterator[Deadline]:
    """Yield the days in a text, those without a year as of `year`; none where that is not known."""
    for found in _DAY.finditer(text) if "月" in text else ():
        day = understand(found[0], year).ends
        if day is not None:
            begin = max((mark.end() for mark in _CLAUSE.finditer(text, 0, found.start())), default=0)
            end = mark.start() if (mark := _CLAUSE.search(text, found.end())) else len(text)
            yield Deadline(found[0], day, f"{text[begin : found.start()]} {text[found.end() : end]}")
