"""The rule on promises (K24): what part one says will be reached must have its indicator in part two.

The two parts are written by different hands, in different words; only what has no plausible counterpart is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from perfxl.checks.quantities import base, countable, plain, unit_after
from perfxl.checks.rows import Row, bare, rows
from perfxl.checks.signs import is_word
from perfxl.checks.targets import Target, understand
from perfxl.profile import Profile
from perfxl.record import Record
from perfxl.remark import Remark

# A number, but not one of a date, a document or a list.
_NUMBER = re.compile(
    r"(?<![*×÷/第0-9.])(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?![0-9.、．]|[)）〕]|\s*[年月号届时]|\s*日(?!内))\s*"
)
_CLAUSE = re.compile(r"[；;。，,\n]+")
_NUMBERING = re.compile(r"^\s*[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）、.．]\s*")
_LEFT_OF_A_NUMBER = re.compile(r"(?:达到?|为|在|保持|控制|实现|完成|共|约|累计)+$")
_MEASURED = re.compile(r"(?:[率数度]|数量|次数|人[数次]|面积|里程|成本)$")
_LONGEST_NAME = 24
_FIGURE = re.compile(r"[0-9０-９零]|百分|全覆盖|应.尽.|全部|杜绝|[一二两三四五六七八九十百千万]+[个次场项篇份家户名人]")
_HONOUR = re.compile(r"(?:取得|获得|荣获|争创|创建|评为).{2,}?(?:荣誉|称号|先进|示范|表彰|奖)")

_SHARE = re.compile(r"([\u4e00-\u9fff]{2})(?:[率数]|(?<=满意)度)$")
# What says nothing of the work: verbs of doing, words of counting.
_FILLING = re.compile(
    r"不[少低超][于过]|年度内?|全年|本年|当年|年内|完成|开展|组织|举办|召开|提交|进行|实施|做好|各类|各项|有关|相关|工作|任务|情况|达到|实现|数量|次数|人数"
    r"|家数|户数|人次|场次|批次|总[数量]|总额|里程|面积|及时|参与|[的了与及和等率数度量内]"
)
# Units that people use for the same things.
_ALIKE = (
    frozenset(("人", "名", "位", "人次", "个", "户", "家")),
    frozenset(("次", "场", "期", "场次", "班次", "班", "批次", "批", "个")),
    frozenset(("篇", "份", "个", "件", "条", "项", "部", "本", "册")),
    frozenset(("公里", "千米", "米")),
    frozenset(("台", "套", "台套", "辆", "件", "个", "处", "座", "所", "点", "张")),
    frozenset(("亩", "公顷", "平方米", "平方公里")),
)
_NEAR, _CERTAIN = 0.5, 0.7
_FEW = 5
_LONGEST_SIGN = 6  # characters, of 小于或者等于
# Whose satisfaction is promised in part one, in general.
_ANYBODY = re.compile(
    r"(?:社会|广大|人民|受益|办事|基层|被?服务|项目)*(?:群众|公众|对象|居民|百姓|企业和群众|师生|人员)?"
)


@dataclass(frozen=True, slots=True)
class Promise:
    """An indicator of part one: its name, its words as they stand, and its target, if it has one."""

    name: str
    text: str
    target: Target | None


def promises_have_indicators(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K24 at the indicators of an activity that name something which no project measures, or measures otherwise.

    Review asks that goals and indicators correspond (相应匹配, 财预〔2015〕88号).
    """
    del profile
    found = [(str(project.get("project_name", "")), row) for _, project, some in rows(plan) for row in some]
    if not found:
        return
    for path, text in plan.items("activity_goals", "indicators"):
        missing: list[str] = []
        promises = list(_promises(str(text)))
        if not promises and bare(str(text)) and not _FIGURE.search(str(text)):
            problem = "这里没有写出可以衡量的指标，第二部分无从对应"
            yield Remark("K24", path, {"problem": problem, "advice": "请写清指标名称和目标值。"})
        for promise in promises:
            counterparts = [(likeness, row) for name, row in found if (likeness := _likeness(promise, row, name))]
            if not counterparts:
                missing.append(promise.text)
            elif other := _other_target(promise, counterparts):
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
        sign = _sign_before(words[: found.start()])
        unit = unit_after(words[found.end() :])
        if unit.kind == "money" or (unit.kind == "quantity" and not countable(unit.typed) and not sign):
            continue  # what is spent is said by the budget
        end = found.end() + len(unit.typed)
        yield found.start() - len(sign), end, understand(sign + words[found.start() : end])


def _sign_before(text: str) -> str:
    """Return the sign that `text` ends with, as a symbol or a word, or ''."""
    if text.endswith(("≥", "≤", "=", ">", "<")):
        return text[-1]
    return next((text[-size:] for size in range(_LONGEST_SIGN, 1, -1) if is_word(text[-size:])), "")


def _is_name(clause: str) -> bool:
    return len(clause) <= _LONGEST_NAME and bool(_MEASURED.search(bare(clause)))


def _likeness(promise: Promise, row: Row, project: str) -> float:
    """Return how much an indicator looks like the one promised, 0 for not at all."""
    name = bare(row.name)
    if promise.name == name:
        return 1.0
    if promise.target is None and _HONOUR.search(promise.text):
        return 1.0 if re.search("荣誉|称号|先进|示范|表彰|奖|创建|争创", row.name) else 0.0
    if promise.target is not None and not _comparable_units(promise.target, row):
        return 0.0
    here, there = _pairs(_core(promise.name)), _pairs(_core(name) + _core(bare(row.description)) + _core(bare(project)))
    share = len(here & there) / len(here) if here else 0.0
    same = _same_measure(promise, row)
    if promise.target is not None and _equal(promise.target, row) and (share or _is_telling(promise.target)):
        # 绿化300亩 and 造林面积 ≥300亩: the number says what the words do not.
        return max(share, _NEAR) if same or not row.is_share else 0.0
    if not same:
        return 0.0
    if not here or _ANYBODY.fullmatch(_core(promise.name)):
        return _NEAR  # 工作完成率: of what, nobody knows
    return share if share >= _NEAR else 0.0


def _is_telling(target: Target) -> bool:
    """Return whether a number is unlikely to stand in two places by chance."""
    return target.number is not None and (target.unit != "%" or target.number != 100) and target.number >= _FEW


def _comparable_units(target: Target, row: Row) -> bool:
    if row.target.number is None:
        return False
    one, other = _unit(target), _unit(row.target)
    return one == other or not other or any(one in units and other in units for units in _ALIKE)


def _unit(target: Target) -> str:
    return _plain_unit(target.unit)


@lru_cache(maxsize=256)
def _plain_unit(unit: str) -> str:
    """Return the unit without 万 before it and without what follows a slash."""
    return base(Decimal(1), unit)[1].partition("/")[0]


def _same_measure(promise: Promise, row: Row) -> bool:
    """Return whether two rates are rates of the same kind: 完成率 and 出勤率 are not."""
    one, other = _SHARE.search(promise.name), _SHARE.search(bare(row.name))
    rate = promise.name.endswith(("率", "满意度"))
    if rate and promise.target is None and not other:
        return False
    return not rate or not other or one is None or one[1] == other[1]


@lru_cache(maxsize=4096)
def _core(name: str) -> str:
    return _FILLING.sub(" ", re.sub(r"..率$|满意度$", "", name))


@lru_cache(maxsize=4096)
def _pairs(core: str) -> frozenset[str]:
    return frozenset(core[at : at + 2] for at in range(len(core) - 1) if " " not in core[at : at + 2])


def _equal(target: Target, row: Row) -> bool:
    if row.target.number is None or target.number is None or not _comparable_units(target, row):
        return False
    return base(target.number, target.unit)[0] == base(row.target.number, row.target.unit)[0]


def _other_target(promise: Promise, counterparts: Sequence[tuple[float, Row]]) -> Row | None:
    """Return the indicator that plainly means the same and has another number, or None.

    Several indicators may share what is promised (240人 and 360人 of 600人), so then their sum will do.
    """
    target = promise.target
    if target is None or target.number is None or re.search(r"每|平均|[月日年]均", promise.text):
        return None
    if any(_equal(target, row) for _, row in counterparts):
        return None
    united = [row for _, row in counterparts if row.target.unit == target.unit and not row.is_doubted]
    if len(united) != 1 or max(likeness for likeness, _ in counterparts) < _CERTAIN:
        return None
    return united[0]


RULES = (promises_have_indicators,)
