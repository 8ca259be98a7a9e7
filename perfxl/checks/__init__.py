"""Checks: record → findings. A rule is a function that yields remarks; a family is a module with `RULES`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from perfxl.addresses import Range
from perfxl.catalog import ReportType
from perfxl.checks import schema
from perfxl.checks.finding import SEVERITIES, Finding, spoken
from perfxl.profile import Profile
from perfxl.record import Path, Place, Record, leaves, names_only
from perfxl.remark import Remark

Rule = Callable[[Record, Profile], Iterator[Remark]]


# A family is imported when a report type asks for it: a plan does without the rules of the others.
def _identity() -> tuple[Rule, ...]:
    from perfxl.checks import identity, numbering, origin

    return (*identity.RULES, *numbering.RULES, *origin.RULES)


def _money() -> tuple[Rule, ...]:
    from perfxl.checks import money

    return money.RULES


def _indicators() -> tuple[Rule, ...]:
    from perfxl.checks import consistency, costs, fitting, indicators, promises, target_rules

    modules = (indicators, target_rules, fitting, costs, consistency, promises)
    return tuple(rule for module in modules for rule in module.RULES)


def _language() -> tuple[Rule, ...]:
    from perfxl.checks import language

    return language.RULES


def _evaluation() -> tuple[Rule, ...]:
    from perfxl.checks import funding_rules, report_rules, score_rules

    return (*funding_rules.RULES, *score_rules.RULES, *report_rules.RULES)


def _evaluated(values: Mapping[str, Any], profile: Profile) -> Mapping[str, Any]:
    from perfxl.checks import evaluation

    return evaluation.completed(values, profile)


_FAMILIES: Mapping[str, Callable[[], tuple[Rule, ...]]] = {
    "identity": _identity,
    "money": _money,
    "indicators": _indicators,
    "language": _language,
    "evaluation": _evaluation,
}
_COMPLETIONS: Mapping[str, Callable[[Mapping[str, Any], Profile], Mapping[str, Any]]] = {"evaluation": _evaluated}


@cache
def rules(family: str) -> tuple[Rule, ...]:
    """Return the rules of a family. Raises `KeyError` where there is none of that name."""
    return _FAMILIES[family]()


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
    said = [remark for family in report_type.rules for rule in rules(family) for remark in rule(record, profile)]
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
                values = _COMPLETIONS[family](record.shown, profile)
                record = Record(record.values, record.places, record.traces, values)
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


def _weighed(remarks: list[Remark], profile: Profile) -> list[Remark]:
    if not profile.rules:
        return remarks
    weighed = []
    for remark in remarks:
        severity = profile.rules.get(remark.code)
        if severity is None:
            weighed.append(remark)
        elif severity != "off":
            weighed.append(remark._replace(severity=severity))
    return weighed


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
    at = Range.parse(cell) if cell else Range(0, 0, 0, 0)
    return at.top, at.left


__all__ = ["Finding", "Place", "Rule", "arrange", "check", "completed", "rules", "typed_only"]
