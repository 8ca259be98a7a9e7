"""What the name of an indicator says of its target: which way it points, and in what kind of unit it is.

The tables are data (`indicator_names.json`), each with its reason. A name that none of them knows says nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_BEFORE_UNIT = re.compile("^[十百千]?[万亿]+(?=.)")


@cache
def _tables() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((Path(__file__).parent / "indicator_names.json").read_text("utf-8"))
    return found


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True)) or "(?!)"


@cache
def _patterns(table: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of the words of a table, with their endings where it has some, and that of its exceptions."""
    found = _tables()[table]
    endings = f"(?:{_any(found['endings'])})?" if "endings" in found else ""
    return re.compile(f"(?:{_any(found['words'])}){endings}"), re.compile(_any(found["unless"]["words"]))


@cache
def _at_end(table: str) -> re.Pattern[str]:
    return re.compile(f"(?:{_patterns(table)[0].pattern})$")


@lru_cache(maxsize=4096)
def ends_as(table: str, name: str) -> bool:
    """Return whether a bare name ends with a word of a table and holds none of the exceptions before it."""
    match = _at_end(table).search(name)
    return match is not None and not _patterns(table)[1].search(name)


@lru_cache(maxsize=4096)
def speaks_of(table: str, name: str) -> bool:
    """Return whether a bare name holds a word of a table and none of the exceptions."""
    words, unless = _patterns(table)
    return words.search(name) is not None and not unless.search(name)


@cache
def _kinds() -> Mapping[str, str]:
    return {unit: kind for kind, units in _tables()["units"].items() if kind != "reason" for unit in units}


@lru_cache(maxsize=1024)
def unit_kind(unit: str) -> str:
    """Return what a unit measures: share, people, times, money, time, area, length, volume, mass, or things; or ''.

    万 before it is left aside, and what follows a slash.
    """
    plain = unit.replace("每", "/").partition("/")[0].strip()
    plain = plain if plain in _kinds() else _BEFORE_UNIT.sub("", plain)
    return _kinds().get(plain, "things") if plain else ""


@lru_cache(maxsize=4096)
def asked_kind(name: str) -> str:
    """Return in what kind of unit a bare name is measured, by its end: share, people, area, length or time; or ''."""
    for kind in ("share", "people", "area", "length", "time"):
        if ends_as(f"{kind}_names", name):
            return kind
    return ""
