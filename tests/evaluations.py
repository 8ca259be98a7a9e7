"""A well-made self-evaluation to change, and short ways to ask what the checks find in it."""

import json
from copy import deepcopy

from perfxl.pipeline.examine import examine
from perfxl.pipeline.repair import path_of
from perfxl.report_type import catalog, profile
from perfxl.report_type.json_data import loads
from perfxl.workbook.form.form import write

HOME = catalog.home()
TYPE = catalog.load(HOME, "self_evaluation")
RULES = profile.load(HOME)


def _row(dimension, category, name, sign, target, unit, weight, actual, **more):
    row = {"dimension": dimension, "category": category, "name": name, "sign": sign, "target": target}
    return {**row, "measure_unit": unit, "weight": weight, "actual": actual, **more}


VALID = {
    "document_type": "self_evaluation",
    "fiscal_year": 2025,
    "unit_name": "某市某局",
    "projects": [
        {
            "project_name": "培训经费",
            "supervising_department": "某市某局",
            "implementing_unit": "某市某局",
            "funding_lines": [
                {"source": "年度资金总额", "initial_budget": 40, "revised_budget": 50, "actual_expenditure": 45},
                {"source": "其中：当年财政拨款", "initial_budget": 30, "revised_budget": 35, "actual_expenditure": 33},
                {"source": "上年结转资金", "initial_budget": 10, "revised_budget": 10, "actual_expenditure": 7},
                {"source": "其他资金", "revised_budget": 5, "actual_expenditure": 5},
            ],
            "expected_goal": "做好培训。",
            "actual_achievement": "办班两期。",
            "indicators": [
                _row("产出指标", "数量指标", "培训人数", "≥", 100, "人", 20, 120),
                _row(
                    "产出指标",
                    "质量指标",
                    "出勤率",
                    "≥",
                    90,
                    "%",
                    10,
                    81,
                    variance_explanation="请假较多，下年提前通知。",
                ),
                _row("产出指标", "时效指标", "完成时间", "", "2025年12月31日", "", 10, "2025年10月", score=10),
                _row("产出指标", "成本指标", "人均成本", "≤", 400, "元", 10, 390),
                _row(
                    "效益指标",
                    "社会效益指标",
                    "业务能力",
                    "定性",
                    "提高",
                    "",
                    30,
                    "提高",
                    grade="达成年度指标",
                    score=28,
                    variance_explanation="个别学员未通过考试，下年补训。",
                ),
                _row("满意度指标", "服务对象满意度指标", "学员满意度", ">", 90, "%", 10, 96),
            ],
        }
    ],
}

REPORT = {
    "unit_short_name": "某局",
    "report_date": "2026年3月20日",
    "revenue_expenditure": {"total": 110, "last_year_total": 100, "reason": "增人"},
    "sections": [
        {"number": "一、", "heading": "基本情况", "insert": "收支情况"},
        {"number": "二、", "heading": "结论", "text": "全年共实施1个项目：培训经费。", "insert": "项目评分表"},
        {"number": "三、", "heading": "名单", "insert": "评价组名单"},
    ],
    "evaluation_team": [{"name": "甲", "post": "组长"}],
}


def changed(changes, base=VALID):
    """The data of the valid evaluation with some values changed: `{"projects[0].rating": "良"}`; None removes."""
    data = deepcopy(base)
    for text, value in changes.items():
        *way, last = path_of(text)
        node = data
        for step in way:
            node = node.setdefault(step, {}) if isinstance(node, dict) else node[step]
        if value is None:
            del node[last]
        elif isinstance(node, list) and last == len(node):
            node.append(value)
        else:
            node[last] = value
    return data


def values_of(data):
    """Data as a record holds it: numbers exact."""
    return loads(json.dumps(data).encode(), TYPE)


def book(changes, base=VALID):
    """The workbook of the valid evaluation with some values changed."""
    return write(TYPE, values_of(changed(changes, base)))


def examined(changes, base=VALID, rules=RULES):
    return examine(book(changes, base), "", HOME, lambda _: rules)


def findings(changes, base=VALID, rules=RULES):
    return examined(changes, base, rules).findings


def found(changes, base=VALID, rules=RULES):
    """Codes, gravity and cells of everything that is found: `("S01", "error", "自评表1!H10")`."""
    return [(one.code, one.severity, f"{one.sheet}!{one.cell}") for one in findings(changes, base, rules)]


def indicator(index, **values):
    """Changes to the indicator `index` of the only project."""
    return {f"projects[0].indicators[{index}].{key}": value for key, value in values.items()}


def line(index, **values):
    """Changes to a row of funds of the only project."""
    return {f"projects[0].funding_lines[{index}].{key}": value for key, value in values.items()}
