"""Rules on what stands there twice (families D and K): goals and measures, indicators in other words, rows of others.

Plans grow by copying a sheet, a row or a line; what was not changed afterwards gives it away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from perfxl.checks.targets.indicator_rows import IndicatorRow, Project, bare, rows
from perfxl.checks.targets.mentions import mentions
from perfxl.checks.targets.target import comparable
from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_NUMBERING = re.compile(
    r"^\s*(?:[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）、.．:：]?\s*[、.．]?|[一二三四五六七八九十]{1,3}是)\s*"
)
_SHORTEST = 8  # characters; headings and short words may well stand there twice
_LABELS = {
    "overall_goal": "总体绩效目标", "performance_goal": "绩效目标", "safeguard_measures": "工作保障措施",
    "performance_goals": "绩效目标",
}  # fmt: skip


def sentences_stand_once(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield D12 at a goal or measure that is the same, but for its number, as one before it in its list.

    Of the goals of different projects only long ones are told: short ones are the same for work of the same kind.
    """
    for found in _lists(plan):
        # What ends otherwise is another sentence, and needs no closer look.
        ends = Counter(text[-_SHORTEST:] for _, text in found)
        seen: dict[str, FieldPath] = {}
        for path, text in found:
            if ends[text[-_SHORTEST:]] == 1:
                continue
            words = _plain(text)
            if len(words) < _SHORTEST:
                continue
            first = seen.setdefault(words, path)
            if first != path:
                yield Remark("D12", path, {"value": text.strip(), "label": _label(path), "first": _spoken(first)})


def _lists(plan: Record) -> Iterator[list[tuple[FieldPath, str]]]:
    for key in ("overall_goal", "safeguard_measures"):
        yield [((key, at), str(text)) for at, text in enumerate(plan.values.get(key, ()))]
    yield [(path, str(text)) for path, text in plan.items("activity_goals", "performance_goal")]
    yield [
        ((*path, "performance_goals", at), str(text))
        for path, project in plan.items("projects")
        for at, text in enumerate(project.get("performance_goals", ()))
    ]


@lru_cache(maxsize=2048)
def _plain(text: str) -> str:
    return bare(_NUMBERING.sub("", text, count=1))


def _label(path: FieldPath) -> str:
    return _LABELS.get(str(path[-1] if isinstance(path[-1], str) else path[-2]), "")


def _spoken(path: FieldPath) -> str:
    numbers = [int(step) + 1 for step in path if isinstance(step, int)]
    return f"第{numbers[0]}个项目的第{numbers[1]}条" if len(numbers) > 1 else f"第{numbers[0]}条"


# Words that say how a thing is counted, or that it is of this year.
_COUNTING = re.compile(
    r"年度|全年|本年|当年|年内|累计|总[数量]?|数量|人次数?|人数|次数|场次|期数|户数|个数|件数|台数|套数|处数|座数|批次数?|份数|册数|条数|家数|数|量|完成|开展|举办|实施|情况|的|[了约]"
)


def indicators_say_different_things(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K37 at the second of two indicators of a project that have one target and, but for counting, one name.

    The same name over again is for K21.
    """
    for _, _, found in rows(plan):
        for at, row in enumerate(found):
            if (value := comparable(row.target)) is None or row.is_satisfaction:
                continue
            twin = next((one for one in found[:at] if comparable(one.target) == value and _is_one(one, row)), None)
            if twin is not None:
                words = {"name": row.name, "other": twin.name, "first": twin.number, "second": row.number}
                yield Remark("K37", row.at("name"), {**words, "value": row.printed})


def _is_one(one: IndicatorRow, other: IndicatorRow) -> bool:
    if one.bare_name == other.bare_name or one.category != other.category:
        return False
    mine, theirs = _core(one.bare_name), _core(other.bare_name)
    return len(mine) > 2 and mine == theirs


@lru_cache(maxsize=4096)
def _core(name: str) -> str:
    return _COUNTING.sub("", name)


def rows_are_of_their_project(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K38 at an indicator that is, in every cell, one of another project and speaks of nothing in its own.

    Where whole sets are alike K20 speaks; satisfaction and shares of work done are the same in many projects.
    """
    projects = rows(plan)
    if len(projects) < 2:
        return
    first: dict[tuple[str, ...], list[tuple[int, IndicatorRow]]] = {}
    for number, project in enumerate(projects):
        for row in project.rows:
            if row.printed and not row.is_satisfaction:
                first.setdefault((row.bare_name, row.description, row.printed), []).append((number, row))
    for found in first.values():
        owners = {number for number, _ in found}
        if len(owners) != 2:
            continue
        for number, row in found:
            (other,) = owners - {number}
            if not _is_about(row, projects[number]) and _is_about(row, projects[other]):
                title = str(projects[other].values.get("project_name", "")) or f"第{other + 1}个项目"
                yield Remark("K38", row.at("name"), {"name": row.name, "other": title})


def _is_about(row: IndicatorRow, project: Project) -> bool:
    """Return whether the name or the number of a row is spoken of in a project's name, purpose or goals."""
    core, about = _core(row.bare_name), _about(project)
    pairs = {core[at : at + 2] for at in range(len(core) - 1)} - _COMMON
    if any(pair in about for pair in pairs):
        return True
    value = comparable(row.target)
    return value is not None and any((one.number, one.unit) == value for one in mentions(about))


# Pairs of characters that are in the names of indicators of every kind of work.
_COMMON = frozenset(
    (
        "成本",
        "单位",
        "平均",
        "每公",
        "公里",
        "合格",
        "格率",
        "率达",
        "及时",
        "时率",
        "资金",
        "质量",
        "受益",
        "群众",
        "服务",
        "满意",
        "人均",
        "单个",
        "验收",
    )
)


def _about(project: Project) -> str:
    values = project.values
    texts = [str(values.get("project_name", "")), str(values.get("use_of_funds", ""))]
    return "\n".join([*texts, *map(str, values.get("performance_goals", ()))])


RULES = (sentences_stand_once, indicators_say_different_things, rows_are_of_their_project)
