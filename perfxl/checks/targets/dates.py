"""Days, months and periods as they stand in a target: 2025年12月31日, 9月前, 2023.07-2024.01, 第四季度."""

from __future__ import annotations

import re
from datetime import date, timedelta

from perfxl.checks.targets.quantities import numeral

_YEAR = r"(?P<year>(?:19|20)[0-9][0-9])"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_DAY = r"(?P<day>3[01]|[12][0-9]|0?[1-9])"
_PART = r"(?P<part>上旬|中旬|下旬|月?底|月?末|初|份)"
_QUARTER = r"第?(?P<quarter>[1-4])季度?(?:末|底)?"
_HALF = r"(?P<half>[上下])半年"
_WHOLE = r"(?P<whole>年底|年末|年内|年终|年初|年中)"
_NAMED_YEAR = r"(?:当年|本年度?|今年|全年)"
_POINTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}年(?:度?{_MONTH}月(?:{_DAY}[日号]?|{_PART})?|度?{_QUARTER}|度?{_HALF}|(?P<whole>底|末|内|终|初|中)|全年|度)?",
        rf"{_YEAR}([./-]){_MONTH}\2{_DAY}(?:日| ?0{{1,2}}:00(?::00)?)?(?![0-9.%])",
        rf"{_YEAR}[./-](?P<month>1[0-2]|0[1-9])月?(?![0-9.%])",
        r"(?P<year>20[0-9][0-9])(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9])",
        rf"{_NAMED_YEAR}?{_MONTH}月(?:{_DAY}[日号]?|{_PART})?(?![0-9])",
        rf"{_NAMED_YEAR}?{_QUARTER}",
        rf"{_NAMED_YEAR}?{_HALF}",
        rf"(?:当|本)?{_WHOLE}|{_NAMED_YEAR}",
    )
)
# What every date has one of; most targets have none, and one search says so.
_MAY_BE_DATE = re.compile("[年月季]|[〇零一二三四五六七八九十][日号]|(?:19|20)[0-9]{2}[./~—–−至到-]|20[0-9]{6}")
# What Excel's own formats of dates show in Chinese settings as well: Dec-25, 31-Dec, 31-Dec-25.
_ENGLISH_MONTH = re.compile("[A-Za-z]{3}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    rf"(?i)(?<![0-9A-Za-z-])(?:(?P<day>3[01]|[12][0-9]|0?[1-9])-)?(?P<month>{'|'.join(_MONTHS)})"
    r"(?:-(?P<year>(?:20)?[0-9]{2}))?(?![0-9A-Za-z-])"
)
_NUMERALS = re.compile(r"[〇零一二三四五六七八九十]{1,4}(?=[年月日号]|季度)")
_BETWEEN = re.compile(r"至|到|[-~—–−]+")
_FIRST = frozenset("0123456789第上下年当本今全")
_LEAD = re.compile(r"(?:截至|截止到?|于|在|自|从)")
# After a date there may be 前, 底前完成 …, but a number is something else again (2025年12月31日前完成3次).
_TAIL = re.compile(r"\D{0,14}")
_AFTER_BARE_YEAR = re.compile(r"(?:之?前|以前|底前|内|完成|之内|以内|止|为止|期间|全年|度|执行完毕)*")
_LEADING_YEAR = re.compile(_YEAR + r"(?:年|[./-]|$)")
_BARE_YEAR = re.compile(r"20[0-9][0-9]")
_LEADING_DAY = re.compile(_DAY + "[日号]")
_ANY_MONTH = re.compile(_MONTH + "月")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_EPOCH = date(1899, 12, 30)


class Dates:
    """The first and last day meant (None where the year is not known), whether it is a from–to, and what is left."""

    __slots__ = ("ends", "period", "rest", "starts")

    def __init__(self, starts: date | None, ends: date | None, period: bool, rest: str) -> None:
        self.starts = starts
        self.ends = ends
        self.period = period
        self.rest = rest


def dates_in(text: str, year: int | None = None) -> Dates | None:
    """Return the day or period that `text` (without blanks) is about, or None where it is not about one.

    `year` is taken where none is typed (9月前). A date may be followed by a few words, not by another number.
    """
    if _ENGLISH_MONTH.search(text):
        text = _ENGLISH.sub(_in_chinese, text)
    if not _MAY_BE_DATE.search(text):
        return None
    if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR:
        year = None  # typed by mistake, and told as one where it stands
    text = _NUMERALS.sub(lambda found: str(numeral(found[0]) or found[0]), text)
    text = text[found.end() :] if (found := _LEAD.match(text)) else text
    if text[:1] not in _FIRST:
        return None
    return _period(text, year) or _single(text, year)


def _in_chinese(found: re.Match[str]) -> str:
    day, month, year = found["day"], _MONTHS.index(found["month"].lower()) + 1, found["year"]
    if not day and not year:
        return found[0]
    return (f"20{year[-2:]}年" if year else "") + f"{month}月" + (f"{int(day)}日" if day else "")


def of_serial(number: int) -> date:
    """Return the day behind an Excel date serial (44561 → 2021-12-31), for serials after February 1900."""
    return _EPOCH + timedelta(days=number)


def _single(text: str, year: int | None) -> Dates | None:
    for pattern in _POINTS:
        if match := pattern.match(text):
            rest = text[match.end() :]
            bare = match[0].rstrip("年").replace(".", "", 1).isdigit()  # 1926.01人 is a number
            if (_AFTER_BARE_YEAR if bare else _TAIL).fullmatch(rest):
                days = _days(match, year)
                return Dates(days[0], days[1], False, rest) if days else None
    return None


def _period(text: str, year: int | None) -> Dates | None:
    for between in _BETWEEN.finditer(text):
        left, right = text[: between.start()], text[between.end() :]
        last = _second(left, right, year)
        if last is None:
            continue
        suffix = next((char for char in right if char in "年月日号"), "年")
        first = _single(left, year) or (_single(left + suffix, year) if left[-1:].isdigit() else None)
        if first is None or first.rest:
            continue
        if first.starts and last.ends and first.starts > last.ends:
            continue
        return Dates(first.starts, last.ends, True, last.rest)
    return None


def _second(left: str, right: str, year: int | None) -> Dates | None:
    # The second date of a period leaves out what the first has said: 2025年1月1日至12月31日, 6月1日-30日, 2021-2025.
    if match := _LEADING_YEAR.match(left):
        year = int(match["year"])
    if _BARE_YEAR.fullmatch(left) and _BARE_YEAR.fullmatch(right):
        return _single(right + "年", year)
    if _LEADING_DAY.match(right) and (month := _ANY_MONTH.search(left)):
        right = month[0] + right
    return _single(right, year)


def _days(found: re.Match[str], year: int | None) -> tuple[date | None, date | None] | None:
    """Return the first and last day of a match, (None, None) without a year, None for a day that does not exist."""
    named = found.groupdict()
    year = int(named["year"]) if named.get("year") else year
    first, last = 1, 12
    if named.get("quarter"):
        first = int(named["quarter"]) * 3 - 2
        last = first + 2
    elif named.get("half"):
        first, last = (1, 6) if named["half"] == "上" else (7, 12)
    elif named.get("month"):
        first = last = int(named["month"])
    day = int(named["day"]) if named.get("day") else None
    if day is not None and day > _last_day(year or 2024, first):
        return None
    if year is None:
        return None, None
    return date(year, first, day or 1), date(year, last, day or _last_day(year, last))


def _last_day(year: int, month: int) -> int:
    # The calendar module says so, too, but loads all about locales with it.
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
