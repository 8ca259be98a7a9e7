"""Rules on the indicators of a project (family K): whether they are all there, in their place, named and described.

What a target says is looked at in target_rules, fitting and costs, and indicators side by side in consistency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from perfxl.checks.plan.free_texts import has
from perfxl.checks.targets.indicator_names import ends_as
from perfxl.checks.targets.indicator_rows import IndicatorRow, bare, each, rows, unit_in_name, without_unit
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

# 财预〔2015〕88号 and 财预〔2021〕101号: the second levels of each first level, for those that a profile leaves out.
# Where cost is a first level of its own, some offices still list economic cost under output.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标", "经济成本指标", "社会成本指标", "生态环境成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标", "满意度指标"),
    "成本指标": ("经济成本指标", "社会成本指标", "生态环境成本指标", "成本指标"),
}


_INDICATORS = ("projects", "indicators")


def dimensions_are_all_there(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K01 at the indicators of a project that has none of a first level which the office asks for.

    Completeness is the first thing that 财预〔2015〕88号 has reviewed; which levels are needed is for the profile.
    """
    owners = _owners(profile)
    for path, project, found in rows(plan) if has(plan, *_INDICATORS, "dimension") else ():
        there = {row.dimension for row in found} | {owners.get(row.category) for row in found}
        missing = [name for name in profile.required_dimensions if name not in there]
        if missing:
            words = {"name": project.get("project_name", ""), "missing": "”“".join(missing)}
            yield Remark("K01", (*path, "indicators"), words)


def _owners(profile: Profile) -> dict[str, str]:
    """Return the first level of each second level that this office knows; the first one, where it stands under two."""
    return {category: name for name, members in [*profile.levels.items()][::-1] for category in members}


def categories_are_all_there(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K02 at the indicators of a project that lacks a second level which the office asks for.

    Says nothing where the whole first level is missing (K01). Any cost indicator will do for cost.
    """
    owners = _owners(profile)
    for path, _, found in rows(plan) if has(plan, *_INDICATORS, "category") else ():
        there = {row.category for row in found}
        costs = {"成本指标"} if any("成本" in category for category in there) else set()
        lacking = [name for name in profile.required_categories if name not in there and name not in costs]
        if not lacking:
            continue
        levels = {row.dimension for row in found} | {owners.get(category) for category in there} | {None}
        missing = [name for name in lacking if owners.get(name) in levels]
        if missing:
            yield Remark("K02", (*path, "indicators"), {"missing": "”“".join(missing)})


def categories_belong_to_dimensions(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K03 where a second level stands under a first level to which it does not belong.

    The first level follows the second in the form, so the second is the cell to mend.
    """
    owners = _owners(profile)
    wrong: dict[tuple[str, str], str] = {}
    for dimension, category in {(row.dimension, row.category) for row in each(plan)}:
        usual = [name for name, members in LEVELS.items() if category in members]
        own = [name for name, members in profile.levels.items() if category in members]
        right = [*usual, *own]
        if dimension and right and dimension not in right:
            wrong[dimension, category] = owners.get(category) or right[0]
    for row in each(plan) if wrong else ():
        if proper := wrong.get((row.dimension, row.category)):
            words = {
                "category": row.category,
                "dimension": row.dimension,
                "advice": f"请核对二级指标；如果没有错，一级指标应是“{proper}”。",
            }
            yield Remark("K03", row.at("category"), words)


_FIELDS = {"name": "三级指标", "description": "绩效指标描述", "target": "指标值", "target_basis": "指标值确定依据"}
_NOTHING = re.compile(r"[\s\W_]*")


def cells_hold_something(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K04 at a cell of an indicator that holds only a dash or a slash. Blank ones are found by the schema."""
    for row in each(plan):
        for field, label in _FIELDS.items():
            value = row.values.get(field)
            if isinstance(value, str) and value and not value[0].isalnum() and _NOTHING.fullmatch(value):
                yield Remark("K04", row.at(field), {"n": row.number, "label": label})


_VERBS = re.compile(r"^(?:确保|保障|保证|实现|达到|满足|做到|能够|可以)")
_CHECKABLE = re.compile(r"[0-9零无不]|国家|省级|标准")


def descriptions_say_more_than_names(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K16 where the description or the target only repeats the name, or the target the description.

    Some names need no description (群众满意度, 培训人数). A target that can be checked by itself (零事故) may have the
    words of its name.
    """
    for row in each(plan):
        if _says_its_name(row) and not ends_as("self_explaining", row.bare_name):
            yield Remark("K16", row.at("description"), _repeated("绩效指标描述", "三级指标", row.name))
        if row.target.kind != "qualitative":
            continue
        name, description, value = row.bare_name, bare(row.description), bare(row.printed)
        if len(value) < 2 or _CHECKABLE.search(value):
            continue
        other = next((label for label, text in (("三级指标", name), ("绩效指标描述", description))
                      if value in (text, _VERBS.sub("", text))), None)  # fmt: skip
        if other:
            yield Remark("K16", row.at("target"), _repeated("指标值", other, row.printed))


def _says_its_name(row: IndicatorRow) -> bool:
    """Return whether a description only repeats the name."""
    name, first = row.bare_name, row.description[:1]
    # Most begin otherwise, and need no closer look.
    if not name or (first.isalnum() and first != name[0] and first != "的"):
        return False
    return row.description == row.name or bare(row.description) == name


def _repeated(one: str, other: str, value: str) -> dict[str, str]:
    advice = "请写清做到什么程度。" if one == "指标值" else "请写清怎样计算、怎样衡量。"
    return {"one": one, "other": other, "value": value, "advice": advice}


_END_OF_A_NAME = re.compile(r"(?:[率数度量次额期值]|人数|情况|时间|时限|期限|成本|费用|标准|面积|里程|程度|及时性)$")
_NUMBERED = re.compile(
    r"(?:^|\s|(?<=[；;。，,]))(?:[1-9]|[一二三四五六])[、.．)）](?!\d)|[（(](?:[1-9]|[一二三四五六])[)）]"
)


def one_indicator_a_cell(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K19 at a name that holds several indicators: on several lines, numbered, or joined by a mark or a word."""
    for row in each(plan):
        count = _indicators_in(row) if not row.name.isalnum() else 1
        if count == 1:
            count = len(_joined(row.name))
        if count > 1:
            yield Remark("K19", row.at("name"), {"n": count, "value": row.name})


_JOINED = re.compile(
    r"(?<=[率数度量次额积程长])(?:[、，,]|以及|[和及与])(?=[^、，,和及与]{2,}(?:[率数度]|数量|人次|次数|面积|里程|长度|金额)$)"
)


@lru_cache(maxsize=2048)
def _joined(name: str) -> list[str]:
    """Return the indicators in a name that joins them: 改造户数、培训人数. Each ends as names of indicators do."""
    parts = _JOINED.split(name)
    return parts if all(len(part) > 2 and _END_OF_A_NAME.search(part) for part in parts) else [name]


def _indicators_in(row: IndicatorRow) -> int:
    numbered = len(_NUMBERED.findall(row.name))
    if numbered > 1:
        return numbered
    parts = [part for part in row.name.replace("；", ";").split(";") if len(bare(part)) > 1]
    if len(parts) > 1:
        return len(parts)
    lines = [line.strip() for line in row.name.splitlines() if len(bare(line)) > 1]
    # A name copied from a PDF is broken where the column ends, in the middle of a word.
    whole = any(_END_OF_A_NAME.search(bare(line)) for line in lines[:-1])
    return len(lines) if len(lines) > 1 and (whole or "\n" in row.description) else 1


def indicators_are_distinct(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K21 at the second of two indicators of a project that have the same name."""
    for _, _, found in rows(plan):
        seen: dict[str, int] = {}
        for row in found:
            name = "".join(row.name.split())
            first = seen.setdefault(name, row.number)
            if name and first != row.number:
                words = {"value": row.name, "first": first, "second": row.number}
                yield Remark("K21", row.at("name"), words)


def units_stand_once(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K25, with the shorter name, where name and target both have the unit: 出勤率（%） with ≥90%."""
    for row in each(plan):
        unit = unit_in_name(row.name)
        if unit and unit == row.target.unit and row.target.number is not None:
            words = {"unit": unit, "value": row.name}
            yield Remark("K25", row.at("name"), words, repair=without_unit(row.name))


RULES = (
    dimensions_are_all_there,
    categories_are_all_there,
    categories_belong_to_dimensions,
    cells_hold_something,
    descriptions_say_more_than_names,
    one_indicator_a_cell,
    indicators_are_distinct,
    units_stand_once,
)
