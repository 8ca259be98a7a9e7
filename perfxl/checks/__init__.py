"""Checks: record → findings. A rule is a function that yields remarks; a family is a module with `RULES`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from perfxl.checks import schema_failures, stated_checks
from perfxl.checks.arrange import arrange
from perfxl.checks.consequences import of_copies_once, without_consequences
from perfxl.checks.dictionary import in_dictionary_words
from perfxl.computation.derived_values import completed
from perfxl.model.finding import Finding
from perfxl.model.numbers import exactly
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.report_type.model import ReportType
from perfxl.report_type.profile import Profile
from perfxl.report_type.roles import roles_of

# Of the rules themselves a profile has no say: that they came with the workbook must not be one of them to hide.
_BEYOND = frozenset(("V20", "V21"))
_PROBLEM = 200  # characters of what went wrong

Rule = Callable[[Record, Profile], Iterator[Remark]]


# A family is imported when a report type asks for it: a plan does without the rules of the others.
def _identity() -> tuple[Rule, ...]:
    from perfxl.checks.plan import identity, numbering, place_and_year

    return (*identity.RULES, *numbering.RULES, *place_and_year.RULES)


def _money() -> tuple[Rule, ...]:
    from perfxl.checks.plan import breakdown, money

    return (*money.RULES, *breakdown.RULES)


def _indicators() -> tuple[Rule, ...]:
    from perfxl.checks.plan import (
        agreement,
        category_fit,
        copies,
        costs,
        direction,
        indicators,
        mixed_up_cells,
        part_one_targets,
        past_results,
        repetition,
        target_notation,
        units,
    )
    from perfxl.checks.targets import cell_rules

    modules = (
        *(cell_rules, indicators, mixed_up_cells, target_notation, units, direction, category_fit, costs, past_results),
        *(repetition, copies, agreement, part_one_targets),
    )
    return tuple(rule for module in modules for rule in module.RULES)


# Of targets that were approved before, only how they are written: whether they were well chosen is no longer asked, and
# what was approved as it is stops no report.
def _approved_indicators() -> tuple[Rule, ...]:
    from perfxl.checks.plan import agreement, copies, direction, indicators, mixed_up_cells, target_notation, units

    softened = (
        *(indicators.one_indicator_a_cell, indicators.indicators_are_distinct),
        *(target_notation.targets_are_not_run_together, target_notation.numbers_have_units),
    )
    return (
        *(_as_warnings(rule) for rule in softened),
        *(target_notation.signs_are_the_usual_ones, target_notation.shares_are_not_above_a_hundred),
        *(target_notation.dates_are_not_serials, copies.indicators_say_different_things),
        *(agreement.numbers_agree, agreement.parts_come_to_their_whole),
        *(*mixed_up_cells.RULES, *units.RULES, *direction.RULES),
    )


def _as_warnings(rule: Rule) -> Rule:
    def softened(record: Record, profile: Profile) -> Iterator[Remark]:
        return (remark._replace(severity="warning") for remark in rule(record, profile))

    return softened


def _language() -> tuple[Rule, ...]:
    from perfxl.checks.language import rules

    return rules.RULES


def _evaluation() -> tuple[Rule, ...]:
    from perfxl.checks.evaluation import achievement, funding, report_text, scores
    from perfxl.checks.targets import cell_rules

    return (*cell_rules.RULES, *funding.RULES, *scores.RULES, *achievement.RULES, *report_text.RULES)


FAMILIES: Mapping[str, Callable[[], tuple[Rule, ...]]] = {
    "identity": _identity,
    "money": _money,
    "indicators": _indicators,
    "approved_indicators": _approved_indicators,
    "language": _language,
    "evaluation": _evaluation,
}


@cache
def rules(family: str) -> tuple[Rule, ...]:
    """Return the rules of a family. Raises `KeyError` where there is none of that name."""
    return FAMILIES[family]()


def check(
    record: Record,
    report_type: ReportType,
    profile: Profile,
    *,
    reading: Iterable[Remark] = (),
    file: str = "",
    sheets: Sequence[str] = (),
    conforming: bool = False,
    version: int | None = None,
) -> list[Finding]:
    """Return every finding on `record`, in the order the eye meets them: by sheet, row and column.

    What could not be read (`reading`) and what the schema refuses has its cell to itself: no rule adds to it. Rules
    that `profile` has off say nothing, and others are as grave as it says. `sheets` are the titles in the order of
    their tabs. `conforming` says that the values are known to be as the schema asks. `version` is
    that of the form, by default that of the type.
    """
    with exactly():
        record = completed(record, report_type, profile)
        record.schema = report_type.schema
        failures = schema_failures.failures(record, report_type, version or report_type.version)
        schema_says = [] if conforming else list(failures)
        said = [*stated_checks.failures(record, report_type)]
        said += _said(schema_failures.without_refused(record, report_type, schema_says), report_type, profile)
        # Where a rule says the same of a value as the schema, the rule says it better.
        told = {(remark.code, remark.path) for remark in said}
        refused = [remark for remark in schema_says if (remark.code, remark.path) not in told]
        basic = _weighed([*reading, *without_consequences(refused, said)], profile)
        rest = of_copies_once(without_consequences(_weighed(said, profile), said), record)
        return arrange(basic, rest, record, file, sheets)


def _said(record: Record, report_type: ReportType, profile: Profile) -> list[Remark]:
    """Return what the rules of a type say of `record`. A rule that fails costs itself alone, and is told as V21."""
    read, back = in_dictionary_words(record, roles_of(report_type.schema))
    said: list[Remark] = []
    for rule in dict.fromkeys(rule for family in report_type.rules for rule in rules(family)):
        try:
            said += map(back, rule(read, profile))
        except Exception as fault:  # noqa: BLE001 - a mistake in one of a hundred rules must not cost the others
            problem = f"{type(fault).__name__}: {fault}".replace("\n", " ")[:_PROBLEM]
            said.append(Remark("V21", (), {"rule": rule.__name__, "problem": problem}))
    return said


def _weighed(remarks: list[Remark], profile: Profile) -> list[Remark]:
    if not profile.rules:
        return remarks
    weighed = []
    for remark in remarks:
        severity = None if remark.code in _BEYOND else profile.rules.get(remark.code)
        if severity is None:
            weighed.append(remark)
        elif severity != "off":
            weighed.append(remark._replace(severity=severity))
    return weighed


__all__ = ["Rule", "check", "rules"]
