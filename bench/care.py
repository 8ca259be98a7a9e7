"""What units mend before they hand a plan in: most of them most kinds of faults, and none of them all."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

_LEFT = 0.12  # how often a unit leaves a kind of fault as it is
_SHARES = (80, 85, 90, 92, 95, 98)
_YEAR = re.compile(r"[\[【（(](20\d\d)[\]】）)](?=\d+ ?号)")
_NARROW = str.maketrans(",;:?!", "，；：？！")
_AFTER_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff])[,;:?!]")
_UNIT = re.compile(r"[（(]%[）)]")
_SCHEDULE = ("by_mar", "by_jun", "by_oct", "by_dec")

Line = dict[str, Any]


def _target(line: Line, project: Mapping[str, Any], chance: random.Random) -> None:
    """What was copied out of several cells into one."""
    if isinstance(line["target"], str) and re.match(r"≥[\d.]+", line["target"]):
        if line["category"] == "成本指标":
            line |= {"sign": "≤", "target": project["budget_amount"], "measure_unit": "万元"}
        else:
            line |= {"sign": "≥", "target": chance.choice(_SHARES), "measure_unit": "%"}


def _sign(line: Line, _project: Mapping[str, Any], _chance: random.Random) -> None:
    line["sign"] = {">": "≥", "<": "≤"}.get(line.get("sign", ""), line.get("sign"))
    if line["sign"] is None and isinstance(line["target"], int | Decimal):
        line["sign"] = "≤" if line["category"] == "成本指标" else "≥"


def _name(line: Line, _project: Mapping[str, Any], _chance: random.Random) -> None:
    if line.get("measure_unit") == "%":
        line["name"] = _UNIT.sub("", line["name"])


def _description(line: Line, _project: Mapping[str, Any], chance: random.Random) -> None:
    if line.get("description") == line["name"]:
        source = chance.choice(("台账", "签到表", "验收单", "办结记录", "统计报表", "财务账"))
        line["description"] = f"全年{line['name']}，按{chance.choice(('每月', '每季度', '年末'))}的{source}统计"


def _basis(line: Line, project: Mapping[str, Any], chance: random.Random) -> None:
    if "年" in line.get("target_basis", "") and len(line["target_basis"]) < 12:
        line["target_basis"] = f"《{project['project_name']}实施方案》第{chance.randint(1, 30)}条"


def _punctuation(line: Line, _project: Mapping[str, Any], _chance: random.Random) -> None:
    for key in ("name", "description", "target_basis"):
        if isinstance(line.get(key), str):
            line[key] = punctuated(line[key])


def punctuated(text: str) -> str:
    """Return a text with the wide marks that Chinese has."""
    text = _YEAR.sub(r"〔\1〕", text)
    return _AFTER_CHINESE.sub(lambda found: found[0].translate(_NARROW), text)


_KINDS: tuple[Callable[[Line, Mapping[str, Any], random.Random], None], ...] = (
    _target, _sign, _name, _description, _basis, _punctuation,
)  # fmt: skip


def mended(projects: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    """Return the projects of one unit with most kinds of faults mended, each of them in all projects or in none."""
    kinds = [kind for kind in _KINDS if chance.random() > _LEFT]
    says_use = chance.random() > _LEFT
    schedules = chance.random() > _LEFT
    for project in projects:
        if schedules:
            quarter = chance.randint(5, 28)
            steps = (quarter, 2 * quarter, 3 * quarter, 100)
            project["expenditure_schedule"] = dict(zip(_SCHEDULE, steps, strict=True))
        if says_use and project["project_name"] in project["use_of_funds"]:
            project["use_of_funds"] = f"用于{project['project_name']}所需的场地、资料、劳务和差旅支出。"
        for line in project["indicators"]:
            for kind in kinds:
                kind(line, project, chance)
            if line.get("sign") is None:
                line.pop("sign", None)
    return projects
