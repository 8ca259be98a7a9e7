"""The formulas of the sheets, recalculated by LibreOffice, against Python's figures: the same to the cent."""

from decimal import Decimal

import pytest
from evaluations import HOME, REPORT, RULES, TYPE, VALID, changed, values_of
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from perfxl.computation.derived_values import completed
from perfxl.model.record import Record, leaves, names_only
from perfxl.pipeline.examine import examine
from perfxl.workbook.form.form import write

FORMULAS = {field.path for sheet in TYPE.sheets for field in sheet.inputs() if field.formula}
# The summary is computed row by row out of the other sheets; its rows are no data as long as nobody types into them.
SUMMARY = ("project_scores",)


def figures(values):
    return {path: value for path, value in leaves(values) if names_only(path) in FORMULAS and path[:1] != SUMMARY}


def recalculated(office, data):
    """What the sheets compute, and what Python does, of a workbook without any result in it."""
    book = write(TYPE, values_of(data))
    computed = examine(book, "", HOME).record
    assert not any(path in figures(computed.values) for path in figures(computed.shown) if path not in typed(data))
    return figures(examine(office.edited(book), "", HOME).record.values), figures(computed.shown)


def typed(data):
    return {path for path, _ in leaves(values_of(data))}


@pytest.mark.office
def test_sheets_and_python_agree_on_a_whole_evaluation(office):
    sheets, python = recalculated(office, {**VALID, **REPORT})
    assert sheets == python
    assert python["revenue_text",] == (
        "2025年度收支总计（含结转和结余）110.00万元。与2024年度决算相比，收支各增加10.00万元，增长10.00%，主要原因是增人。"
    )
    assert [value for path, value in sorted(python.items(), key=str) if path[-1] == "level"] == [1, 1, 1]


@pytest.mark.office
def test_a_blank_form_computes_nothing(office):
    record = examine(office.edited(TYPE.workbook.read_bytes()), "", HOME).record
    assert figures(record.values) == {
        ("sections", index, "level"): (1 if "、" in row["number"] else 2)
        for index, row in enumerate(TYPE.preset["sections"])
        if "number" in row
    }


@pytest.mark.office
def test_the_summary_shows_the_sheets_of_the_projects(office):
    other = changed({"projects[0].project_name": "乙", "projects[0].indicators[0].actual": 50})["projects"][0]
    data = {**VALID, "projects": [*VALID["projects"], other]}
    saved = examine(office.edited(write(TYPE, values_of(data))), "", HOME).record
    shown = saved.shown
    assert [(line["project_name"], line["score"], line["rating"]) for line in shown["project_scores"]] == [
        ("培训经费", Decimal(96), "优"),
        ("乙", Decimal(86), "良"),
    ]
    assert (saved.values["total_score"], saved.values["rating"]) == (91, "优")


def amounts(most):
    return st.decimals(0, most, places=2)


values = st.one_of(st.integers(0, 200), st.decimals(0, 200, places=1), st.decimals(0, 200, places=2), st.just(0))
row = st.fixed_dictionaries(
    {
        "dimension": st.just("产出指标"),
        "category": st.sampled_from(["数量指标", "成本指标"]),
        "name": st.just("指标"),
        "target": values,
        "actual": values,
        "weight": st.one_of(st.integers(0, 30), st.decimals(0, 30, places=1)),
    },
    optional={"sign": st.sampled_from(["≥", ">", "=", "≤", "<", "定性"])},
)
line = st.fixed_dictionaries(
    {"source": st.sampled_from(["财政拨款", "其他资金", "上年结转"])},
    optional={key: amounts(5000) for key in ("initial_budget", "revised_budget", "actual_expenditure")},
)
total = st.fixed_dictionaries(
    {"source": st.sampled_from(["年度资金总额", "合计", "基本支出"]), "actual_expenditure": amounts(5000)},
    optional={"initial_budget": amounts(5000), "revised_budget": amounts(5000)},
)
project = st.builds(
    lambda name, first, lines, rows: {"project_name": name, "funding_lines": [first, *lines], "indicators": rows},
    st.sampled_from(["甲", "乙", "丙"]),
    total,
    st.lists(line, max_size=4),
    st.lists(row, min_size=1, max_size=25),
)


@pytest.mark.office
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    projects=st.lists(project, min_size=3, max_size=6),
    reverse=st.sampled_from([None, "按超出比例扣分", "目标值÷实际值"]),
    deduction=st.sampled_from([None, 0, 2, 3.5]),
    money=st.tuples(amounts(9000), amounts(9000)),
)
def test_sheets_and_python_agree_to_the_cent(office, projects, reverse, deduction, money):
    data = {
        "document_type": TYPE.id, "fiscal_year": 2025, "unit_name": "某局", "reverse_scoring": reverse,
        "deviation_deduction": deduction, "projects": projects,
        "revenue_expenditure": {"total": money[0], "last_year_total": money[1]},
    }  # fmt: skip
    data = plain({key: value for key, value in data.items() if value is not None})
    sheets, python = recalculated(office, data)
    assert sheets == python


PERCENTS = st.one_of(st.integers(0, 120), st.decimals(0, 120, places=1), st.decimals(0, 5, places=2))
WAYS = st.sampled_from(["number", "text", "percent", "percent as text", "wide percent as text", "with its sign"])


@pytest.mark.office
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["≥", ">", "=", "≤", "<", ""]), PERCENTS, WAYS, PERCENTS, WAYS),
        min_size=5,
        max_size=30,
    ),
    unit=st.sampled_from(["%", "％"]),
    reverse=st.sampled_from([None, "目标值÷实际值"]),
)
@example([("≥", 90, "number", 96, "percent")], "%", None)
@example([("≤", 2, "number", 3, "percent"), ("≤", 2, "percent", 1, "number")], "%", None)
def test_sheets_and_python_agree_however_a_percentage_is_typed(office, rows, unit, reverse):
    indicators = [
        {"dimension": "产出指标", "category": "质量指标", "name": f"率{index}", "measure_unit": unit, "weight": 10}
        | ({"sign": sign} if sign else {})
        for index, (sign, *_) in enumerate(rows)
    ]
    steps = []
    for index, (sign, target, how_target, actual, how_actual) in enumerate(rows):
        for column, number, how in (("E", target, how_target), ("H", actual, how_actual)):
            content = in_cell(number, how, sign if column == "E" else "")
            action = "enter" if how == "percent" else "put"
            steps.append([action, "自评表1", f"{column}{23 + index}", content])
    data = {"document_type": TYPE.id, "fiscal_year": 2025, "unit_name": "某局", "reverse_scoring": reverse}
    data["projects"] = [{"project_name": "甲", "indicators": indicators}]
    book = write(TYPE, values_of({key: value for key, value in data.items() if value is not None}))
    record = examine(office.edited(book, steps), "", HOME).record
    sheets = figures(record.values)
    again = completed(Record(without_figures(record.values)), TYPE, RULES)
    assert sheets == figures(again.shown)
    assert {("projects", 0, "indicators", index, "score") for index in range(len(rows))} <= sheets.keys()


def in_cell(number, how, sign):
    """A percentage as somebody types it, or as it comes by copying."""
    shown = f"{number:f}" if isinstance(number, Decimal) else str(number)
    texts = {
        "number": float(number),
        "text": shown,
        "percent": f"{shown}%",
        "percent as text": f"{shown}%",
        "wide percent as text": f"{shown}％",
        "with its sign": f"{sign}{shown}%",
    }
    return texts[how]


def without_figures(value, here=()):
    if isinstance(value, dict):
        kept = {key: without_figures(member, (*here, key)) for key, member in value.items()}
        return {key: member for key, member in kept.items() if (*here, key) not in FORMULAS}
    return [without_figures(member, here) for member in value] if isinstance(value, list) else value


def plain(value):
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.office
def test_sheets_and_python_agree_on_lists_longer_than_the_form(office):
    (first,) = VALID["projects"]
    rows = [{**row, "weight": 0.5, "score": 0.4} for row in first["indicators"]] + [
        {**first["indicators"][0], "name": f"指标{index}", "weight": 1, "actual": index} for index in range(90)
    ]
    lines = [*first["funding_lines"], *({"source": f"资金{n}", "actual_expenditure": n} for n in range(12))]
    data = {**VALID, "projects": [{**first, "indicators": rows, "funding_lines": lines}]}
    sheets, python = recalculated(office, data)
    assert sheets == python
    assert python["projects", 0, "total_score"] == 2 + 9 + Decimal("0.4") + 40 + Decimal("0.05")
