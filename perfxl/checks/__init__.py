"""Checks: record → findings. A rule is a function that yields remarks; a family is a module with `RULES`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from perfxl.addresses import Range
from perfxl.catalog import ReportType
from perfxl.checks import (
    consistency,
    costs,
    evaluation,
    fitting,
    funding_rules,
    identity,
    indicators,
    language,
    money,
    numbering,
    origin,
    promises,
    report_rules,
    schema,
    score_rules,
    target_rules,
)
from perfxl.checks.finding import Finding, spoken
from perfxl.profile import Profile
from perfxl.record import Path, Place, Record, leaves, names_only
from perfxl.remark import Remark

Rule = Callable[[Record, Profile], Iterator[Remark]]

FAMILIES: dict[str, tuple[Rule, ...]] = {
    "identity": (*identity.RULES, *numbering.RULES, *origin.RULES),
    "money": money.RULES,
    "indicators": (
        *indicators.RULES,
        *target_rules.RULES,
        *fitting.RULES,
        *costs.RULES,
        *consistency.RULES,
        *promises.RULES,
    ),
    "language": language.RULES,
    "evaluation": (*funding_rules.RULES, *score_rules.RULES, *report_rules.RULES),
}

_COMPLETIONS: dict[str, Callable[[Mapping[str, Any], Profile], Mapping[str, Any]]] = {
    "evaluation": evaluation.completed,
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

    What could not be read (`reading`) and what the schema refuses has its cell to itself: no rule adds to it. Rules
    that `profile` has off say nothing, and others are as grave as it says. `sheets` are the titles in the order of
    their tabs.
    """
    record = completed(record, report_type, profile)
    rules = [rule for family in report_type.rules for rule in FAMILIES[family]]
    said = [remark for rule in rules for remark in rule(record, profile)]
    # Where a rule says the same of a value as the schema, the rule says it better.
    told = {(remark.code, remark.path) for remark in said}
    refused = [remark for remark in schema.failures(record, report_type) if (remark.code, remark.path) not in told]
    basic, rest = _weighed([*reading, *refused], profile), _weighed(said, profile)
    return arrange(basic, rest, record, file, sheets)


def completed(record: Record, report_type: ReportType, profile: Profile) -> Record:
    """Return `record` with what follows from its values, by the families that compute something."""
    if record.completed is None:
        for family in report_type.rules:
            if family in _COMPLETIONS:
                record = replace(record, completed=_COMPLETIONS[family](record.shown, profile))
    return record


def typed_only(record: Record, report_type: ReportType, profile: Profile) -> dict[str, Any]:
    """Return the values of `record` without those that its own sheets compute, and that nobody typed differently."""
    derived = {field.path for sheet in report_type.sheets for field in sheet.inputs() if field.formula}
    if not derived:
        return dict(record.values)
    found = {path: value for path, value in leaves(record.values) if names_only(path) in derived}

    def unlike(left_out: set[Path]) -> set[Path]:
        """Return those that come out differently when they are computed."""
        rest = Record(_without(record.values, (), lambda path: path in left_out))
        due = dict(leaves(completed(rest, report_type, profile).shown))
        return {path for path in left_out if due.get(path) != found[path]}

    # A total differs as long as a score that was typed is left out, so each is tried again beside those typed ones.
    typed = unlike(set(found))
    for path in sorted(typed, key=len, reverse=True):
        if path not in unlike(set(found) - typed | {path}):
            typed.discard(path)
    computed = set(found) - typed
    return dict(_without(record.values, (), lambda path: path in computed))


def _without(value: Any, here: Path, left_out: Callable[[Path], bool]) -> Any:
    if isinstance(value, Mapping):
        members = {key: _without(member, (*here, key), left_out) for key, member in value.items()}
        return {key: member for key, member in members.items() if not left_out((*here, key))}
    if isinstance(value, list):
        return [_without(member, (*here, index), left_out) for index, member in enumerate(value)]
    return value


def _weighed(remarks: Iterable[Remark], profile: Profile) -> list[Remark]:
    weighed = []
    for remark in remarks:
        severity = profile.rules.get(remark.code)
        if severity is None:
            weighed.append(remark)
        elif severity != "off":
            weighed.append(replace(remark, severity=severity))
    return weighed


def arrange(
    basic: Iterable[Remark], rest: Iterable[Remark], record: Record, file: str, sheets: Sequence[str]
) -> list[Finding]:
    """Return the findings of remarks in reading order; those on no sheet come first.

    Of `basic`, a cell has the gravest alone, and an error among them silences the rules on that cell. Findings of rules
    stand beside one another, one of each code and message: there may be several slips in a paragraph.
    """
    alone: dict[Place, Finding] = {}
    found: dict[tuple[Place | str, str, str], tuple[Place | None, bool, Finding]] = {}
    for remark, is_basic in (*((remark, True) for remark in basic), *((remark, False) for remark in rest)):
        place = remark.place or record.place(remark.path)
        finding = spoken(remark, file, place)
        if place and place.cell:
            if is_basic and (place not in alone or _grave(finding) < _grave(alone[place])):
                alone[place] = finding
            found.setdefault((place, finding.code, finding.message), (place, is_basic, finding))
        else:
            found.setdefault((finding.field, finding.code, finding.message), (None, is_basic, finding))
    kept = [
        one
        for place, is_basic, one in found.values()
        if place not in alone or one is alone[place] or not (is_basic or alone[place].severity == "error")
    ]
    return sorted(kept, key=lambda finding: _reading_order(finding, sheets))


def _grave(finding: Finding) -> int:
    return ("error", "warning", "info").index(finding.severity)


def _reading_order(finding: Finding, sheets: Sequence[str]) -> tuple[int, int, int, str, str]:
    sheet = sheets.index(finding.sheet) if finding.sheet in sheets else -1
    at = Range.parse(finding.cell) if finding.cell else Range(0, 0, 0, 0)
    return sheet, at.top, at.left, finding.code, finding.field


__all__ = ["FAMILIES", "Finding", "Place", "Rule", "arrange", "check", "completed", "typed_only"]
