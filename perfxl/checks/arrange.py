"""Remarks into findings, in the order in which the eye meets them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from perfxl.model.addresses import Range
from perfxl.model.finding import SEVERITIES, Finding, spoken
from perfxl.model.record import Record
from perfxl.model.remark import Remark


def arrange(
    basic: Iterable[Remark], rest: Iterable[Remark], record: Record, file: str, sheets: Sequence[str]
) -> list[Finding]:
    """Return the findings of remarks in reading order; those on no sheet come first.

    Of `basic`, a cell has the gravest alone, and an error among them silences the rules on that cell. Findings of rules
    stand beside one another, one of each code and message: there may be several slips in a paragraph.
    """
    alone: dict[tuple[str, str], Finding] = {}
    found: dict[tuple[str, str, str, str], Finding] = {}
    for remark in basic:
        finding = spoken(remark, file, remark.place or record.place(remark.path))
        key = _key(finding)
        found.setdefault(key, finding)
        at = key[:2]
        if finding.cell and (at not in alone or _GRAVITY[finding.severity] < _GRAVITY[alone[at].severity]):
            alone[at] = finding
    others = [key for key, finding in found.items() if finding.cell and finding is not alone[key[:2]]]
    silent = {at for at, finding in alone.items() if finding.severity == "error"}
    for remark in rest:
        place = remark.place or record.place(remark.path)
        if place is None or place not in silent:
            finding = spoken(remark, file, place)
            found.setdefault(_key(finding), finding)
    for key in others:
        del found[key]
    tabs = {title: number for number, title in enumerate(sheets)}

    def order(finding: Finding) -> tuple[Any, ...]:
        return tabs.get(finding.sheet, -1), _row_and_column(finding.cell), finding.code, finding.field

    return sorted(found.values(), key=order)


_GRAVITY = {severity: number for number, severity in enumerate(SEVERITIES)}


def _key(finding: Finding) -> tuple[str, str, str, str]:
    """Return the cell, or the field of a finding that has none, and what is said of it."""
    if finding.cell:
        return finding.sheet, finding.cell, finding.code, finding.message
    return "", finding.field, finding.code, finding.message


@lru_cache(maxsize=8192)
def _row_and_column(cell: str) -> tuple[int, int]:
    if not cell or not cell[0].isascii():
        # A place in a document, which has a number of its own: 第4行“指标值”.
        number = re.search(r"\d+", cell)
        return int(number[0]) if number else 0, 0
    at = Range.parse(cell)
    return at.top, at.left
