"""Families M and K: numbers of one project beside one another, and what an indicator's name says of its target."""

import pytest
from plans import changed, filled, findings, found

USE, GOAL = "projects[0].use_of_funds", "projects[0].performance_goals[0]"
GOALS = "projects[0].performance_goals[1]"
ROW = "projects[0].indicators"
BUDGET = {"projects[0].budget_amount": 20, "projects[0].fiscal_funds": 20}


def codes(changes, *wanted):
    return [(one.code, one.field) for one in findings(filled(changes), *wanted)]


def row(number, **fields):
    return {f"{ROW}[{number}].{key}": value for key, value in fields.items()}


# M12 M13 what a use of funds comes to: of a budget of 20 万元


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("授课费12万元，教材费8万元。", []),
        ("授课费12万元，教材费9万元。", [("M12", USE)]),
        ("授课费12万元，教材费5万元等。", []),
        ("培训200人，每人1000元，其中授课费12万元，教材费8万元。", []),
        ("培训200人，每人100元，其中授课费12万元，教材费8万元。", [("M13", USE)]),
        ("培训200人，每人1500元。", [("M13", USE)]),
        ("培训200人，每人800元，另购教材。", []),
        ("教材200套每套400元8万元，授课费12万元。", []),
        ("教材200套每套400元5万元，授课费15万元。", [("M13", USE)]),
        ("授课费12万元，教材费8万元，合计25万元。", [("M08", USE)]),
        ("培训100人，每人每月200元，全年10个月。", []),
    ],
)
def test_a_use_of_funds_comes_to_the_budget(text, expected):
    assert codes({USE: text, **BUDGET}, "M") == expected


def test_a_budget_against_which_parts_and_product_agree_is_the_odd_one():
    text = "培训250人，每人1000元，其中授课费15万元，教材费10万元。"
    assert codes({USE: text, **BUDGET}, "M12", "M13") == [("M12", "projects[0].budget_amount")]


# K39 K40 K41 goals and indicators


def plan_with(goal, *more):
    return {GOAL: goal, **{f"projects[0].performance_goals[{at}]": text for at, text in enumerate(more, 1)}}


def test_a_goal_that_gives_another_number_is_told():
    assert ("K39", GOAL) in codes(plan_with("1.培训农民2400人。"), "K39")


def test_a_part_of_what_is_counted_is_no_other_number():
    assert codes(plan_with("1.培训农民240人，其中妇女80人。"), "K39", "K41") == []


@pytest.mark.parametrize(("women", "men", "expected"), [(100, 140, []), (100, 120, [("K41", GOAL)]), (30, 20, [])])
def test_parts_come_to_their_whole(women, men, expected):
    assert codes(plan_with(f"1.培训农民240人，其中女{women}人、男{men}人。"), "K41") == expected


def test_work_that_no_indicator_counts_is_told():
    assert codes(plan_with("1.培训农民240人。", "2.编印技术手册3000册。"), "K40") == [("K40", GOALS)]


# K28–K33 what a name says


@pytest.mark.parametrize(
    ("name", "sign", "target", "unit", "code"),
    [
        ("安全事故起数", "≥", 3, "起", "K28"),
        ("安全事故起数", "≤", 3, "起", None),
        ("安全事故查处率", "≥", 95, "%", None),
        ("挽回群众损失", "≥", 30, "万元", None),
        ("投诉办理时限", "≥", 7, "天", "K28"),
        ("设备质保期限", "≥", 3, "年", None),
        ("作物成活率", "≤", 95, "%", "K28"),
        ("重大事故起数", "≥", 0, "起", "K33"),
        ("作物成活率", "≥", 95, "人", "K29"),
        ("受益人数", "≥", 95, "次", "K29"),
        ("作物成活率", "≥", "0.95", "%", "K30"),
        ("差错率", "≤", "0.5", "%", None),
        ("产量增长率", "≥", "0.5", "%", None),
    ],
)
def test_a_target_suits_its_name(name, sign, target, unit, code):
    changes = row(4, name=name, description="按年终统计核定", sign=sign, target=target, measure_unit=unit)
    told = {one.code for one in findings(filled(changes), "K28", "K29", "K30", "K33")}
    assert told == ({code} if code else set())


def test_satisfaction_that_points_down_is_told_as_such_alone():
    assert codes(row(6, sign="≤", target=95, measure_unit="%"), "K22", "K28") == [("K22", f"{ROW}[6].target")]


def test_a_number_in_the_cell_of_the_unit_is_told():
    assert codes(row(0, target="人", measure_unit="240"), "K31", "K06") == [("K31", f"{ROW}[0].target")]


def test_a_date_where_a_result_is_asked_for_is_told():
    assert codes(row(1, sign=None, target="2025年10月20日", measure_unit=None), "K32") == [("K32", f"{ROW}[1].target")]


def test_a_date_has_no_lower_bound():
    assert codes(row(2, sign="≥"), "K32") == [("K32", f"{ROW}[2].sign")]


@pytest.mark.parametrize(
    ("target", "basis", "told"),
    [(80, "2024年满意度91.5%", True), (91, "2024年满意度91.5%", False), (80, "全国平均91.5%", False)],
)
def test_a_target_is_no_worse_than_what_it_rests_on(target, basis, told):
    changes = row(6, target=target, target_basis=basis)
    assert [code for code, _ in codes(changes, "K34")] == (["K34"] if told else [])


def test_work_begins_before_it_ends():
    changes = row(
        5,
        category="时效指标",
        dimension="产出指标",
        name="开班时间",
        target="2025年12月5日",
        sign=None,
        measure_unit=None,
    )
    assert [code for code, _ in codes(changes, "K35")] == ["K35"]


def test_a_basis_in_the_cell_of_the_description_is_told():
    changes = row(6, description="2024年满意度91.5%", target_basis="表示满意的人占受访人数的比例")
    assert codes(changes, "K36", "D10") == [("K36", f"{ROW}[6].description")]


def test_two_indicators_joined_are_told_once():
    assert codes(row(0, name="培训人数、举办期数"), "K19", "K29") == [("K19", f"{ROW}[0].name")]


# D12 the same twice


def test_a_measure_that_stands_there_twice_is_told():
    measures = changed({})["safeguard_measures"]
    twice = "9、" + measures[0].split("、", 1)[-1]
    assert codes({f"safeguard_measures[{len(measures)}]": twice}, "D12") == [
        ("D12", f"safeguard_measures[{len(measures)}]")
    ]


# one slip, one finding


def test_a_decimal_for_all_of_the_money_is_one_finding():
    changes = {"projects[0].expenditure_schedule.by_dec": 1}
    assert [code for code, _ in found(filled(changes), "M")] == ["M04"]


def test_a_sheet_that_was_copied_and_not_edited_says_so_once():
    project = changed({})["projects"][0]
    told = findings(filled({"projects[1]": project}))
    assert [(one.code, one.field) for one in told if one.field.startswith("projects[1]")] == [
        ("D08", "projects[1].project_code")
    ]


@pytest.mark.parametrize("name", ["火情2小时扑灭率", "24小时晴雨预报准确率", "3个工作日内办结率"])
def test_a_number_in_a_name_is_no_promise(name):
    changes = row(1, name=name, description="按年终统计核定")
    assert codes({"activity_goals[0].indicators": f"{name}不低于95%。", **changes}, "K24") == []
