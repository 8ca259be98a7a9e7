"""Dates of fields of the format `date`: 2026-03-01 in the data, whatever way they were typed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_TYPED = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?")
_DAY_0 = date(1899, 12, 30)  # of Excel's dates since 1900


def iso(text: str) -> str | None:
    """Return `2026-03-01` for a date as people type it (2026年3月1日, 2026/3/1, 2026.3.1), None for anything else."""
    found = _TYPED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def serial(text: str) -> int | str:
    """Return a date as Excel stores it, or the text where it is none."""
    found = iso(text)
    return (date.fromisoformat(found) - _DAY_0).days if found else text


def printed(text: str) -> str:
    """Return `2026年3月1日` for a date, and any other text as it is."""
    found = iso(text)
    if found is None:
        return text
    day = date.fromisoformat(found)
    return f"{day.year}年{day.month}月{day.day}日"
