"""Understands what stands in a cell, by what its field asks for.

Prose is never changed. A number may come as a number, as text, in full-width digits or in percent; a code may have
been split by blanks; a date may be a serial number with a date format. What is read otherwise than it stands in the
cell leaves a trace.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from perfxl.report_type.model import Field
from perfxl.workbook.cells import Cell, Content

Reader = Callable[[Cell], Any]
"""Gives the value of a cell that holds one of the most common contents, and None for every other."""

_EXACT_DIGITS = 15  # Excel keeps no more of a number
_LIMIT = 10**_EXACT_DIGITS
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_PERCENT_SIGNS = ("%", "％", "百分之")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class Understood(NamedTuple):
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


def reader(field: Field) -> Reader:
    """Return what reads the cells of `field` that say what they mean, as `understand` would, but ten times as fast.

    The value that it gives leaves no trace and has no characters that cannot be printed. It does not look at how the
    cell came by its content.
    """
    if field.format == "percent":
        return _read_percent
    if field.types == ("integer",):
        return _read_integer
    if field.types == ("number",):
        return _read_number
    if field.format == "code":
        return _read_code
    if "enum" in field.schema:
        # Which of the choices would be understood as another one is found out once.
        settled = frozenset(
            choice
            for choice in field.schema["enum"]
            if isinstance(choice, str) and choice.isprintable() and understand(Cell(choice), field) == (choice, None)
        )
        return lambda cell: cell.value if cell.value in settled else None
    return _read_target if "number" in field.types else _read_text


def _read_text(cell: Cell) -> str | None:
    content = cell.value
    return content if type(content) is str and content.isprintable() and content.strip() else None


def _read_code(cell: Cell) -> str | None:
    content = cell.value
    return content if type(content) is str and content.isascii() and content.isalnum() else None


def _read_integer(cell: Cell) -> int | None:
    content = cell.value
    return content if type(content) is int and -_LIMIT < content < _LIMIT else None


def _read_number(cell: Cell) -> Decimal | None:
    content = cell.value
    if type(content) is int:
        return Decimal(content) if -_LIMIT < content < _LIMIT else None
    if type(content) is float and -_LIMIT < content < _LIMIT:
        return None if content.is_integer() else Decimal(repr(content))
    return None


def _read_percent(cell: Cell) -> Decimal | None:
    content = cell.value
    # 0.0 is left out, as -0.0 would be the same to the cache.
    if (type(content) is int or (type(content) is float and content)) and _is_percent(cell.number_format):
        return _hundredfold(content) if -_LIMIT < content * 100 < _LIMIT else None
    return None


def _read_target(cell: Cell) -> Decimal | str | None:
    if type(cell.value) is str:
        return _read_text(cell)
    return None if _is_percent(cell.number_format) else _read_number(cell)


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


@lru_cache(maxsize=1024)
def _hundredfold(content: float) -> Decimal:
    return _whole(_decimal(content) * 100)


@lru_cache(maxsize=1024)
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
