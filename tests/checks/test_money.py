"""Family M: the amounts of a project, what its texts say of them, and the plan of expenditure."""

import pytest
from plans import filled, findings, found

BUDGET, FISCAL, OTHER = (f"projects[0].{key}" for key in ("budget_amount", "fiscal_funds", "other_funds"))
USE, NAME = "projects[0].use_of_funds", "projects[0].project_name"
MAR, JUN, OCT, DEC = (f"projects[0].expenditure_schedule.by_{month}" for month in ("mar", "jun", "oct", "dec"))
COST = "projects[0].indicators[3]"


def repairs(record, code):
    return [one.repair for one in findings(record, code)]


def test_findings_are_the_same_through_the_workbook(book):
    changes = {BUDGET: "250万", DEC: "1.00", USE: "高素质农民培训"}
    assert found(book(changes), "M") == found(filled(changes), "M")
    assert found(book(changes), "M") == [("M02", "项目1!C5"), ("M09", "项目1!B6"), ("M04", "项目1!G8")]


# M01 parts and total


@pytest.mark.parametrize(("fiscal", "other"), [(1.2, None), (35.99, None), (36, 0.01), (0, 0)])
def test_parts_that_do_not_add_up_are_reported_at_the_total(fiscal, other):
    assert found(filled({FISCAL: fiscal, OTHER: other if other is not None else 0}), "M") == [("M01", "项目1!C5")]


@pytest.mark.parametrize(("fiscal", "other"), [(36, 0), (30.5, 5.5), (0, 36)])
def test_parts_that_add_up_pass(fiscal, other):
    assert found(filled({FISCAL: fiscal, OTHER: other}), "M") == []


def test_the_unit_of_the_plan_is_that_of_the_message():
    plan = filled({"currency_unit": "元", FISCAL: 30})
    assert [one.message for one in findings(plan, "M01")] == ["预算数36元 ≠ 财政资金30 + 其他资金0，差6元。"]


# M02 amounts


@pytest.mark.parametrize(
    ("value", "repair"),
    [
        ("250万", "250"),
        ("250万元", "250"),
        ("２５０万元", "250"),
        ("人民币250万元整", "250"),
        ("2,500元", "0.25"),
        ("0.25亿元", "2500"),
        ("约36万", "36"),
        ("12345元", None),
        ("贰佰伍拾万", None),
        ("36万至40万", None),
        ("待定", None),
    ],
)
def test_an_amount_in_words_is_reported_with_the_number_that_it_surely_is(value, repair):
    plan = filled({BUDGET: value})
    assert found(plan, "M") == [("M02", "项目1!C5")]
    assert repairs(plan, "M02") == [repair]


def test_an_amount_in_words_of_a_plan_in_yuan_is_read_in_yuan():
    assert repairs(filled({"currency_unit": "元", BUDGET: "25万元"}), "M02") == ["250000"]


@pytest.mark.parametrize("value", [-1, 36.005, None])
def test_an_amount_that_is_negative_or_too_fine_or_missing_has_no_repair(value):
    plan = filled({BUDGET: value})
    assert found(plan, "M02") == [("M02", "项目1!C5")]
    assert repairs(plan, "M02") == [None]


def test_other_funds_may_be_blank_or_nothing():
    assert found(filled({"projects[1].other_funds": None, "projects[1].fiscal_funds": 24.5}), "M") == []
    assert found(filled({OTHER: 0}), "M") == []


# M03 nothing


def test_a_budget_of_nothing_is_doubted():
    assert found(filled({BUDGET: 0, FISCAL: 0}), "M") == [("M03", "项目1!C5")]
    assert found(filled({BUDGET: 0.01, FISCAL: 0.01}), "M") == []


# M04, M05, M06 the schedule


@pytest.mark.parametrize(
    ("field", "value", "cell", "repair"),
    [
        (DEC, "1.00", "G8", "100"),
        (DEC, 1, "G8", "100"),
        (DEC, "全部支出", "G8", "100"),
        (OCT, "0.8", "E8", "80"),
        (OCT, 0.8, "E8", "80"),
        (OCT, 8000, "E8", "80"),
        (OCT, "80左右", "E8", "80"),
        (OCT, 150, "E8", None),
        (OCT, "第三季度", "E8", None),
        (MAR, "1.00", "B8", None),
        (MAR, -5, "B8", None),
    ],
)
def test_a_schedule_cell_that_is_no_percent_is_reported_with_what_it_surely_means(field, value, cell, repair):
    plan = filled({field: value})
    assert found(plan, "M04") == [("M04", f"项目1!{cell}")]
    assert repairs(plan, "M04") == [repair]


def test_a_schedule_that_falls_is_reported_where_it_falls():
    assert found(filled({JUN: 5}), "M") == [("M05", "项目1!D8")]
    assert found(filled({JUN: 10}), "M") == []


def test_a_blank_month_counts_as_nothing():
    assert found(filled({JUN: None}), "M") == [("M05", "项目1!D8")]
    assert found(filled({MAR: None}), "M") == []


@pytest.mark.parametrize("value", [90, 99.99, None])
def test_a_year_that_does_not_end_at_a_hundred_is_reported(value):
    plan = filled({DEC: value})
    assert ("M06", "项目1!G8") in found(plan, "M")
    assert repairs(plan, "M06") == [None]


def test_a_project_without_a_schedule_is_told_once():
    assert found(filled({"projects[0].expenditure_schedule": None}), "M") == [("M06", "项目1!G8")]


# M07 all at the end


def test_money_that_is_all_spent_at_the_end_of_the_year_is_doubted():
    late = {MAR: None, JUN: None, OCT: None}
    assert found(filled(late), "M") == [("M07", "项目1!E8")]
    assert found(filled({MAR: 0, JUN: 0, OCT: 0}), "M") == [("M07", "项目1!E8")]
    assert found(filled({**late, OCT: 1}), "M04", "M07") == []
    assert found(filled({**late, BUDGET: 0, FISCAL: 0}), "M07") == []


# M08 amounts in texts


@pytest.mark.parametrize(
    ("field", "text", "cell"),
    [
        (USE, "预算安排资金35万元，用于支付授课费。", "B6"),
        (USE, "预算数３５万元，主要用于授课费和教材费。", "B6"),
        (USE, "2025年预算安排35万元，用于支付授课费。", "B6"),
        (USE, "共计3.6万元，用于支付授课费。", "B6"),
        (USE, "预算安排资金36元，用于支付授课费。", "B6"),
        (USE, "约需资金30万元，用于支付授课费。", "B6"),
        (USE, "授课费10万元、教材费10万元，合计20万元。", "B6"),
        (NAME, "高素质农民培训（35万元）", "E4"),
        ("projects[0].performance_goals[0]", "1.预算安排35万元，培训农民240人。", "D9"),
    ],
)
def test_an_amount_that_is_not_the_budget_is_reported_where_it_is_written(field, text, cell):
    assert found(filled({field: text}), "M") == [("M08", f"项目1!{cell}")]


@pytest.mark.parametrize(
    "text",
    [
        "预算安排资金36万元，用于支付授课费。",
        "预算安排资金36.00万元，用于支付授课费。",
        "预算安排资金360000元，用于支付授课费。",
        "预算安排资金360,000.00元，用于支付授课费。",
        "预算约35万元，用于支付授课费。",
        "其中授课费10万元，教材费6万元，每人食宿费100元。",
        "授课费16万元、教材费20万元。",
        "上年预算安排资金30万元，今年用于支付授课费。",
        "2024年预算安排30万元，本年用于支付授课费。",
        "争取上级资金500万元，带动农户贷款2000万元。",
        "支持投资500万元以上的农业项目。",
        "用于授课支出30万元和教材费。",
        "培训100万元户10名。",
    ],
)
def test_amounts_that_are_the_budget_or_something_else_pass(text):
    assert found(filled({USE: text}), "M") == []


def test_an_amount_in_the_text_is_compared_with_its_part_and_in_the_unit_of_the_plan():
    second = "projects[1].use_of_funds"
    assert found(filled({second: "安排财政资金20万元，用于购买样品。"}), "M") == []
    assert found(filled({"currency_unit": "元", USE: "预算安排资金36元，用于授课费。"}), "M08") == []


# M09 use and name


@pytest.mark.parametrize(
    "text",
    [
        "高素质农民培训",
        "用于高素质农民培训",
        "用于高素质农民培训。",
        "高素质农民培训经费",
        "主要用于“高素质农民”培训工作",
        "用于开展高素质农民培训项目支出",
    ],
)
def test_a_use_that_only_repeats_the_name_is_reported(text):
    assert found(filled({USE: text}), "M") == [("M09", "项目1!B6")]


@pytest.mark.parametrize("text", ["用于高素质农民培训的授课费。", "用于农民培训的授课、教材和食宿。"])
def test_a_use_that_says_more_passes(text):
    assert found(filled({USE: text}), "M") == []


# M11 units


@pytest.mark.parametrize(
    ("target", "unit"), [(360000, "元"), ("360000元", None), ("３６００００元", None), ("≤360000", "元")]
)
def test_a_total_cost_in_yuan_is_pointed_out(target, unit):
    changes = {f"{COST}.name": "培训总成本", f"{COST}.description": "全年培训的全部支出", f"{COST}.target": target}
    assert found(filled({**changes, f"{COST}.measure_unit": unit}), "M") == [("M11", "项目1!F26")]


def test_a_cost_in_yuan_is_said_as_the_document_prints_it():
    changes = {f"{COST}.name": "培训总成本", f"{COST}.description": "全年培训的全部支出", f"{COST}.measure_unit": "元"}
    (finding,) = findings(filled({**changes, f"{COST}.sign": "定性", f"{COST}.target": 360000}), "M")
    assert (finding.code, "“360000元”" in finding.message) == ("M11", True)


def test_prices_and_plans_in_yuan_and_totals_in_the_unit_of_the_plan_pass():
    total = {f"{COST}.name": "培训总成本", f"{COST}.description": "全年培训的全部支出", f"{COST}.target": 36}
    assert found(filled({}), "M") == []
    assert found(filled({f"{COST}.measure_unit": "元"}), "M") == []
    assert found(filled({**total, f"{COST}.measure_unit": "万元"}), "M") == []
    assert found(filled({**total, f"{COST}.measure_unit": "元", "currency_unit": "元"}), "M") == []
    assert found(filled({**total, f"{COST}.measure_unit": None, f"{COST}.target": "控制在预算内"}), "M") == []


def test_amounts_are_exact():
    assert found(filled({BUDGET: 0.3, FISCAL: 0.1, OTHER: 0.2}), "M01") == []
