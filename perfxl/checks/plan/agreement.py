"""Rules on numbers that a plan says in several places (family K): goals, purpose and part one beside the indicators.

A number is only told where words and unit say that the same thing is meant. Where several texts agree with one another
against a target, the target is the odd one; where a text stands alone against the others, the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfxl.checks.plan.free_texts import prose
from perfxl.checks.targets.indicator_rows import IndicatorRow, Project, rows
from perfxl.checks.targets.likeness import comparable_units
from perfxl.checks.targets.mentions import Mention, mentions
from perfxl.checks.targets.said_of import (
    ALIKE,
    ALIKE_IN_DIGITS,
    Odd,
    SaidNumber,
    Values,
    against,
    alike_in_digits,
    by_unit,
    is_value,
    likeness,
    said_in,
    values_of,
)
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile


def numbers_agree(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K39 at a text whose number is not that of the indicator it speaks of, or at the indicator.

    Goals and indicators have to correspond (相应匹配, 财预〔2015〕88号).
    """
    for odd in odd_numbers(plan):
        words = {"typed": odd.said.one.typed, "name": odd.row.name, "value": odd.row.printed, "where": _spoken(odd)}
        yield Remark("K39", odd.path, words)


_LABELS = {
    "overall_goal": "总体绩效目标", "performance_goal": "分项绩效目标", "indicators": "分项绩效指标",
    "title": "分项名称", "use_of_funds": "资金用途", "performance_goals": "绩效目标", "project_name": "项目名称",
    "description": "绩效指标描述", "name": "三级指标", "expected_goal": "预期目标",
}  # fmt: skip


def _spoken(odd: Odd) -> str:
    key = next(str(step) for step in reversed(odd.said.path) if isinstance(step, str))
    return _LABELS.get(key, "文中")


# Two rules ask for it.
_latest: list[tuple[Record, list[Odd]]] = []


def odd_numbers(plan: Record) -> list[Odd]:
    """Return the numbers that stand against others, each once."""
    if not _latest or _latest[0][0] is not plan:
        _latest[:] = [(plan, list(_odd_numbers(plan)))]
    return _latest[0][1]


def _odd_numbers(plan: Record) -> Iterator[Odd]:
    projects = rows(plan)
    general = by_unit(_general(plan))
    everywhere = [row for project in projects for row in project.rows]
    values = values_of(everywhere)
    for project in projects:
        groups = ((by_unit(_own(project)), project.rows), (general, everywhere))
        for row in project.rows:
            if row.path in values and not row.is_doubted and row.target.upper is None and not row.is_cost:
                # What the indicators of part one say is for K24.
                yield from (odd for odd in against(row, groups, values) if odd.at_row or odd.path[-1] != "indicators")


def _general(plan: Record) -> Iterator[SaidNumber]:
    """Yield what part one says, but for its indicators, of which K24 speaks."""
    for at, text in enumerate(plan.values.get("overall_goal", ())):
        yield from said_in(("overall_goal", at), str(text))
    for key in ("title", "performance_goal", "indicators"):
        for path, text in plan.items("activity_goals", key):
            yield from said_in(path, str(text))


def _own(project: Project) -> Iterator[SaidNumber]:
    for key in ("project_name", "use_of_funds", "expected_goal"):
        yield from said_in((*project.path, key), str(project.values.get(key, "")))
    for at, text in enumerate(project.values.get("performance_goals", ())):
        yield from said_in((*project.path, "performance_goals", at), str(text))
    for row in project.rows:
        if row.description:
            yield from said_in(row.at("description"), row.description)


_INCOMPLETE = re.compile("等|主要|重点|左右")
_MOSTLY = Decimal("0.75")  # what parts come to, at least, where they are meant to be all


def parts_come_to_their_whole(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K41 at a text that counts a whole and then its parts, which do not come to it.

    1240人，其中小学700人、初中450人: parts may be some of all, so a small sum is no slip, and one near to it is.
    """
    for path, text in prose(plan).holding(("其中",)):
        every = mentions(text)
        for at, whole in enumerate(every):
            parts = _parts_behind(every[at + 1 :], whole) if whole.role == "claim" and whole.kind == "count" else []
            total = sum((part.number for part in parts), Decimal(0))
            if not parts or total == whole.number or whole.rough or any(part.rough for part in parts):
                continue
            near = len(parts) > 1 and (total >= whole.number * _MOSTLY or alike_in_digits(total, whole.number))
            if total > whole.number or (near and not _INCOMPLETE.search(text)):
                listed = "、".join(part.before.removeprefix("其中") + part.typed for part in parts)
                words = {"parts": listed, "sum": f"{total.normalize():f}{whole.unit}", "total": whole.typed}
                yield Remark("K41", path, words)


def _parts_behind(rest: Sequence[Mention], whole: Mention) -> list[Mention]:
    """Return the parts that follow a whole in its sentence, up to the next number that is none."""
    found = []
    for one in rest:
        if one.sentence != whole.sentence or (one.role == "claim" and one.unit == whole.unit):
            break
        if one.role == "part" and one.unit == whole.unit:
            found.append(one)
    return found


# What an office does or makes, and is counted when it is done.
_DOING = re.compile(
    r"^(?:[并再另还同时全年度共计]*)(?:配套|同步|统一|集中|免费|新|组织|开展|举办|完成|计划)*(?:培训|举办|开展|组织|购置|采购|新建|新增|建设|建成|改造|修缮|修建|维修|维护|治理|检查|抽检|抽查"
    r"|巡查|监测|发放|补助|资助|救助|慰问|印制|编印|制作|安装|更新|配备|配置|种植|栽植|造林|招聘|聘请|评选|表彰|演出|放映|展出|铺设|整治|拆除|检测|检定|筛查|体检|接种)"
)


def promises_have_their_indicators(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K40 at a goal of a project that counts work of which no indicator of the project speaks."""
    for project in rows(plan):
        values = values_of(project.rows)
        for at, text in enumerate(project.values.get("performance_goals", ())):
            every = [one for one in mentions(str(text)) if one.kind in ("count", "percent")]
            done = [one for one in every if one.role == "claim" and one.kind == "count" and _DOING.match(one.before)]
            if done and not any(_is_measured(one, project.rows, values) for one in every):
                yield Remark("K40", (*project.path, "performance_goals", at), {"typed": done[0].before + done[0].typed})


def _is_measured(one: Mention, found: Sequence[IndicatorRow], values: Values) -> bool:
    """Return whether an indicator has this number, or speaks of what is counted."""
    for row in found:
        value = values.get(row.path, (Decimal(0), ""))
        alike = likeness(one, row)
        if value[1] and comparable_units(one.unit, value[1]) and (is_value(one, value) or alike >= ALIKE_IN_DIGITS):
            return True
        if not value[1] and alike >= ALIKE:
            return True
    return False


RULES = (numbers_agree, parts_come_to_their_whole, promises_have_their_indicators)
