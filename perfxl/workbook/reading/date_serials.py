"""Dates as Excel stores them: days since 1900 or 1904, which only the number format tells from other numbers."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from perfxl.workbook.number_formats.codes import is_span

SINCE_1900 = datetime(1899, 12, 30)  # Excel takes 1900 for a leap year, so its day 61 is 1 March
SINCE_1904 = datetime(1904, 1, 1)

_SECONDS = 86_400


def moment(days: float, number_format: str, epoch: datetime) -> datetime | time | timedelta:
    """Return the moment or the span that `days` is in a cell of this format, which is a date's.

    The same answers as openpyxl 3.1.5 gives (`utils/datetime.py`), its roundings included, but that nothing is before
    day 0. Raises `ValueError` or `OverflowError` where there is no such day, for which Excel shows `########`.
    """
    if days < 0:
        raise ValueError("a day before the first")
    if is_span(number_format):
        span = timedelta(days=days)
        if span.microseconds:
            span = timedelta(seconds=span.total_seconds() // 1, microseconds=round(span.microseconds, -3))
        return span
    day, fraction = divmod(days, 1)
    rest = timedelta(milliseconds=round(fraction * _SECONDS * 1000))
    if 0 <= days < 1 and rest.days == 0:
        return (datetime.min + rest).time()
    if 0 < days < 60 and epoch == SINCE_1900:
        day += 1
    return epoch + timedelta(days=day) + rest
