"""Rules on indicators (family K)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from perfxl.profile import Profile
from perfxl.record import Record
from perfxl.remark import Remark

# 财预〔2015〕88号 and 财预〔2021〕101号: the second levels of each first level. Where cost is a first level of its own,
# some offices still list economic cost under output.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标", "经济成本指标", "社会成本指标", "生态环境成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标", "满意度指标"),
    "成本指标": ("经济成本指标", "社会成本指标", "生态环境成本指标", "成本指标"),
}


def categories_belong_to_dimensions(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K03 where a second level stands under a first level to which it does not belong."""
    del profile
    for path, indicator in plan.items("projects", "indicators"):
        dimension, category = indicator.get("dimension"), indicator.get("category")
        right = [name for name, members in LEVELS.items() if category in members]
        if dimension in LEVELS and right and dimension not in right:
            words = {"category": category, "dimension": dimension, "advice": f"一级指标请改为“{right[0]}”。"}
            yield Remark("K03", (*path, "dimension"), words)


def indicators_are_distinct(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K21 at the second of two indicators of a project that have the same name."""
    del profile
    for path, indicators in plan.items("projects"):
        seen: dict[str, int] = {}
        for number, indicator in enumerate(_indicators(indicators), start=1):
            name = "".join(str(indicator.get("name", "")).split())
            first = seen.setdefault(name, number)
            if name and first != number:
                words = {"value": indicator["name"], "first": first, "second": number}
                yield Remark("K21", (*path, "indicators", number - 1, "name"), words)


def _indicators(project: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    indicators: list[Mapping[str, Any]] = project.get("indicators", [])
    return indicators


RULES = (categories_belong_to_dimensions, indicators_are_distinct)
