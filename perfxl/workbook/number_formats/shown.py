"""What a cell shows, of its content and the code of its number format."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite

from perfxl.workbook.number_formats import numbers
from perfxl.workbook.number_formats.codes import Section, sections
from perfxl.workbook.number_formats.dates import dated, serial

Content = str | int | float | bool | datetime | date | time | timedelta

UNSHOWN = "########"
"""What stands in a cell whose number its format cannot show, such as a date before 1900."""

_AS_IT_IS = frozenset(("General", "@", "G/通用格式"))
_ALL_SECTIONS = 4


def shown(content: Content, code: str) -> str:
    """Return the characters that a cell shows which holds `content` in the number format `code`.

    Nothing of it depends on the width of the column. Blanks that only align, and colours, are no characters.
    """
    if isinstance(content, str):
        return content if code in _AS_IT_IS else _text(content, code)
    if isinstance(content, bool):
        return "TRUE" if content else "FALSE"
    if isinstance(content, (int, float)):
        return _number(content, code)
    return _moment(content, code)


@lru_cache(maxsize=1024)
def shows_text_as_it_is(code: str) -> bool:
    """Whether a cell of this format shows the very text that it holds."""
    return code in _AS_IT_IS or _of_text(code) is None


def _text(content: str, code: str) -> str:
    section = _of_text(code)
    if section is None:
        return content
    return "".join(content if token.kind == "text" else token.text for token in section.tokens if token.kind != "pad")


@lru_cache(maxsize=1024)
def _of_text(code: str) -> Section | None:
    """Return the section that texts have of their own, None where they are shown as they are."""
    found = sections(code)
    last = found[-1]
    if len(found) < _ALL_SECTIONS and last.shape != "text":
        return None
    return None if [token.kind for token in last.tokens if token.kind != "pad"] == ["text"] else last


@lru_cache(maxsize=4096)
def _number(content: float, code: str) -> str:
    if not isfinite(content):
        return UNSHOWN  # 1e999 in a file is no number that Excel knows
    number = numbers.exact(content)
    if code in _AS_IT_IS:
        return numbers.general(number)
    section, minus = _section(number, code)
    if section is None:
        return UNSHOWN
    if section.shape == "text":
        return numbers.general(number)
    if section.shape == "date":
        text = dated(float(number), section)
        return UNSHOWN if text is None else text
    return numbers.numbered(number, section, minus=minus)


def _moment(content: datetime | date | time | timedelta, code: str) -> str:
    days = serial(content)
    section, _ = _section(Decimal(repr(days)), code)
    if section is None:
        return UNSHOWN
    if section.shape != "date":
        # A date in the file that is no number (`t="d"`), in a cell that has no format for dates.
        section = sections("yyyy/m/d h:mm" if days % 1 else "yyyy/m/d")[0]
    text = dated(days, section)
    return UNSHOWN if text is None else text


def _section(number: Decimal, code: str) -> tuple[Section | None, bool]:
    """Return the section in which a number belongs, and whether a minus is put before a negative one there.

    ECMA-376 part 1, 18.8.31: positive; negative; zero; text. Conditions of the sections' own go before that. A last
    section with `@` is for texts alone. Where no condition holds there is no section.
    """
    found = sections(code)
    if len(found) == _ALL_SECTIONS or (len(found) > 1 and found[-1].shape == "text"):
        found = found[:-1]
    conditions = [section.condition for section in found]
    if not any(conditions):
        if len(found) == 1:
            return found[0], True
        if number < 0:
            return found[1], False
        return found[2 if not number and len(found) > 2 else 0], True
    for section in found[:2]:
        condition = section.condition
        if condition is not None and condition.holds(number):
            return section, not condition.only_negative
    free = [section for section in found if section.condition is None]
    if not free:
        return None, True
    if conditions[0] is None:  # positive numbers; the second section has a condition
        return (free[0], True) if number > 0 or len(free) == 1 else (free[-1], True)
    if len(free) > 1 and number >= 0:
        return free[-1], True
    return free[0], len(free) == 1
