"""Checks: record → findings. A rule is a function that yields remarks; a family is a module with `RULES`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from perfxl.addresses import Range
from perfxl.catalog import ReportType
from perfxl.checks import identity, indicators, money, schema
from perfxl.checks.finding import Finding, spoken
from perfxl.profile import Profile
from perfxl.record import Place, Record
from perfxl.remark import Remark

Rule = Callable[[Record, Profile], Iterator[Remark]]

FAMILIES: dict[str, tuple[Rule, ...]] = {
    "identity": identity.RULES,
    "money": money.RULES,
    "indicators": indicators.RULES,
}

_SEVERITIES = ("error", "warning", "info")


def check(
    record: Record,
    report_type: ReportType,
    profile: Profile,
    *,
    reading: Iterable[Remark] = (),
    file: str = "",
    sheets: Sequence[str] = (),
) -> list[Finding]:
    """Return every finding on `record`, in the order the eye meets them: by sheet, row and column.

    A cell has one finding, the most basic: what kept it from being read (`reading`), then what the schema refuses,
    then the rules of the type; errors before warnings. `sheets` are the titles in the order of their tabs.
    """
    rules = [rule for family in report_type.rules for rule in FAMILIES[family]]
    remarks = [remark for rule in rules for remark in rule(record, profile)]
    # Where a rule says the same of a value as the schema, the rule says it better.
    told = {(remark.code, remark.path) for remark in remarks}
    refused = (remark for remark in schema.failures(record, report_type) if (remark.code, remark.path) not in told)
    return arrange([*reading, *refused, *remarks], record, file, sheets)


def arrange(remarks: Iterable[Remark], record: Record, file: str, sheets: Sequence[str]) -> list[Finding]:
    """Return the findings of `remarks`, one a cell, in reading order; those on no sheet come first."""
    chosen: dict[object, tuple[tuple[int, int], Finding]] = {}
    for stage, remark in enumerate(remarks):
        place = remark.place or record.place(remark.path)
        finding = spoken(remark, file, place)
        rank = (_SEVERITIES.index(finding.severity), stage)
        key = (place.sheet, place.cell) if place and place.cell else (finding.code, finding.message, finding.field)
        if key not in chosen or rank < chosen[key][0]:
            chosen[key] = (rank, finding)
    return sorted((finding for _, finding in chosen.values()), key=lambda finding: _reading_order(finding, sheets))


def _reading_order(finding: Finding, sheets: Sequence[str]) -> tuple[int, int, int, str, str]:
    sheet = sheets.index(finding.sheet) if finding.sheet in sheets else -1
    at = Range.parse(finding.cell) if finding.cell else Range(0, 0, 0, 0)
    return sheet, at.top, at.left, finding.code, finding.field


__all__ = ["FAMILIES", "Finding", "Place", "Rule", "arrange", "check"]
