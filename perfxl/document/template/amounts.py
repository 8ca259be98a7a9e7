"""Amounts in a document: sums of a column, and 大写金额 as cheques and contracts have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from jinja2 import TemplateRuntimeError

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_MOST = Decimal(10) ** 16


def total(rows: Sequence[Mapping[str, Any]], column: str) -> str:
    """Return the sum of what a column of printed rows says, with as many decimals as the most of them has.

    Blank cells count for nothing. Raises `TemplateRuntimeError` where there is no such column, or a text in it.
    """
    found = [_number(str(row[column]), column) for row in rows if column in row and row[column] != ""]
    if rows and any(column not in row for row in rows):
        raise TemplateRuntimeError(f"合计：没有列“{column}”")
    return f"{sum(found, Decimal(0)):f}"


def in_words(amount: str) -> str:
    """Return an amount in 元 in capital numerals: 1234.50 → 壹仟贰佰叁拾肆元伍角整, as on cheques.

    Fen are rounded half up. Nothing for nothing. Raises `TemplateRuntimeError` for what is no amount below 10^16.
    """
    if amount == "":
        return ""
    number = _number(str(amount), "大写金额")
    if abs(number) >= _MOST:
        raise TemplateRuntimeError(f"大写金额：“{amount}”太大")
    fen = int((abs(number) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    yuan, jiao, fen = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    words += f"{_DIGITS[fen]}分" if fen else "整" if words else "零元整"
    return ("负" if number < 0 and words != "零元整" else "") + words


def _number(text: str, where: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").replace("，", "").removesuffix("%"))
    except InvalidOperation as fault:
        raise TemplateRuntimeError(f"{where}：“{text}”不是数") from fault
    if not number.is_finite():
        raise TemplateRuntimeError(f"{where}：“{text}”不是数")
    return number


def _whole(number: int) -> str:
    """Return a whole number in capital numerals: groups of four digits, one 零 for every gap."""
    words, gap, index = "", False, 0
    groups = []
    while number:
        number, four = divmod(number, 10_000)
        groups.append(four)
    for index in range(len(groups) - 1, -1, -1):
        four = groups[index]
        if not four:
            gap = bool(words)
            # 亿 belongs to a number above it even where its own four digits are nought.
            if index == 2 and words:
                words += "亿"
            continue
        if words and (gap or four < 1000):
            words += "零"
        words += _four(four) + _GROUPS[index]
        gap = False
    return words.replace("万亿亿", "万亿")


def _four(number: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words
