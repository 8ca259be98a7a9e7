"""Cells that do not show what was typed: dates that Excel made of numbers, exponents, hidden contents."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from perfxl.extraction.cell_values import displayed, is_shortened
from perfxl.model.record import DateGuess
from perfxl.report_type.model import Field
from perfxl.workbook.cells import Cell
from perfxl.workbook.number_formats.codes import is_date, sections
from perfxl.workbook.number_formats.dates import serial
from perfxl.workbook.number_formats.shown import UNSHOWN, shown

_FIRST_YEAR = 1930  # which Excel supposes for 30 where nobody says the century
_NUMERIC = frozenset(("number", "integer"))


def is_unshown(cell: Cell, field: Field) -> bool:
    """Whether a cell shows nothing but `####`, because its format cannot show its number, which a text needs."""
    if cell.kind == "error":
        return cell.value == UNSHOWN and is_date(cell.number_format)
    if cell.value is None or isinstance(cell.value, str) or "string" not in field.types:
        return False
    return shown(cell.value, cell.number_format) == UNSHOWN


def date_guess(cell: Cell) -> DateGuess | None:
    """Return what a date in a cell shows, what it is, and what may have been typed (3-6); None where it is no date."""
    content = cell.value
    if not isinstance(content, (date, time, timedelta)):
        return None
    text = shown(content, cell.number_format)
    if isinstance(content, timedelta):
        return DateGuess(text, f"时间{text}", text)
    if isinstance(content, time):
        seconds = f":{content.second:02d}" if content.second else ""
        return DateGuess(text, f"时间{text}", f"{content.hour}:{content.minute:02d}{seconds}")
    day = f"{content.year}年{content.month}月{content.day}日"
    parts = {token.text[0] for token in sections(cell.number_format)[0].tokens if token.kind == "date"}
    year = content.year if parts & {"y", "e"} else None
    typed = [str(part) for part in (year, content.month, content.day if "d" in parts else None) if part is not None]
    if isinstance(content, datetime) and content.time() != time():
        day += f"{content.hour}时{content.minute}分"
    if content.year < _FIRST_YEAR:
        return DateGuess(text, day, f"{serial(content):.15g}")  # a number, in a cell that has a date's format
    return DateGuess(text, day, "-".join(typed) if len(typed) > 1 else text)


def doubt(cell: Cell, field: Field, value: Any) -> tuple[str, dict[str, Any]] | None:
    """Return code and words of what makes the `value` of a cell doubtful, or None.

    V10: a date where a number belongs. V11: a long number that shows with an exponent. V12: a content that the format
    of the cell hides, of which `value` is None.
    """
    words: dict[str, Any] = {"label": field.label}
    if value is None:
        if cell.value in (None, 0) or (isinstance(cell.value, str) and not cell.value.strip()):
            return None
        return "V12", {**words, "value": shown(cell.value or "", "General")}
    if _NUMERIC.issuperset(field.types):
        guess = date_guess(cell) if isinstance(value, str) else None
        return None if guess is None else ("V10", {**words, **guess._asdict()})
    if field.types == ("string",) and field.format != "code" and is_shortened(cell):
        return "V11", {**words, "value": value, "digits": displayed(cell)}
    return None
