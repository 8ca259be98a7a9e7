"""The rule on promises (K24): what part one says will be reached must have its indicator in part two.

The two parts are written by different hands, in different words; only what has no plausible counterpart is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import lru_cache

from perfxl.checks.plan.agreement import odd_numbers
from perfxl.checks.targets.indicator_rows import IndicatorRow, Project, bare, rows
from perfxl.checks.targets.likeness import comparable_units, core, pairs_of
from perfxl.checks.targets.quantities import base, countable, plain, unit_after
from perfxl.checks.targets.target import Target, understand
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.model.signs import is_word
from perfxl.report_type.profile import Profile

# A number, but not one of a date, a document or a list.
_NUMBER = re.compile(
    r"(?<![*×÷/第0-9.])(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?![0-9.、．]|[)）〕]|\s*[年月号届时]|\s*日(?!内))\s*"
)
# A time or an age that belongs to a name, which another number follows.
_OF_A_NAME = re.compile(
    r"\s*(?:个?(?:小时|工作日|自然日|月)|分钟|秒钟?|天|日|周?岁)[\u4e00-\u9fff]{2,}[^0-9]{0,12}[0-9]"
)
_CLAUSE = re.compile(r"[；;。，,\n]+")
_NUMBERING = re.compile(r"^\s*[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）、.．]\s*")
_LEFT_OF_A_NUMBER = re.compile(r"(?:达到?|为|在|保持|控制|实现|完成|共|约|累计)+$")
_MEASURED = re.compile(r"(?:[率数度]|数量|次数|人[数次]|面积|里程|成本)$")
_LONGEST_NAME = 24
_FIGURE = re.compile(r"[0-9０-９零]|百分|全覆盖|应.尽.|全部|杜绝|[一二两三四五六七八九十百千万]+[个次场项篇份家户名人]")
_HONOUR = re.compile(r"(?:取得|获得|荣获|争创|创建|评为).{2,}?(?:荣誉|称号|先进|示范|表彰|奖)")

_SHARE = re.compile(r"([\u4e00-\u9fff]{2})(?:[率数]|(?<=满意)度)$")
_OF_HONOUR = re.compile("荣誉|称号|先进|示范|表彰|奖|创建|争创")
_OF_EACH = re.compile(r"每|平均|[月日年]均")
_NEAR, _CERTAIN = 0.5, 0.7
_FEW = 5
_LONGEST_SIGN = 6  # characters, of 小于或者等于
# Whose satisfaction is promised in part one, in general.
_ANYBODY = re.compile(
    r"(?:社会|广大|人民|受益|办事|基层|被?服务|项目)*(?:群众|公众|对象|居民|百姓|企业和群众|师生|人员)?"
)


class Promise:
    """An indicator of part one: its name, its words as they stand, and its target, if it has one."""

    __slots__ = ("name", "target", "text")

    def __init__(self, name: str, text: str, target: Target | None) -> None:
        self.name = name
        self.text = text
        self.target = target


class _Measure:
    """An indicator of part two: what it is about, the unit (None without a number), and 完成 of a 完成率."""

    __slots__ = ("_stems", "_words", "name", "project", "rate", "row", "unit")

    def __init__(self, row: IndicatorRow, project: str) -> None:
        self.row = row
        self.project = project
        self.name = row.bare_name
        self.unit = None if row.target.number is None else _plain_unit(row.target.unit)
        self.rate = _rate(self.name)
        self._words = ""
        self._stems: tuple[str, ...] = ()

    def share(self, pairs: AbstractSet[str], least: float) -> float:
        """Return the share of some pairs of characters that this is about, 0 where they are fewer than `least`."""
        if not self._stems:
            self._stems = (_stem(self.name), _stem(bare(self.row.description)), _stem(self.project))
            self._words = "".join(self._stems)
        # Few have so many pairs even with the words that say nothing, and leaving these out takes time.
        if sum(map(self._words.__contains__, pairs)) < least:
            return 0.0
        words = "".join(map(core, self._stems))
        return sum(map(words.__contains__, pairs)) / len(pairs)


def promises_have_indicators(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K24 at the indicators of an activity that name something which no project measures, or measures otherwise.

    Review asks that goals and indicators correspond (相应匹配, 财预〔2015〕88号).
    """
    projects = rows(plan)
    measures: list[_Measure] = []
    if not projects:
        return
    odd = {one.path for one in odd_numbers(plan) if one.at_row}  # said already, at the target
    for path, text in plan.items("activity_goals", "indicators"):
        missing: list[str] = []
        promises = list(_promises(str(text)))
        if not promises and bare(str(text)) and not _FIGURE.search(str(text)):
            problem = "这里没有写出可以衡量的指标，第二部分无从对应"
            yield Remark("K24", path, {"problem": problem, "advice": "请写清指标名称和目标值。"})
        for promise in promises:
            measures = measures or _measures(projects)
            counterparts = _counterparts(promise, measures)
            if not counterparts:
                missing.append(promise.text)
            elif (other := _other_target(promise, counterparts)) and other.at("target") not in odd:
                problem = (
                    f"第一部分写“{_inside(promise.text)}”，第二部分“{_inside(other.name)}”的指标值是“{other.printed}”"
                )
                yield Remark("K24", path, {"problem": problem, "advice": "请核对，把两处改成一致。"})
        if missing:
            listed = "”“".join(map(_inside, missing))
            words = {"problem": f"“{listed}”在第二部分没有对应的指标", "advice": "请在有关项目里补上，或者从这里删去。"}
            yield Remark("K24", path, words)


def _inside(text: str) -> str:
    """Return `text` as it stands inside quotation marks."""
    return text.replace("“", "‘").replace("”", "’")


def _promises(text: str) -> Iterator[Promise]:
    for clause in _CLAUSE.split(text):
        clause = _NUMBERING.sub("", clause).strip()
        begin = 0
        found = list(_targets(clause))
        for start, end, target in found:
            name = _LEFT_OF_A_NUMBER.sub("", clause[begin:start].strip())
            # 举办4期培训班: what is counted stands behind the number.
            behind = clause[end:] if len(found) == 1 else ""
            begin = end
            if bare(name + behind):
                yield Promise(bare(name + behind), clause, target)
        if not found and (_HONOUR.search(clause) or _is_name(clause)):
            yield Promise(bare(clause), clause, None)


def _targets(clause: str) -> Iterator[tuple[int, int, Target]]:
    """Yield the targets in a clause, each with its place: numbers that have a sign or a unit, but no dates."""
    words = plain(clause)
    for found in _NUMBER.finditer(words):
        sign = _sign_before(words[max(0, found.start() - _LONGEST_SIGN) : found.start()])
        unit = unit_after(words[found.end() :])
        if unit.kind == "money" or (unit.kind == "quantity" and not countable(unit.typed) and not sign):
            continue  # what is spent is said by the budget
        if not sign and _OF_A_NAME.match(words, found.end()):
            continue  # 火情2小时扑灭率不低于95%
        end = found.end() + len(unit.typed)
        yield found.start() - len(sign), end, understand(sign + words[found.start() : end])


@lru_cache(maxsize=512)
def _sign_before(text: str) -> str:
    """Return the sign that `text` ends with, as a symbol or a word, or ''."""
    if text.endswith(("≥", "≤", "=", ">", "<")):
        return text[-1]
    return next((text[-size:] for size in range(_LONGEST_SIGN, 1, -1) if is_word(text[-size:])), "")


def _is_name(clause: str) -> bool:
    return len(clause) <= _LONGEST_NAME and bool(_MEASURED.search(bare(clause)))


def _measures(projects: Sequence[Project]) -> list[_Measure]:
    titles = [bare(str(project.values.get("project_name", ""))) for project in projects]
    return [_Measure(row, title) for project, title in zip(projects, titles, strict=True) for row in project.rows]


def _stem(name: str) -> str:
    return name[:-3] if len(name) > 2 and name.endswith(("率", "满意度")) else name


def _rate(name: str) -> str:
    """Return what a rate or number is of, 完成 of 工作完成率, or ''."""
    found = _SHARE.search(name) if name.endswith(("率", "数", "度")) else None
    return found[1] if found else ""


def _counterparts(promise: Promise, measures: Sequence[_Measure]) -> list[tuple[float, IndicatorRow]]:
    """Return the indicators that look like the one promised, each with how much, 1 at most."""
    target = promise.target
    if target is None and _HONOUR.search(promise.text):
        return [(1.0, one.row) for one in measures if one.name == promise.name or _OF_HONOUR.search(one.row.name)]
    found = [(1.0, one.row) for one in measures if one.name == promise.name]
    words = core(_stem(promise.name))
    pairs = pairs_of(words)
    is_vague = not pairs or _ANYBODY.fullmatch(words) is not None
    rate = _rate(promise.name) if promise.name.endswith(("率", "满意度")) else None
    least = _NEAR * len(pairs) if target is None else 1.0
    for one in _others(promise, rate, measures):
        share = one.share(pairs, least) if pairs else 0.0
        same_rate = not rate or one.rate in ("", rate)
        if target is not None and (share or _is_telling(target)) and _equal(target, one.row):
            # 绿化300亩 and 造林面积 ≥300亩: the number says what the words do not.
            likeness = max(share, _NEAR) if same_rate or not one.row.is_share else 0.0
        elif is_vague:
            likeness = _NEAR if same_rate else 0.0  # 工作完成率: of what, nobody knows
        else:
            likeness = share if same_rate and share >= _NEAR else 0.0
        if likeness:
            found.append((likeness, one.row))
    return found


def _others(promise: Promise, rate: str | None, measures: Sequence[_Measure]) -> list[_Measure]:
    """Return the indicators of another name that may be meant.

    Without a number in the promise of a rate these are the rates of the same, and with one those of a like unit.
    """
    if promise.target is not None:
        unit = _plain_unit(promise.target.unit)
        some = [one for one in measures if one.unit is not None and comparable_units(unit, one.unit)]
    elif rate is not None:
        some = [one for one in measures if one.rate and rate in ("", one.rate)]
    else:
        some = list(measures)
    return [one for one in some if one.name != promise.name]


def _is_telling(target: Target) -> bool:
    """Return whether a number is unlikely to stand in two places by chance."""
    return target.number is not None and (target.unit != "%" or target.number != 100) and target.number >= _FEW


@lru_cache(maxsize=256)
def _plain_unit(unit: str) -> str:
    """Return the unit without 万 before it and without what follows a slash."""
    return base(Decimal(1), unit)[1].partition("/")[0]


def _equal(target: Target, row: IndicatorRow) -> bool:
    if row.target.number is None or target.number is None:
        return False
    if not comparable_units(_plain_unit(target.unit), _plain_unit(row.target.unit)):
        return False
    return base(target.number, target.unit)[0] == base(row.target.number, row.target.unit)[0]


def _other_target(promise: Promise, counterparts: Sequence[tuple[float, IndicatorRow]]) -> IndicatorRow | None:
    """Return the indicator that plainly means the same and has another number, or None.

    Several indicators may share what is promised (240人 and 360人 of 600人), so then their sum will do.
    """
    target = promise.target
    if target is None or target.number is None or _OF_EACH.search(promise.text):
        return None
    if any(_equal(target, row) for _, row in counterparts):
        return None
    united = [row for _, row in counterparts if row.target.unit == target.unit and not row.is_doubted]
    if len(united) != 1 or max(likeness for likeness, _ in counterparts) < _CERTAIN:
        return None
    return united[0]


RULES = (promises_have_indicators,)
