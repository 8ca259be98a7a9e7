"""Remarks into findings, in the order in which the eye meets them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from perfxl.model.addresses import Range
from perfxl.model.finding import SEVERITIES, Finding, catalogue, spoken
from perfxl.model.record import Place, Record
from perfxl.model.remark import Remark

MOST_OF_A_KIND = 200  # findings; as many as the form's own sheet of findings has rows


def arrange(
    basic: Iterable[Remark], rest: Iterable[Remark], record: Record, file: str, sheets: Sequence[str]
) -> list[Finding]:
    """Return the findings of remarks in reading order; those on no sheet come first.

    Of `basic`, a cell has the gravest alone, and an error among them silences the rules on that cell. Findings of rules
    stand beside one another, one of each code and message: there may be several slips in a paragraph. Of very many of
    a kind the first are returned, and one that says how many there are.
    """
    tabs = {title: number for number, title in enumerate(sheets)}
    basic, told = _first_of_each_kind(list(basic), record, tabs)
    rest, told_of_rules = _first_of_each_kind(list(rest), record, tabs)
    alone: dict[tuple[str, str], Finding] = {}
    found: dict[tuple[str, str, str, str], Finding] = {}
    for remark in (*told, *told_of_rules, *basic):
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

    def order(finding: Finding) -> tuple[Any, ...]:
        return tabs.get(finding.sheet, -1), _row_and_column(finding.cell), finding.code, finding.field

    return sorted(found.values(), key=order)


def _first_of_each_kind(
    remarks: list[Remark], record: Record, tabs: Mapping[str, int]
) -> tuple[list[Remark], list[Remark]]:
    """Return the remarks without those that nobody would read: of a kind the first ones, and a remark on how many.

    A kind is what has the same code and is equally grave. A table that was pasted beside the form is ten thousand of
    one, and the buttons would write each into a sheet.
    """
    kinds = Counter((remark.code, remark.severity) for remark in remarks)
    many = [kind for kind, number in kinds.items() if number > MOST_OF_A_KIND]  # in their order, not in a set's
    if not many:
        return remarks, []
    places = [(remark, remark.place or record.place(remark.path)) for remark in remarks]
    left, told = [remark for remark in remarks if (remark.code, remark.severity) not in many], []
    for code, severity in many:
        of_kind = [(remark, place) for remark, place in places if (remark.code, remark.severity) == (code, severity)]
        of_kind.sort(key=lambda each: _where(each[1], tabs))
        left += [remark for remark, _ in of_kind[:MOST_OF_A_KIND]]
        entry = catalogue()[code]
        words = {"title": entry.title, "code": code, "number": len(of_kind), "shown": MOST_OF_A_KIND}
        told.append(Remark("V30", (), words, severity=severity or entry.severity))
    return left, told


def _where(place: Place | None, tabs: Mapping[str, int]) -> tuple[int, tuple[int, int]]:
    return (-1, (0, 0)) if place is None else (tabs.get(place.sheet, -1), _row_and_column(place.cell))


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
