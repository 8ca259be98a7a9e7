"""Dates, times and spans of time, as a section of a number format puts them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from perfxl.workbook.number_formats.codes import Section
from perfxl.workbook.number_formats.numerals import (
    ENGLISH_MONTHS,
    ENGLISH_WEEKDAYS,
    MONTHS,
    WEEKDAYS,
    of_calendar,
    spelled,
)

Moment = datetime | date | time | timedelta

_DAY = 86_400_000  # milliseconds
_HOUR, _MINUTE, _SECOND = 3_600_000, 60_000, 1_000
_BEFORE_FIRST = date(1899, 12, 30)  # Excel takes 1900 for a leap year; from its day 61 on this is day 0
_LEAP_DAY = 60
_LAST = 2_958_465  # 31 December 9999
_NOON = 12
_BUDDHIST = 543


class _Clock(NamedTuple):
    """A moment as its section needs it: day, month and year, the day of the week from Sunday on, milliseconds."""

    year: int
    month: int
    day: int
    weekday: int
    rest: int
    total: int


def serial(moment: Moment) -> float:
    """Return the days since 1900 by which Excel knows a moment, or the days of a span."""
    if isinstance(moment, timedelta):
        return moment / timedelta(days=1)
    if isinstance(moment, time):
        return (((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1000 + moment.microsecond / 1000) / _DAY
    day = moment.date() if isinstance(moment, datetime) else moment
    days = (day - _BEFORE_FIRST).days
    days -= days <= _LEAP_DAY
    return days + (serial(moment.time()) if isinstance(moment, datetime) else 0)


def dated(days: float, section: Section) -> str | None:
    """Return what a section that is a date's makes of a number of days, or None where there is no such day.

    Seconds are rounded as far as the section shows them, and all that is larger is cut off, as in Excel: 10:59:59.6 is
    11:00 in hours and minutes.
    """
    if not 0 <= days <= _LAST + 1:
        return None
    clock = _clock(days, section)
    if clock is None:
        return None
    names = _Names(section, clock)
    return "".join(names.text(kind, text) for kind, text in section.tokens)


@lru_cache(maxsize=256)
def _resolution(section: Section) -> int:
    """Return the milliseconds to which a section rounds; 0 where it shows no time."""
    kinds = [(kind, text) for kind, text in section.tokens if kind in ("date", "elapsed", "fraction of a second")]
    places = max((len(text) for kind, text in kinds if kind == "fraction of a second"), default=0)
    timed = any(kind == "elapsed" or text[0] in "hns" for kind, text in kinds)
    return int(10 ** max(0, 3 - places)) if timed else 0


def _clock(days: float, section: Section) -> _Clock | None:
    total = round(days * _DAY)
    if resolution := _resolution(section):
        total = (total + resolution // 2) // resolution * resolution
    whole, rest = divmod(total, _DAY)
    if whole > _LAST:
        return None
    if whole == _LEAP_DAY:
        return _Clock(1900, 2, 29, 3, rest, total)
    if whole == 0:
        return _Clock(1900, 1, 0, 6, rest, total)
    day = _BEFORE_FIRST + timedelta(days=whole + (whole < _LEAP_DAY))
    # Because of the leap day that was none, Excel's weekdays before it are one too early.
    weekday = (day.isoweekday() - (whole < _LEAP_DAY)) % 7
    return _Clock(day.year, day.month, day.day, weekday, rest, total)


class _Names:
    """Says each token of a section for one moment."""

    def __init__(self, section: Section, clock: _Clock) -> None:
        self._section = section
        self._clock = clock
        self._of_twelve = any(token.kind == "noon" for token in section.tokens)

    def text(self, kind: str, text: str) -> str:
        if kind == "date":
            return self._of_date(text)
        if kind == "elapsed":
            unit = {"h": _HOUR, "m": _MINUTE, "s": _SECOND}[text[0]]
            return spelled(f"{self._clock.total // unit:0{len(text)}d}", self._section.numerals)
        if kind == "fraction of a second":
            return "." + f"{self._clock.rest % _SECOND:03d}".ljust(len(text), "0")[: len(text)]
        if kind == "noon":
            return self._noon(text)
        return "" if kind == "pad" else text

    def _of_date(self, text: str) -> str:
        clock, width = self._clock, len(text)
        first = text[0]
        if first == "y" or first == "e":
            return spelled(
                f"{clock.year:04d}" if width > 2 or first == "e" else f"{clock.year % 100:02d}", self._numerals
            )
        if first == "b":
            return spelled(str(clock.year + _BUDDHIST)[-4 if width > 2 else -2 :], self._numerals)
        if first == "m":
            return self._number(clock.month, width) if width <= 2 else self._month(width)
        if first == "d":
            return self._number(clock.day, width) if width <= 2 else self._weekday(width)
        if first == "a":
            return ("星期" if width > 3 else "") + WEEKDAYS[clock.weekday]
        if first == "h":
            hour = clock.rest // _HOUR
            return self._number((hour + 11) % _NOON + 1 if self._of_twelve else hour, width)
        if first == "n":
            return self._number(clock.rest // _MINUTE % 60, width)
        if first == "s":
            return self._number(clock.rest // _SECOND % 60, width)
        return ""  # an era, of which the common calendar has none

    @property
    def _numerals(self) -> int:
        return self._section.numerals

    def _number(self, number: int, width: int) -> str:
        return of_calendar(number, min(width, 2), self._numerals)

    def _month(self, width: int) -> str:
        number = self._clock.month
        if self._section.is_chinese:
            name = MONTHS[number - 1]
            return f"{number}月" if width == 3 else name[:1] if width == 5 else name + "月"
        name = ENGLISH_MONTHS[number - 1]
        return name[:3] if width == 3 else name[:1] if width == 5 else name

    def _weekday(self, width: int) -> str:
        number = self._clock.weekday
        if self._section.is_chinese:
            return ("周" if width == 3 else "星期") + WEEKDAYS[number]
        name = ENGLISH_WEEKDAYS[number]
        return name[:3] if width == 3 else name

    def _noon(self, text: str) -> str:
        late = self._clock.rest >= _NOON * _HOUR
        if text == "上午/下午" or (self._section.is_chinese and len(text) > 3):
            return "下午" if late else "上午"
        before, _, after = (text if len(text) == len("A/P") else text.upper()).partition("/")
        return after if late else before
