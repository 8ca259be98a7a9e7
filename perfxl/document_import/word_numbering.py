"""The automatic numbers of Word's paragraphs, as they are seen: `一、`, `（二）`, `3.`.

ECMA-376 17.9: a paragraph names a list and a level, itself or through its style; the list says how the number looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_LEVEL_SIGN = re.compile(r"%([1-9])")
_DIGITS = "〇一二三四五六七八九"
_LEVELS = 9


def _chinese(number: int) -> str:
    """Return a number below 1000 in Chinese; larger ones in digits."""
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 260 else str(number)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
                           (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):  # fmt: skip
        count, number = divmod(number, value)
        text += letters * count
    return text


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 0 < number <= 20 else str(number)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalFullWidth": lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
    "decimalZero": lambda number: f"{number:02}",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": lambda number: chr(0x2488 + number - 1) if 0 < number <= 20 else f"{number}.",
    "decimalEnclosedParen": lambda number: chr(0x2474 + number - 1) if 0 < number <= 20 else f"({number})",
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "chineseLegalSimplified": _chinese,
    "ideographDigital": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographTraditional": lambda number: "甲乙丙丁戊己庚辛壬癸"[number - 1] if 0 < number <= 10 else str(number),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}


class _Level(NamedTuple):
    start: int
    format: str
    text: str
    space: bool


class Numbering:
    """Counts the lists of a document. Paragraphs have to be asked about in their order."""

    def __init__(self, numbering: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, list[int]] = {}
        self._shared: dict[str, str] = {}
        if numbering is None:
            return
        abstract = {
            each.get(W + "abstractNumId", ""): {
                int(level.get(W + "ilvl", "0")): _level(level) for level in each.findall(W + "lvl")
            }
            for each in numbering.findall(W + "abstractNum")
        }
        for number in numbering.findall(W + "num"):
            link = number.find(W + "abstractNumId")
            shared = link.get(W + "val", "") if link is not None else ""
            levels = dict(abstract.get(shared, {}))
            own = number.findall(W + "lvlOverride")
            for override in own:
                at = int(override.get(W + "ilvl", "0"))
                redefined, start = override.find(W + "lvl"), override.find(W + "startOverride")
                if redefined is not None:
                    levels[at] = _level(redefined)
                if start is not None and at in levels:
                    levels[at] = levels[at]._replace(start=int(start.get(W + "val", "1")))
            name = number.get(W + "numId", "")
            self._levels[name] = levels
            # Lists of one definition go on counting together, unless one says where it starts.
            self._shared[name] = f"#{name}" if own else shared

    def next(self, list_id: str, level: int) -> str:
        """Return the number of the next paragraph on a level of a list; empty where it shows none, as bullets do."""
        levels = self._levels.get(list_id)
        if not levels or level not in levels:
            return ""
        counts = self._counts.setdefault(self._shared[list_id], [0] * _LEVELS)
        counts[level] = counts[level] + 1 if counts[level] else levels[level].start
        for deeper in range(level + 1, _LEVELS):
            counts[deeper] = 0
        own = levels[level]
        if own.format in ("bullet", "none"):
            return "" if own.format == "bullet" else _LEVEL_SIGN.sub("", own.text)

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shown = levels.get(at, own)
            write = _FORMATS.get(shown.format, str)
            return write(counts[at] or shown.start)

        return _LEVEL_SIGN.sub(number, own.text) + (" " if own.space else "")


def _level(level: Element) -> _Level:
    def value(name: str, default: str) -> str:
        found = level.find(W + name)
        return found.get(W + "val", default) if found is not None else default

    start = value("start", "1")
    return _Level(
        int(start) if start.isdigit() else 1,
        value("numFmt", "decimal"),
        value("lvlText", ""),
        value("suff", "tab") == "space",
    )
