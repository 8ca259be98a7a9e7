"""Chinese numerals and names, as `[DBNum1]` and its like, and `[$-804]`, put them."""

from __future__ import annotations

import re

_DIGITS = {1: "〇一二三四五六七八九", 2: "零壹贰叁肆伍陆柒捌玖", 3: "０１２３４５６７８９"}
_STEPS = {1: ("", "十", "百", "千"), 2: ("", "拾", "佰", "仟"), 3: ("", "十", "百", "千")}
_MYRIADS = ("", "万", "亿", "万亿", "亿亿")
_NUMBER = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{1,20})(?P<decimals>\.[0-9]+)?")
_TEN = 10
_MYRIAD = 10_000

WEEKDAYS = "日一二三四五六"
MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
ENGLISH_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def spelled(text: str, numerals: int) -> str:
    """Return `text` with each digit as the numeral of its own: 2025 is 二〇二五."""
    digits = _DIGITS.get(numerals)
    return text if digits is None else "".join(digits[int(char)] if char in "0123456789" else char for char in text)


def counted(text: str, numerals: int) -> str:
    """Return a number as it is counted, decimals digit by digit: 1234.5 is 一千二百三十四.五."""
    if numerals not in _DIGITS:
        return text
    match = _NUMBER.fullmatch(text)
    if match is None:
        return spelled(text, numerals)
    return match["sign"] + _whole(int(match["whole"]), numerals) + spelled(match["decimals"] or "", numerals)


def of_calendar(number: int, width: int, numerals: int) -> str:
    """Return a month, a day, an hour, a minute or a second: 12 is 十二, and a leading zero of two places stays."""
    text = f"{number:0{width}d}"
    if number < _TEN or numerals not in (1, 2):
        return spelled(text, numerals)
    return _whole(number, numerals).removeprefix("一" if number < 2 * _TEN else "")


def _whole(number: int, numerals: int) -> str:
    digits, steps = _DIGITS[numerals], _STEPS[numerals]
    if number == 0:
        return digits[0]
    groups = []
    while number:
        number, group = divmod(number, _MYRIAD)
        groups.append(group)
    parts: list[str] = []
    owed = False  # a zero to be named before the next digit
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            owed = bool(parts)
            continue
        for step in (3, 2, 1, 0):
            digit = group // _TEN**step % _TEN
            if digit:
                parts.append((digits[0] if owed else "") + digits[digit] + steps[step])
                owed = False
            elif parts:
                owed = True
        owed = False
        parts.append(_MYRIADS[place])
    return "".join(parts)
