"""Rules on indicators side by side (family K): the same value, basis or set of indicators over and over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from perfxl.checks.rows import Project, Row, bare, rows
from perfxl.checks.targets import comparable
from perfxl.profile import Profile
from perfxl.record import Record
from perfxl.remark import Remark

_WHOLE = frozenset(("100%", "0%"))


def targets_differ(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K18 at the indicators of a project most of which have one and the same target.

    Several shares of 100 % are nothing unusual, so of those all must be the same.
    """
    for path, _, found in rows(plan):
        counts = Counter(_value(row) for row in found if row.printed)
        value, number = counts.most_common(1)[0] if counts else ("", 0)
        if number < profile.limits.identical_targets_from or number * 2 <= len(found):
            continue
        if number < len(found) and value.lstrip("=≥≤<>") in _WHOLE:
            continue
        shown = next(row.printed for row in found if _value(row) == value)
        yield Remark("K18", (*path, "indicators"), {"n": number, "value": shown})


def _value(row: Row) -> str:
    return row.target.repaired or row.target.written


def projects_have_indicators_of_their_own(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K20 at every project whose indicators, or whose benefits, are those of another project.

    Names and targets count, not the basis. Half a set may be shared by projects of one kind; the same benefits for
    different work are a filler.
    """
    projects = rows(plan)
    for label, of_benefit in (("", False), ("效益", True)):
        sets = [_signatures(found, of_benefit) for _, _, found in projects]
        for at, (path, _, _) in enumerate(projects):
            same = [n for n in range(len(projects)) if n != at and _shared(sets, at, n, profile, of_benefit)]
            whole = of_benefit and any(_shared(_all(projects), at, n, profile, False) for n in same)
            if same and not whole:
                number = min(len(sets[at] & sets[n]) for n in same)
                words = {
                    "n": number,
                    "label": label,
                    "others": "、".join(_title(projects[n]) for n in same),
                }
                yield Remark("K20", (*path, "indicators"), words)


def _all(projects: Sequence[Project]) -> list[frozenset[tuple[str, Any]]]:
    return [_signatures(found, False) for _, _, found in projects]


def _signatures(found: Sequence[Row], of_benefit: bool) -> frozenset[tuple[str, Any]]:
    """Return name and target of the indicators, or of the benefits alone; equal quantities are equal."""
    chosen = [row for row in found if row.dimension == "效益指标"] if of_benefit else found
    return frozenset((bare(row.name), comparable(row.target) or bare(row.printed)) for row in chosen)


def _shared(
    sets: Sequence[frozenset[tuple[str, Any]]], one: int, other: int, profile: Profile, of_benefit: bool
) -> bool:
    common = sets[one] & sets[other]
    enough = len(common) >= profile.limits.identical_indicators_from
    return enough and (of_benefit or sets[one] == sets[other])


def _title(project: Project) -> str:
    name = project[1].get("project_name")
    return f"第{int(project[0][1]) + 1}个项目" + (f"（{name}）" if name else "")


_SPECIFIC = re.compile(r"[〔\[【《〕\]】》]|第?\d+号|\d{4}年")


def bases_are_specific(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K27, once a project, at the first of many targets that rest on the same words, or on words for anything.

    A document that has a name or a number is a basis, however many targets rest on it.
    """
    generic = {bare(words) for words in profile.words.generic_bases}
    for _, _, found in rows(plan):
        based = [row for row in found if row.basis]
        weak = [row for row in based if bare(row.basis) in generic]
        alike = len({bare(row.basis) for row in based}) == 1 and not _SPECIFIC.search(based[0].basis)
        if alike and len(based) == len(found):
            weak = based
        if len(weak) >= profile.limits.identical_bases_from:
            common = Counter(row.basis for row in weak).most_common(1)[0][0]
            words = {"n": len(weak), "value": common}
            yield Remark("K27", weak[0].at("target_basis"), words)


RULES = (targets_differ, projects_have_indicators_of_their_own, bases_are_specific)
