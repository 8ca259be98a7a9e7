"""Family K: whether the indicators of a project are all there, in their place, named and described."""

import pytest
from plans import RULES, changed, filled, findings, found, record_of

from perfxl.report_type import catalog, profile

NATIONAL = profile.load(catalog.home(), "national_2021")


def row(number, **fields):
    """Changes to one indicator of the first project; number 0 is row 23 of the sheet."""
    return {f"projects[0].indicators[{number}].{field}": value for field, value in fields.items()}


def without(*categories):
    """The valid plan, its first project without the indicators of some second levels."""
    data = changed({})
    project = data["projects"][0]
    project["indicators"] = [one for one in project["indicators"] if one["category"] not in categories]
    return record_of(data)


def repairs(record, code):
    return [one.repair for one in findings(record, code)]


def test_findings_are_the_same_through_the_workbook(book):
    changes = {**row(4, name="带动农户数（户）", description="带动农户数")}
    assert found(book(changes), "K") == found(filled(changes), "K")
    assert found(book(changes), "K") == [("K25", "项目1!C27"), ("K16", "项目1!D27")]


# K01 first levels


@pytest.mark.parametrize(
    ("gone", "missing"),
    [
        (("服务对象满意度指标",), "满意度指标"),
        (("社会效益指标", "可持续影响指标"), "效益指标"),
        (("社会效益指标", "可持续影响指标", "服务对象满意度指标"), "效益指标”“满意度指标"),
    ],
)
def test_a_project_without_a_first_level_is_told_once(gone, missing):
    record = without(*gone)
    assert found(record, "K01", "K02") == [("K01", "项目1!B23")]
    assert [one.message for one in findings(record, "K01")] == [f"项目“高素质农民培训”缺少“{missing}”。"]


def test_a_project_without_output_is_told_of_the_first_level_alone():
    record = without("数量指标", "质量指标", "时效指标", "成本指标")
    assert found(record, "K01", "K02") == [("K01", "项目1!B23")]


def test_an_office_may_ask_for_other_first_levels():
    asked = profile.load(catalog.home(), "hebei")
    assert found(without("服务对象满意度指标"), "K01", rules=asked) == [("K01", "项目1!B23")]
    assert found(filled({}), "K01", rules=NATIONAL) == []


def test_a_project_without_any_indicator_has_no_cells_to_complain_of():
    data = changed({})
    data["projects"][0]["indicators"] = []
    assert found(record_of(data), "K01", "K02", "K18") == []


# K02 second levels


@pytest.mark.parametrize(
    ("gone", "message"),
    [(("质量指标",), "缺少“质量指标”。"), (("时效指标", "成本指标"), "缺少“时效指标”“成本指标”。")],
)
def test_an_output_without_one_of_its_second_levels_is_pointed_out(gone, message):
    assert found(without(*gone), "K02") == [("K02", "项目1!B23")]
    assert [one.message for one in findings(without(*gone), "K02")] == [message]


def test_cost_in_the_other_frame_will_do_and_need_not_be_where_nobody_asks():
    other = {**row(3, dimension="成本指标", category="经济成本指标")}
    assert found(filled(other), "K02") == []
    assert found(without("成本指标"), "K02", rules=NATIONAL) == []
    assert found(without("可持续影响指标"), "K02") == []


# K03 levels


@pytest.mark.parametrize(
    ("dimension", "category"),
    [("效益指标", "数量指标"), ("产出指标", "社会效益指标"), ("满意度指标", "成本指标"), ("成本指标", "数量指标")],
)
def test_a_second_level_under_the_wrong_first_is_reported_at_the_second(dimension, category):
    assert found(filled(row(0, dimension=dimension, category=category)), "K03") == [("K03", "项目1!B23")]


@pytest.mark.parametrize(
    ("dimension", "category"),
    [
        ("产出指标", "成本指标"),
        ("产出指标", "经济成本指标"),
        ("成本指标", "经济成本指标"),
        ("满意度指标", "满意度指标"),
    ],
)
@pytest.mark.parametrize("rules", [RULES, NATIONAL])
def test_levels_of_either_frame_pass(dimension, category, rules):
    assert found(filled(row(3, dimension=dimension, category=category)), "K03", rules=rules) == []


# K04 blanks


@pytest.mark.parametrize(
    ("field", "cell"), [("name", "C"), ("description", "D"), ("target", "F"), ("target_basis", "H")]
)
@pytest.mark.parametrize("value", [None, "/", "——", "、"])
def test_a_cell_with_nothing_in_it_is_reported(field, cell, value):
    assert found(filled(row(1, **{field: value})), "K") == [("K04", f"项目1!{cell}24")]


def test_the_unit_of_a_date_may_be_blank_and_nothing_is_a_number():
    assert found(filled(row(4, sign="=", target=0)), "K04") == []


# K16 the same words


@pytest.mark.parametrize("text", ["带动农户数", "带动的农户数", " 带动农户数。", "带动农户数（户）", "带动农户数(户)"])
def test_a_description_that_is_the_name_is_reported(text):
    assert found(filled(row(4, description=text)), "K16") == [("K16", "项目1!D27")]


@pytest.mark.parametrize("number", [0, 2, 6])
def test_a_name_that_needs_no_description_is_left_alone(number):
    name = changed({})["projects"][0]["indicators"][number]["name"]
    assert found(filled(row(number, description=name)), "K16") == []


@pytest.mark.parametrize("text", ["全年培训农民人数", "参加培训的农民人数", "培训农民人数占农民总数的比例"])
def test_a_description_that_says_more_passes(text):
    assert found(filled(row(0, description=text)), "K16") == []


@pytest.mark.parametrize(
    ("name", "description", "target"),
    [
        ("保障工作正常开展", "全年工作正常开展", "保障工作正常开展"),
        ("保障设备正常运行", "全年设备运行", "设备正常运行"),
        ("农民培训效果", "带动农户掌握技术", "带动农户掌握技术"),
    ],
)
def test_a_target_that_is_the_name_or_the_description_is_reported(name, description, target):
    text = row(4, name=name, description=description, sign="定性", target=target, measure_unit=None)
    assert found(filled(text), "K") == [("K16", "项目1!F27")]


def test_a_target_that_can_be_checked_may_have_the_words_of_the_name():
    text = {"sign": "定性", "measure_unit": None, "description": "全年没有发生事故"}
    assert found(filled(row(4, name="零事故", target="零事故", **text)), "K") == []
    assert found(filled(row(4, name="达到国家标准", target="达到国家标准", **text)), "K") == []


# K19 several in a cell


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("提交提案数\n组织学习、培训", "提案数量\n培训次数"),
        ("培训人数\n培训次数", "全年人数和次数"),
        ("培训人数；培训次数", "全年人数和次数"),
        ("1.培训人数 2.培训次数", "全年人数和次数"),
        ("（1）培训人数（2）培训次数", "全年人数和次数"),
    ],
)
def test_two_indicators_in_a_cell_are_reported(name, description):
    record = filled(row(1, name=name, description=description))
    assert found(record, "K19") == [("K19", "项目1!C24")]
    assert "2个指标" in findings(record, "K19")[0].message


@pytest.mark.parametrize(
    "name",
    [
        "被帮助、慰问人员满意度",
        "保障日常需要，维持正常运转",
        "开展社会服\n务活动次数",
        "培训合格率；",
        "3.15活动次数",
        "培训合格率\n",
    ],
)
def test_one_indicator_with_many_words_passes(name):
    assert found(filled(row(1, name=name)), "K19") == []


# K21 twice


def test_an_indicator_that_stands_twice_is_reported_at_the_second():
    record = filled(row(1, name="培训农民 人数"))
    assert found(record, "K21") == [("K21", "项目1!C24")]
    assert "第1、2个指标" in findings(record, "K21")[0].message
    assert found(filled({"projects[1].indicators[0].name": "培训农民人数"}), "K21") == []


# K25 units


@pytest.mark.parametrize(
    ("name", "target", "unit", "repair"),
    [
        ("培训合格率（%）", 95, "%", "培训合格率"),
        ("培训合格率(%)", "95%", None, "培训合格率"),
        ("培训合格率（％）", "95％", None, "培训合格率"),
        ("培训合格率（百分比）", 95, "%", "培训合格率"),
        ("培训合格率（%）", "9595及以上", None, "培训合格率"),
        ("参训人数（人）", 95, "人", "参训人数"),
    ],
)
def test_a_unit_that_stands_in_name_and_target_is_pointed_out(name, target, unit, repair):
    record = filled(row(1, name=name, target=target, measure_unit=unit))
    assert found(record, "K25") == [("K25", "项目1!C24")]
    assert repairs(record, "K25") == [repair]


@pytest.mark.parametrize(
    ("name", "target", "unit"),
    [
        ("培训合格率（%）", 95, None),
        ("补贴标准（上级资金）", 95, "元"),
        ("（%）合格率", 95, "%"),
        ("合格率（%）", "合格", None),
    ],
)
def test_a_unit_that_stands_once_passes(name, target, unit):
    assert found(filled(row(1, name=name, target=target, measure_unit=unit)), "K25") == []
