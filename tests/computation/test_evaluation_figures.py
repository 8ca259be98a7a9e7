"""What follows from a self-evaluation and nobody typed: the same figures and sentences that the sheets compute."""

from decimal import Decimal as D

import plans
import pytest

from perfxl.computation.derived_values import completed as completed_record
from perfxl.computation.evaluation_figures import charts, completed, due, figure, funds, is_total, method
from perfxl.computation.scoring import Method
from perfxl.model.record import Record

RULES = plans.RULES


def followed(**values):
    return completed(values, RULES)


def project(**values):
    return followed(projects=[values])["projects"][0]


@pytest.mark.parametrize("source", ["年度资金总额", "合计", "总计：", "资金总额（万元）"])
def test_a_row_of_funds_is_the_total_by_its_name(source):
    assert is_total({"source": source})
    assert not is_total({"source": "其中：当年财政拨款"})
    assert not is_total({})


def test_funds_are_those_of_the_total_row_or_the_sum_of_all():
    part = {"source": "财政拨款", "initial_budget": D(3), "revised_budget": D(4), "actual_expenditure": D(2)}
    other = {"source": "其他资金", "initial_budget": D(1)}
    total = {"source": "年度资金总额", "initial_budget": D(9), "actual_expenditure": D(8)}
    found = funds({"funding_lines": [part, total, other]}, ("projects", 0))
    assert found == (funds({"funding_lines": [part, total]}, ("projects", 0)))
    assert (found.path, found.initial, found.revised, found.spent) == (("projects", 0, "funding_lines", 1), 9, 9, 8)
    found = funds({"funding_lines": [part, other]}, ())
    assert (found.path, found.initial, found.revised, found.spent) == (("funding_lines",), 4, 5, 2)
    found = funds({"funding_lines": [{"source": "财政拨款"}]}, ())
    assert (found.initial, found.revised, found.spent) == (None, None, None)
    assert funds({}, ("x",)).path == ("x", "funding_lines")


@pytest.mark.parametrize(
    ("value", "unit", "sign", "expected"),
    [
        (D(5), "", "", 5),
        (5, "", "", 5),
        ("5", "", "", 5),
        ("96%", "%", "", 96),
        ("96％", "", "", 96),
        ("≥45人", "人", "≥", 45),
        ("≥45人", "人", "", None),
        ("≥45人", "", "≥", None),
        ("1,200元", "元", "", 1200),
        ("12,00", "", "", None),
        ("1.5", "", "", D("1.5")),
        (".5", "", "", D("0.5")),
        ("5.", "", "", 5),
        ("４５ 人", "人", "", 45),
        ("约45", "", "", None),
        ("", "", "", None),
        (None, "", "", None),
    ],
)
def test_a_text_counts_as_the_number_it_is(value, unit, sign, expected):
    assert figure(value, unit, sign) == expected


def indicator(**values):
    return {"sign": "≥", "target": D(100), "actual": D(50), "weight": D(20), "category": "数量指标", **values}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 10),
        ({"sign": "定性"}, None),
        ({"weight": None}, None),
        ({"target": "很多"}, None),
        ({"actual": None}, None),
        ({"sign": ""}, 10),
        ({"sign": "", "category": "成本指标"}, None),
        ({"sign": "≤", "category": "成本指标"}, 20),
        ({"sign": "", "category": "成本指标", "actual": D(100)}, 20),
        ({"target": "100人", "measure_unit": "人"}, 10),
        ({"actual": "50人", "measure_unit": "人"}, 10),
    ],
)
def test_points_are_computed_where_all_three_figures_are_there(changes, expected):
    assert due(indicator(**changes), Method()) == expected


def test_the_workbook_says_how_and_the_office_where_it_says_nothing():
    assert method({}, RULES) == Method("excess", D(130), D(0))
    assert method({"reverse_scoring": "目标值÷实际值", "deviation_deduction": D(2)}, RULES) == Method(
        "ratio", D(130), D(2)
    )
    ratio = RULES._replace(scoring=RULES.scoring._replace(reverse="ratio", deviation_deduction=D(3)))
    assert method({}, ratio) == Method("ratio", D(130), D(3))
    chosen = {"reverse_scoring": "按超出比例扣分", "deviation_deduction": D(0)}
    assert method(chosen, ratio) == Method("excess", D(130), D(0))


def test_what_is_typed_stays_and_the_rest_follows():
    found = project(
        funding_lines=[{"source": "年度资金总额", "initial_budget": D(50), "actual_expenditure": D(45)}],
        indicators=[indicator(weight=D(60)), indicator(weight=D(30), score=D(29))],
    )
    assert found["funding_lines"][0]["revised_budget"] == 50
    assert found["funding_lines"][0]["execution_rate"] == D("90.00")
    assert [row["score"] for row in found["indicators"]] == [30, 29]
    assert (found["execution_weight"], found["execution_score"]) == (10, 9)
    assert (found["total_weight"], found["total_score"], found["rating"]) == (100, 68, "中")


def test_execution_has_no_weight_where_the_indicators_have_all():
    found = project(indicators=[indicator(weight=D(100))])
    assert (found["execution_weight"], found["total_weight"], found["total_score"]) == (0, 100, 50)
    assert "execution_score" not in found
    assert project(indicators=[indicator(weight=D("99.99"))])["execution_weight"] == 10


def test_nothing_follows_from_nothing():
    assert project() == {}
    assert followed() == {}
    assert project(funding_lines=[{"source": "其他"}]) == {"funding_lines": [{"source": "其他"}]}


def test_a_budget_without_expenditure_brings_no_points():
    found = project(funding_lines=[{"source": "合计", "revised_budget": D(5)}], execution_weight=D(10))
    assert found["execution_score"] == 0


def scored(name, score, **more):
    return {"project_name": name, "total_score": D(score), **more}


def test_the_summary_has_every_project_once_and_their_mean():
    found = followed(
        projects=[scored(" 甲 ", 90), scored("乙", 85), {"project_name": "丙"}],
        project_scores=[{"project_name": "甲", "score": D(70)}],
    )
    assert found["project_scores"] == [
        {"project_name": "甲", "score": 70, "rating": "中"},
        {"project_name": "乙", "score": 85, "rating": "良"},
    ]
    assert (found["total_score"], found["rating"]) == (D("77.50"), "中")


def test_a_project_without_a_score_is_in_no_summary():
    assert "project_scores" not in followed(projects=[{"project_name": "丙"}])


YEAR = {"fiscal_year": 2025, "unit_name": "某市某局"}


@pytest.mark.parametrize(
    ("values", "key", "expected"),
    [
        ({**YEAR, "unit_short_name": "某局"}, "title", "某局部门2025年度整体支出绩效自评报告"),
        (YEAR, "title", "某市某局2025年度整体支出绩效自评报告"),
        ({"unit_name": "某市某局"}, "title", "某市某局年度整体支出绩效自评报告"),
        ({"fiscal_year": 2025}, "title", None),
        ({**YEAR, "title": "自己写的"}, "title", "自己写的"),
        ({**YEAR, "staff_on_duty": 30, "retirees": 5}, "staff_text", "2025年底，我单位实有在职人员30人，退休人员5人。"),
        ({**YEAR, "staff_on_duty": 30}, "staff_text", None),
        ({**YEAR, "retirees": 5}, "staff_text", None),
        ({"staff_on_duty": 30, "retirees": 5}, "staff_text", None),
        ({**YEAR, "fixed_assets": D("1200.50")}, "assets_text", "本单位上年末固定资产金额为1200.5元。"),
        ({"unit_short_name": "某局", "fixed_assets": D("1E+3")}, "assets_text", "某局上年末固定资产金额为1000元。"),
        (YEAR, "assets_text", None),
    ],
)
def test_sentences_follow_from_facts(values, key, expected):
    assert followed(**values).get(key) == expected


def revenue(**values):
    found = followed(**{"fiscal_year": 2025, **values.pop("around", {})}, revenue_expenditure=dict(values))
    return found.get("revenue_text"), found["revenue_expenditure"]


BEGIN = "2025年度收支总计（含结转和结余）"


@pytest.mark.parametrize(
    ("total", "last", "more", "expected"),
    [
        (110, 100, {}, "110.00万元。与2024年度决算相比，收支各增加10.00万元，增长10.00%。"),
        (90, 100, {}, "90.00万元。与2024年度决算相比，收支各减少10.00万元，下降10.00%。"),
        (100, 100, {}, "100.00万元。与2024年度决算相比，收支各持平。"),
        (110, 0, {}, "110.00万元。与2024年度决算相比，收支各增加110.00万元。"),
        (
            110,
            100,
            {"reason": "增人"},
            "110.00万元。与2024年度决算相比，收支各增加10.00万元，增长10.00%，主要原因是增人。",
        ),
        (110, 100, {"change": D(11)}, "110.00万元。与2024年度决算相比，收支各增加11.00万元，增长11.00%。"),
        (110, 100, {"change_rate": D(12)}, "110.00万元。与2024年度决算相比，收支各增加10.00万元，增长12.00%。"),
    ],
)
def test_the_change_of_revenue_is_told(total, last, more, expected):
    text, _ = revenue(total=D(total), last_year_total=D(last), **more)
    assert text == BEGIN + expected


def test_nothing_is_told_of_a_change_that_is_not_known():
    assert revenue(total=D(5)) == (None, {"total": 5})
    assert revenue(last_year_total=D(5)) == (None, {"last_year_total": 5})
    assert revenue(total=D(5), last_year_total=D(4), around={"fiscal_year": "二〇二五"})[0] is None
    assert revenue(total=D(5), change=D(1))[0] is None
    assert revenue(total=D(5), last_year_total=D(4), around={"currency_unit": "元"})[0].startswith(BEGIN + "5.00元")


@pytest.mark.parametrize(
    ("number", "level"),
    [
        ("一、", 1),
        ("（一）", 2),
        ("(一)", 2),
        ("1.", 3),
        ("12、", 3),
        ("（1）", 4),
        ("(12)", 4),
        ("", None),
        ("（", 2),
        ("第一部分", 1),
    ],
)
def test_the_level_of_a_heading_follows_from_its_number(number, level):
    (section,) = followed(sections=[{"number": number, "heading": "x"}])["sections"]
    assert section.get("level") == level
    assert followed(sections=[{"number": number, "level": 9}])["sections"][0]["level"] == 9


def test_the_pictures_show_shares_of_points_and_of_money():
    rows = [
        {"dimension": "产出指标", "score": D(20), "weight": D(30)},
        {"dimension": "产出指标", "score": D(10), "weight": D(10)},
        {"dimension": "效益指标", "score": D(0), "weight": D(30)}, {"dimension": "满意度指标", "weight": D(10)},
        {"dimension": "空的", "score": D(0), "weight": D(0)}, {"score": D(1), "weight": D(1)},
    ]  # fmt: skip
    spent = {"source": "合计", "revised_budget": D(50), "actual_expenditure": D(45)}
    projects = [
        {"project_name": "甲", "indicators": rows, "funding_lines": [spent]},
        {"project_name": "乙", "funding_lines": [{**spent, "revised_budget": D(0)}]},
        {"project_name": "丙", "funding_lines": [{"source": "合计", "revised_budget": D(50)}]},
    ]
    scores, execution = charts(projects)
    assert scores == [{"label": "产出指标", "share": D("75.00")}, {"label": "效益指标", "share": 0}]
    assert execution == [{"label": "甲", "share": D("90.00")}]
    assert {"score_chart", "execution_chart"} <= followed(projects=projects, charts="是").keys()
    assert not {"score_chart", "execution_chart"} & followed(projects=projects, charts="否").keys()


def test_what_follows_changes_nothing_that_was_typed_and_is_computed_once():
    values = {"projects": [{"indicators": [indicator()]}]}
    record = Record(values)
    from evaluations import TYPE

    found = completed_record(record, TYPE, RULES)
    assert "score" not in values["projects"][0]["indicators"][0]
    assert found.values is values
    assert found.shown["projects"][0]["indicators"][0]["score"] == 10
    assert completed_record(found, TYPE, RULES) is found
    assert completed_record(record, plans.PLAN, RULES) is record
