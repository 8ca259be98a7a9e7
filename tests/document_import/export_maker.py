"""Exports as provincial systems give them, made of the right data of the originals."""

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter

EXAMPLES = Path(__file__).parents[2] / "examples"
PLANS = sorted(
    path.stem
    for path in EXAMPLES.glob("*-*.json")
    if path.with_suffix(".docx").exists() and "evaluation" not in path.stem
)
MAPPING = EXAMPLES / "exports" / "mapping.json"

SIGNS = {"≥": "大于等于", "≤": "小于等于", "=": "等于", ">": "大于", "<": "小于"}
UNIT = ("预算年度", "单位编码", "单位名称")
PROJECT = ("项目编码", "项目名称", "预算数", "其中：财政资金", "其他资金", "资金用途")
SCHEDULE = ("3月底", "6月底", "10月底", "12月底")
INDICATOR = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "计算符号", "指标值", "计量单位", "指标值确定依据")

_INDICATOR_KEYS = ("dimension", "category", "name", "description", "sign", "target", "measure_unit", "target_basis")


def plan(name):
    return json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))


def unit_cells(data):
    return [data["fiscal_year"], data["unit_code"], data["unit_name"]]


def project_cells(project):
    keys = ("project_code", "project_name", "budget_amount", "fiscal_funds", "other_funds", "use_of_funds")
    return [project.get(key) for key in keys]


def schedule_cells(project):
    return [project.get("expenditure_schedule", {}).get(key) for key in ("by_mar", "by_jun", "by_oct", "by_dec")]


def goals_cell(project):
    return "\n".join(project["performance_goals"])


def indicator_cells(indicator):
    cells = [indicator.get(key) for key in _INDICATOR_KEYS]
    cells[4] = SIGNS.get(cells[4], cells[4])
    return cells


def flat_rows(names):
    """A row for every indicator, with all that it belongs to."""
    header = [*UNIT, *PROJECT, *SCHEDULE, "绩效目标", *INDICATOR]
    rows = [
        [
            *unit_cells(data),
            *project_cells(project),
            *schedule_cells(project),
            goals_cell(project),
            *indicator_cells(one),
        ]
        for data in map(plan, names)
        for project in data["projects"]
        for one in project["indicators"]
    ]
    return header, rows


def workbook(*sheets):
    """A workbook of sheets, each a title, its rows, and the cells that are merged."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows, merged in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for each in merged:
            sheet.merge_cells(each)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def flat(names):
    header, rows = flat_rows(names)
    return workbook(("Sheet1", [header, *rows], ()))


def two_rows_of_names(names):
    """A title, names in two rows, running numbers, a column that nobody knows, and a row of totals."""
    header, rows = flat_rows(names)
    at = header.index("3月底")
    upper = ["序号", *header[:at], "资金支出计划（%）", None, None, None, *header[at + 4 :], "指标方向"]
    lower = [None] * (at + 1) + list(SCHEDULE)
    merged = ["A1:F1", f"{get_column_letter(at + 2)}2:{get_column_letter(at + 5)}2"]
    for column in range(1, len(upper) + 1):
        if not at + 2 <= column <= at + 5:
            merged.append(f"{get_column_letter(column)}2:{get_column_letter(column)}3")
    body = [[number, *row, "正向"] for number, row in enumerate(rows, 1)]
    return workbook(("绩效", [["项目支出绩效目标表"], upper, lower, *body, ["合计", *[None] * 5, 1234.5]], merged))


def merged_by_project(names):
    """What a project has once stands in cells that are merged over the rows of its indicators."""
    header, rows = flat_rows(names)
    once = header.index("一级指标")
    merged, start, kept = [], 0, []
    for number, row in enumerate(rows):
        same = number > 0 and row[:once] == rows[number - 1][:once]
        kept.append([None] * once + row[once:] if same else row)
        if not same:
            start = number
        if number + 1 == len(rows) or rows[number + 1][:once] != row[:once]:
            for column in range(1, once + 1) if number > start else ():
                letter = get_column_letter(column)
                merged.append(f"{letter}{start + 2}:{letter}{number + 2}")
    return workbook(("绩效", [header, *kept], merged))


def two_sheets(names):
    """The projects on one sheet, and on another their indicators, which only the code of the project connects."""
    plans = [plan(name) for name in names]
    first = [
        [*unit_cells(data), *project_cells(project), *schedule_cells(project), goals_cell(project)]
        for data in plans
        for project in data["projects"]
    ]
    second = [
        [project["project_code"], *indicator_cells(one)]
        for data in plans
        for project in data["projects"]
        for one in project["indicators"]
    ]
    return workbook(
        ("项目", [[*UNIT, *PROJECT, *SCHEDULE, "绩效目标"], *first], ()),
        ("指标", [["项目编码", *INDICATOR], *second], ()),
    )


def goals_in_rows(names):
    """Every goal of a project beside every one of its indicators, as a database joins them."""
    rows = [
        [*unit_cells(data), *project_cells(project), *schedule_cells(project), goal, *indicator_cells(one)]
        for data in map(plan, names)
        for project in data["projects"]
        for goal in project["performance_goals"]
        for one in project["indicators"]
    ]
    return workbook(("Sheet1", [[*UNIT, *PROJECT, *SCHEDULE, "绩效目标", *INDICATOR], *rows], ()))


def comma_separated(names, encoding="gb18030"):
    header, rows = flat_rows(names)
    stream = StringIO(newline="")
    csv.writer(stream).writerows([header, *rows])
    return stream.getvalue().encode(encoding)


def nested_json(names):
    """Units with their projects, and these with their goals and indicators."""
    told = [
        {
            **dict(zip(UNIT, unit_cells(data), strict=True)),
            "项目列表": [
                {
                    **dict(zip(PROJECT, project_cells(project), strict=True)),
                    "资金支出计划": dict(zip(SCHEDULE, schedule_cells(project), strict=True)),
                    "绩效目标": project["performance_goals"],
                    "绩效指标": [
                        dict(zip(INDICATOR, indicator_cells(one), strict=True)) for one in project["indicators"]
                    ],
                }
                for project in data["projects"]
            ],
        }
        for data in map(plan, names)
    ]
    return json.dumps({"code": 0, "data": told}, ensure_ascii=False).encode()


def flat_json(names):
    header, rows = flat_rows(names)
    return json.dumps([dict(zip(header, row, strict=True)) for row in rows], ensure_ascii=False).encode()


MAKES = (
    flat, two_rows_of_names, merged_by_project, two_sheets, goals_in_rows, comma_separated, nested_json, flat_json,
)  # fmt: skip
