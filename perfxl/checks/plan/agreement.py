"""Rules on numbers that a plan says in several places (family K): goals, purpose and part one beside the indicators.

A number is only told where words and unit say that the same thing is meant. Where several texts agree with one another
against a target, the target is the odd one; where a text stands alone against the others, the text is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from perfxl.checks.targets.indicator_rows import IndicatorRow, Project, rows
from perfxl.checks.targets.likeness import comparable_units, core, pairs_of
from perfxl.checks.targets.mentions import Mention, mentions
from perfxl.checks.targets.quantities import base
from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_ALIKE, _ALIKE_IN_DIGITS = 0.6, 0.34
_ROUGH = Decimal("0.1")
_MOST = 8  # numbers of which each two are tried
_NOT_COUNTED = frozenset(("time", "age", "money"))
_OF_CHANGE = re.compile("增长|下降|提高|降低|减少|提升|增加|新增")


class _Said(NamedTuple):
    """A number said in a text, with the text's path."""

    path: FieldPath
    one: Mention


class Odd(NamedTuple):
    """A number that stands against another: where it is to be mended, the row, and what is said where."""

    path: FieldPath
    row: IndicatorRow
    said: _Said
    at_row: bool


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
    "description": "绩效指标描述", "name": "三级指标",
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
    general = [*_general(plan)]
    everywhere = [row for project in projects for row in project.rows]
    for project in projects:
        own = [*_own(project)]
        for row in project.rows:
            if row.is_doubted or row.run_together or row.target.upper is not None or row.is_cost:
                continue
            yield from _against(row, own, project.rows, general, everywhere)


def _general(plan: Record) -> Iterator[_Said]:
    """Yield what part one says, but for its indicators, of which K24 speaks."""
    for at, text in enumerate(plan.values.get("overall_goal", ())):
        yield from _in(("overall_goal", at), str(text))
    for key in ("title", "performance_goal", "indicators"):
        for path, text in plan.items("activity_goals", key):
            yield from _in(path, str(text))


def _own(project: Project) -> Iterator[_Said]:
    for key in ("project_name", "use_of_funds"):
        yield from _in((*project.path, key), str(project.values.get(key, "")))
    for at, text in enumerate(project.values.get("performance_goals", ())):
        yield from _in((*project.path, "performance_goals", at), str(text))
    for row in project.rows:
        yield from _in(row.at("description"), row.description)


def _in(path: FieldPath, text: str) -> Iterator[_Said]:
    for one in mentions(text):
        if one.kind not in _NOT_COUNTED and one.role in ("claim", "change") and one.year is None and one.upper is None:
            yield _Said(path, one)


def _against(
    row: IndicatorRow,
    own: Sequence[_Said],
    rivals: Sequence[IndicatorRow],
    general: Sequence[_Said],
    everywhere: Sequence[IndicatorRow],
) -> Iterator[Odd]:
    value = _value(row)
    same = [said for said in (*own, *general) if _is(said.one, value)]
    texts = {said.path for said in same}
    others = [
        said
        for group, beside in ((own, rivals), (general, everywhere))
        for said in group
        if said.path not in texts and _means(said, row, value, beside) and not _sums_up(said, group, value)
    ]
    if not others:
        return
    agreeing = {said.path for said in same if _likeness(said.one, row) >= _ALIKE_IN_DIGITS}
    number, most = Counter(said.one.number for said in others).most_common(1)[0]
    if most > 1 and not agreeing:
        first = next(said for said in others if said.one.number == number)
        yield Odd(row.at("target"), row, first, True)
        return
    for said in others:
        if "indicators" not in said.path or said.path[0] == "projects":
            yield Odd(said.path, row, said, False)


def _value(row: IndicatorRow) -> tuple[Decimal, str]:
    assert row.target.number is not None
    return base(row.target.number, row.target.unit)


def _is(one: Mention, value: tuple[Decimal, str]) -> bool:
    if not comparable_units(one.unit, value[1]):
        return False
    return one.number == value[0] or (one.rough and abs(one.number - value[0]) <= value[0] * _ROUGH)


def _means(said: _Said, row: IndicatorRow, value: tuple[Decimal, str], rivals: Sequence[IndicatorRow]) -> bool:
    """Return whether a number is surely said of a row, though it is another one."""
    one = said.one
    if not comparable_units(one.unit, value[1]) or (one.role == "change") != bool(_OF_CHANGE.search(row.name)):
        return False
    if one.rough and abs(one.number - value[0]) <= value[0] * _ROUGH:
        return False
    if row.is_satisfaction and not pairs_of(core(one.about)) <= pairs_of(core(row.bare_name)):
        return False  # 服务对象满意度 is anybody's
    likeness = _likeness(one, row)
    if likeness < (_ALIKE_IN_DIGITS if _alike_in_digits(one.number, value[0]) else _ALIKE):
        return False
    # It may be said of another row, or be the number of one, or what several come to.
    alike = [_value(other)[0] for other in rivals if _counted(other) and _value(other)[1] == value[1]]
    if any(one.number == sum(some) for some in _several(alike)):
        return False
    return not any(
        other is not row and _counted(other) and comparable_units(one.unit, _value(other)[1])
        and (_is(one, _value(other)) or _likeness(one, other) > likeness)
        for other in rivals
    )  # fmt: skip


def _several(numbers: Sequence[Decimal]) -> Iterator[Sequence[Decimal]]:
    """Yield all numbers, where there are more than one, and each two of them."""
    if len(numbers) > 1:
        yield numbers
    yield from combinations(numbers, 2) if len(numbers) <= _MOST else ()


def _counted(row: IndicatorRow) -> bool:
    return row.target.number is not None and not row.run_together


def _sums_up(said: _Said, group: Sequence[_Said], value: tuple[Decimal, str]) -> bool:
    """Return whether a number is one of several in its text that come to the value together."""
    beside = [other.one for other in group if other.path == said.path and other.one.unit == said.one.unit]
    return len(beside) > 1 and sum((one.number for one in beside), Decimal(0)) == value[0]


def _likeness(one: Mention, row: IndicatorRow) -> float:
    """Return how much the words around a number and those of a row have in common, 1 at most."""
    mine, name = pairs_of(core(one.about)), pairs_of(core(row.bare_name))
    if not mine or not name:
        return 0.0
    whole = name | pairs_of(core(row.description))
    return max(len(mine & name) / len(name), len(mine & whole) / len(mine) if mine & name else 0.0)


@lru_cache(maxsize=1024)
def _alike_in_digits(one: Decimal, other: Decimal) -> bool:
    """Return whether two numbers look like one mistyped: swapped, lost, doubled or added digits, or a moved point."""
    mine, theirs = (f"{number.normalize():f}".replace(".", "") for number in (one, other))
    mine, theirs = mine.strip("0"), theirs.strip("0")
    if mine == theirs or sorted(mine) == sorted(theirs):
        return True
    short, long = sorted((mine, theirs), key=len)
    if len(long) - len(short) == 1:
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    return len(mine) == len(theirs) > 2 and sum(a != b for a, b in zip(mine, theirs, strict=True)) == 1


_INCOMPLETE = re.compile("等|主要|重点|左右")
_MOSTLY = Decimal("0.8")  # what parts come to, at least, where they are meant to be all


def parts_come_to_their_whole(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K41 at a text that counts a whole and then its parts, which do not come to it.

    1240人，其中小学700人、初中450人: parts may be some of all, so a small sum is no slip, and one near to it is.
    """
    for path, text in _texts(plan):
        if "其中" not in text:
            continue
        every = mentions(text)
        for at, whole in enumerate(every):
            parts = _parts_behind(every[at + 1 :], whole) if whole.role == "claim" and whole.kind == "count" else []
            total = sum((part.number for part in parts), Decimal(0))
            if len(parts) < 2 or total == whole.number or whole.rough or any(part.rough for part in parts):
                continue
            near = total >= whole.number * _MOSTLY or _alike_in_digits(total, whole.number)
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


def _texts(plan: Record) -> Iterator[tuple[FieldPath, str]]:
    yield from ((("overall_goal", at), str(text)) for at, text in enumerate(plan.values.get("overall_goal", ())))
    yield from ((path, str(text)) for path, text in plan.items("activity_goals", "performance_goal"))
    for path, project in plan.items("projects"):
        yield (*path, "use_of_funds"), str(project.get("use_of_funds", ""))
        for at, text in enumerate(project.get("performance_goals", ())):
            yield (*path, "performance_goals", at), str(text)


# What an office does or makes, and is counted when it is done.
_DOING = re.compile(
    r"^(?:[并再另还同时全年度共计]*)(?:集中|免费|新|组织|开展|举办|完成|计划)*(?:培训|举办|开展|组织|购置|采购|新建|新增|建设|建成|改造|修缮|修建|维修|维护|治理|检查|抽检|抽查"
    r"|巡查|监测|发放|补助|资助|救助|慰问|印制|编印|制作|安装|更新|配备|配置|种植|栽植|造林|招聘|聘请|评选|表彰|演出|放映|展出|铺设|整治|拆除|检测|检定|筛查|体检|接种)"
)


def promises_have_their_indicators(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K40 at a goal of a project that counts work of which no indicator of the project speaks."""
    for project in rows(plan):
        for at, text in enumerate(project.values.get("performance_goals", ())):
            every = [one for one in mentions(str(text)) if one.kind in ("count", "percent")]
            done = [one for one in every if one.role == "claim" and one.kind == "count" and _DOING.match(one.before)]
            if done and not any(_is_measured(one, project.rows) for one in every):
                yield Remark("K40", (*project.path, "performance_goals", at), {"typed": done[0].before + done[0].typed})


def _is_measured(one: Mention, found: Sequence[IndicatorRow]) -> bool:
    """Return whether an indicator has this number, or speaks of what is counted."""
    for row in found:
        unit = _value(row)[1] if _counted(row) else ""
        if (
            unit
            and comparable_units(one.unit, unit)
            and (_is(one, _value(row)) or _likeness(one, row) >= _ALIKE_IN_DIGITS)
        ):
            return True
        if not unit and _likeness(one, row) >= _ALIKE:
            return True
    return False


RULES = (numbers_agree, parts_come_to_their_whole, promises_have_their_indicators)
