"""The formulas of the sheets, recalculated by LibreOffice, against Python's figures: the same to the cent."""

from decimal import Decimal

import pytest
from evaluations import HOME, REPORT, TYPE, VALID, changed, values_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfxl.model.record import leaves, names_only
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
