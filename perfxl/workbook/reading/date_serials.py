"""Dates as Excel stores them: days since 1900 or 1904, which only the number format tells from other numbers.

The same answers as openpyxl 3.1.5 gives (`styles/numbers.py`, `utils/datetime.py`), its roundings included, without the
100 ms that it takes to import; the tests compare the two.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from functools import lru_cache

SINCE_1900 = datetime(1899, 12, 30)  # Excel takes 1900 for a leap year, so its day 61 is 1 March
SINCE_1904 = datetime(1904, 1, 1)

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)',
    42: r'_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)',
    43: r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)',
    44: r'_("$"* #,##0.00_)_("$"* \(#,##0.00\)_("$"* "-"??_)_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}

_LITERAL = re.compile(r'".*?"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]')
_DATE = re.compile(r"(?<![_\\])[dmhysDMHYS]")
_DURATION = re.compile(r"(?i)\[hh?\](:mm(:ss(\.0*)?)?)?|\[mm?\](:ss(\.0*)?)?|\[ss?\](\.0*)?")
_SECONDS = 86_400


@lru_cache(maxsize=1024)
def is_date(number_format: str) -> bool:
    """Whether numbers of this format are shown as dates, times or durations."""
    return _DATE.search(_LITERAL.sub("", number_format.split(";")[0])) is not None


def moment(days: float, number_format: str, epoch: datetime) -> datetime | time | timedelta:
    """Return the moment or the span that `days` is in a cell of this format, which is a date's.

    Raises `ValueError` or `OverflowError` where there is no such day.
    """
    if _DURATION.search(number_format.split(";")[0]):
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
