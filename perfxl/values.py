"""Understands what stands in a cell, by what its field asks for.

Prose is never changed. A number may come as a number, as text, in full-width digits or in percent; a code may have
been split by blanks; a date may be a serial number with a date format. What is read otherwise than it stands in the
cell leaves a trace.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from perfxl.catalog import Field
from perfxl.workbook.cells import Cell, Content

_EXACT_DIGITS = 15  # Excel keeps no more of a number
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_PERCENT_SIGNS = ("%", "％", "百分之")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass(frozen=True, slots=True)
class Understood:
    """A value, and where it was read otherwise than it stands in the cell, what stands there."""

    value: Any
    raw: str | None = None


def understand(cell: Cell, field: Field) -> Understood | None:
    """Return the value of `cell` for `field`, or None where the cell holds nothing but blanks.

    Numbers are `Decimal` (in the unit of the field; percent as 25 for 25 %), whole numbers `int`, all else `str`.
    Text that is no number in a number's field stays text, for the checks to name.
    """
    content = cell.value
    if content is None or (isinstance(content, str) and not content.strip()):
        return None
    if field.format == "percent":
        return _countable(_percent(content, cell.number_format))
    if field.types == ("integer",):
        return _countable(_integer(content))
    if field.types == ("number",):
        return _countable(_number(content))
    if "number" in field.types and isinstance(content, (int, float)) and not isinstance(content, bool):
        if _is_percent(cell.number_format):
            return Understood(f"{_whole(_decimal(content) * 100):f}%", displayed(content))
        return Understood(_decimal(content))
    return _text(content, field)


def displayed(content: Content) -> str:
    """Return a cell's content as people would write it: no exponent, dates in Chinese."""
    if isinstance(content, bool):
        return "TRUE" if content else "FALSE"
    if isinstance(content, (int, float)):
        return f"{_decimal(content):f}"
    if isinstance(content, (datetime, date)):
        return f"{content.year}年{content.month}月{content.day}日"
    if isinstance(content, (time, timedelta)):
        return str(content)
    return content


def number_in(text: str) -> Decimal | None:
    """Return the number that `text` is, whatever the width of its digits, or None where it is anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return Decimal(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else None


def _decimal(content: float) -> Decimal:
    # Through repr, so that 0.29 typed in Excel is 0.29 here; 40.0 and 40 are one number.
    number = Decimal(repr(content))
    return (
        number.quantize(Decimal(1))
        if number == number.to_integral_value() and abs(number) < 10**_EXACT_DIGITS
        else number
    )


def _is_percent(number_format: str) -> bool:
    return "%" in _QUOTED.sub("", number_format)


def _countable(understood: Understood) -> Understood:
    """Return what was understood, but a number that no cell holds exactly as text: nobody means it, nothing adds it."""
    value = understood.value
    return Understood(f"{value:f}") if isinstance(value, Decimal) and abs(value) >= 10**_EXACT_DIGITS else understood


def _number(content: Content) -> Understood:
    if isinstance(content, (int, float)) and not isinstance(content, bool):
        return Understood(_decimal(content))
    text = displayed(content)
    number = number_in(text)
    return Understood(text) if number is None else Understood(number, text)


def _integer(content: Content) -> Understood:
    if isinstance(content, str):
        content = content.strip().removesuffix("年")
    found = _number(content)
    if isinstance(found.value, Decimal) and found.value == found.value.to_integral_value():
        return Understood(int(found.value), found.raw)
    return found


def _percent(content: Content, number_format: str) -> Understood:
    """Return percent by the number format first, then by magnitude.

    0.25 in a percent cell is 25 %; 25 in a plain cell is 25 %, and so is 0.25, with a trace. Text needs its percent
    sign or a number above 1: whether `1.00` means 1 % or 100 % cannot be known, so it stays text.
    """
    if isinstance(content, (int, float)) and not isinstance(content, bool):
        number = _decimal(content)
        if _is_percent(number_format):
            return Understood(_whole(number * 100))
        if 0 < number <= 1:
            return Understood(_whole(number * 100), f"{number:f}")
        return Understood(number)
    text = displayed(content)
    plain = unicodedata.normalize("NFKC", text).strip()
    signed = plain.endswith("%") or plain.startswith("百分之")
    number_or_none = number_in(plain.removeprefix("百分之").removesuffix("%"))
    if number_or_none is None or (not signed and 0 < number_or_none <= 1):
        return Understood(text)
    return Understood(_whole(number_or_none), text)


def _whole(number: Decimal) -> Decimal:
    # 0.07 * 100 leaves trailing zeros and Excel's own rounding leaves a tail: 0.28999999999999998 is 29 %.
    if abs(number) >= 10**_EXACT_DIGITS:
        return number  # beyond what a cell holds exactly, and what the decimal context can round
    rounded = number.quantize(Decimal("1e-10"))
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()


def _text(content: Content, field: Field) -> Understood:
    text = displayed(content)
    raw = None if isinstance(content, str) else text
    if field.format == "code":
        joined = "".join(unicodedata.normalize("NFKC", text).split())
        return Understood(joined, text if joined != text or raw else None)
    if "enum" in field.schema:
        plain = unicodedata.normalize("NFKC", text).strip()
        return Understood(plain, text) if plain != text and plain in field.schema["enum"] else Understood(text)
    return Understood(text, raw if isinstance(content, (date, time, timedelta, bool)) else None)
