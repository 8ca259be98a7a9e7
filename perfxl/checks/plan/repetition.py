"""Rules on indicators side by side (family K): the same value, basis or set of indicators over and over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import permutations
from typing import Any

from perfxl.checks.targets.indicator_rows import IndicatorRow, Project, bare, rows
from perfxl.checks.targets.target import comparable
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_WHOLE = frozenset(("100%", "0%"))


def targets_differ(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K18 at the indicators of a project most of which have one and the same target.

    Several shares of 100 % are nothing unusual, so of those all must be the same.
    """
    least = profile.limits.identical_targets_from
    for path, _, found in rows(plan):
        values = [_value(row) for row in found if row.printed]
        if len(values) - len(set(values)) + 1 < least:
            continue
        value, number = Counter(values).most_common(1)[0]
        if number < least or number * 2 <= len(found):
            continue
        if number < len(found) and value.lstrip("=≥≤<>") in _WHOLE:
            continue
        shown = next(row.printed for row in found if _value(row) == value)
        yield Remark("K18", (*path, "indicators"), {"n": number, "value": shown})


def _value(row: IndicatorRow) -> str:
    return row.target.repaired or row.target.written


def projects_have_indicators_of_their_own(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K20 at every project whose indicators, or whose benefits, are those of another project.

    Names and targets count, not the basis. Half a set may be shared by projects of one kind; the same benefits for
    different work are a filler.
    """
    projects, least = rows(plan), profile.limits.identical_indicators_from
    near = _with_names_in_common(projects, least)
    if not near:
        return
    sets = {at: _signatures(projects[at].rows) for at in sorted({at for pair in near for at in pair})}
    benefits = {at: _signatures([row for row in projects[at].rows if "效益" in row.dimension]) for at in sets}
    whole = {pair for pair in near if sets[pair[0]] == sets[pair[1]] and len(sets[pair[0]]) >= least}
    parts = {(one, other) for one, other in near if len(benefits[one] & benefits[other]) >= least}
    for label, pairs, shared in (("", whole, sets), ("效益", parts, benefits)):
        for at in sets:
            same = [other for other in sets if (at, other) in pairs]
            if same and (pairs is whole or not any((at, other) in whole for other in same)):
                words = {
                    "n": min(len(shared[at] & shared[other]) for other in same),
                    "label": label,
                    "others": "、".join(_title(projects[other]) for other in same),
                }
                yield Remark("K20", (*projects[at].path, "indicators"), words)


def _with_names_in_common(projects: Sequence[Project], least: int) -> list[tuple[int, int]]:
    """Return each two projects of which one has so many indicators, or more, with a name that the other has too."""
    names = [[row.bare_name for row in project.rows] for project in projects]
    sets = [frozenset(some) for some in names]
    counts = Counter(name for some in sets for name in some)
    # Those that have too few names in common with any are not looked at one by one.
    some = [at for at, own in enumerate(names) if sum(counts[name] > 1 for name in own) >= least]
    return [
        (one, other) for one, other in permutations(some, 2) if sum(map(sets[other].__contains__, names[one])) >= least
    ]


def _signatures(found: Sequence[IndicatorRow]) -> frozenset[tuple[str, Any]]:
    """Return name and target of some indicators; equal quantities are equal."""
    return frozenset((row.bare_name, comparable(row.target) or bare(row.printed)) for row in found)


def _title(project: Project) -> str:
    name = project[1].get("project_name")
    return f"第{int(project[0][1]) + 1}个项目" + (f"（{name}）" if name else "")


_SPECIFIC = re.compile(r"[〔\[【《〕\]】》]|第?\d+号|\d{4}年")


def bases_are_specific(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K27, once a project, at the first of many targets that rest on the same words, or on words for anything.

    A document that has a name or a number is a basis, however many targets rest on it.
    """
    generic, least = _bared(profile.words.generic_bases), profile.limits.identical_bases_from
    for _, _, found in rows(plan):
        based = [row for row in found if row.basis]
        if len(based) < least:
            continue
        words_of = [bare(row.basis) for row in based]
        weak = [row for row, words in zip(based, words_of, strict=True) if words in generic]
        alike = len(set(words_of)) == 1 and not _SPECIFIC.search(based[0].basis)
        if alike and len(based) == len(found):
            weak = based
        if len(weak) >= least:
            common = Counter(row.basis for row in weak).most_common(1)[0][0]
            words = {"n": len(weak), "value": common}
            yield Remark("K27", weak[0].at("target_basis"), words)


@lru_cache(maxsize=16)
def _bared(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(bare, words))


RULES = (targets_differ, projects_have_indicators_of_their_own, bases_are_specific)
