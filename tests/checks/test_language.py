"""Family L: slips, doubled words, file numbers, punctuation and blanks, at the text they stand in."""

import json
from pathlib import Path

import pytest
from plans import changed, filled, findings, found, record_of

from perfxl.report_type import catalog, profile

USE, GOAL = "projects[0].use_of_funds", "overall_goal[0]"
BASIS = "projects[0].indicators[0].target_basis"


def repairs(record, *codes):
    return [one.repair for one in findings(record, *codes)]


def measured(*lines):
    return filled({"safeguard_measures": list(lines)})


def test_findings_are_the_same_through_the_workbook(book):
    changes = {USE: "用于授课费,场地费。", GOAL: "提高资金使用效益的意见意见，保障全县农业高质量发展和农民增收致富。"}
    assert found(book(changes), "L") == found(filled(changes), "L")
    assert found(book(changes), "L") == [("L01", "第一部分!C5"), ("L04", "项目1!B6")]


def test_prose_that_is_well_written_has_nothing_to_find():
    lines = (Path(__file__).parents[1] / "corpus" / "well_made_prose.txt").read_text("utf-8").splitlines()
    data = changed({})
    data["overall_goal"] = [line for line in lines if line and not line.startswith("#")]
    assert [(one.code, one.message) for one in findings(record_of(data), "L01", "L02", "L03", "L04", "L05")] == []


# L01, L02 words


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("提出提高资金使用效益的意见意见，保障农民培训。", "L01"),
        ("提高社情民意反应率，保障农民培训。", "L02"),
    ],
)
@pytest.mark.parametrize(
    ("field", "cell"),
    [
        (GOAL, "第一部分!C5"),
        (USE, "项目1!B6"),
        ("projects[0].indicators[4].name", "项目1!C27"),
        ("projects[0].indicators[4].description", "项目1!D27"),
        ("projects[0].project_name", "项目1!E4"),
    ],
)
def test_a_slip_is_reported_at_its_text(field, cell, text, code):
    assert (code, cell) in found(filled({field: text}), "L01", "L02")
    assert set(repairs(filled({field: text}), code)) == {None}


def test_an_office_has_words_of_its_own(tmp_path):
    own = tmp_path / "own.json"
    own.write_text(json.dumps({"words": {"lexicon": ["社情民意反应率"], "doubled": ["意见"]}}), "utf-8")
    rules = profile.load(catalog.home(), own)
    text = {GOAL: "提高社情民意反应率，保障全县农业高质量发展和农民增收致富。", USE: "用于征集意见意见箱。"}
    assert found(filled(text), "L01", "L02", rules=rules) == []


# L03 file numbers


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("冀联发[2021]56号文件", "冀联发〔2021〕56号文件"),
        ("全联发【2021】25 号文件", "全联发〔2021〕25 号文件"),
        ("冀农发（2024）12号", "冀农发〔2024〕12号"),
        ("冀农发[2024]12号、冀农发[2023]5号", "冀农发〔2024〕12号、冀农发〔2023〕5号"),
    ],
)
def test_the_brackets_of_a_file_number_are_mended(text, repair):
    assert found(filled({BASIS: text}), "L") == [("L03", "项目1!H23")]
    assert repairs(filled({BASIS: text}), "L03") == [repair]


@pytest.mark.parametrize("text", ["冀农发〔2024〕12号", "培训方案（2024年修订）", "（2024）", "[1]"])
def test_other_brackets_pass(text):
    assert found(filled({BASIS: text}), "L") == []


# L04 punctuation


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("用于授课费,场地费。", "用于授课费，场地费。"),
        ("用于授课费;", "用于授课费；"),
        ("用于”光彩活动““万企兴万村”项目。", "用于“光彩活动”“万企兴万村”项目。"),
    ],
)
def test_half_width_marks_and_turned_quotes_are_mended(text, repair):
    assert found(filled({USE: text}), "L04") == [("L04", "项目1!B6")]
    assert repairs(filled({USE: text}), "L04") == [repair]


def test_a_quote_without_its_pair_is_only_pointed_at():
    record = filled({USE: "用于“光彩活动的授课费和场地费。"})
    assert found(record, "L04") == [("L04", "项目1!B6")]
    assert repairs(record, "L04") == [None]


@pytest.mark.parametrize("text", ["用于1,200人的授课费。", "用于“双减”政策宣传。", "8:30开始授课。", "用于A,B两个班。"])
def test_marks_between_figures_and_pairs_pass(text):
    assert found(filled({USE: text}), "L04") == []


# L05 blanks


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("用于授课费。\t\t", "用于授课费。"),
        ("用于授课费。 ", "用于授课费。"),
        ("用于授课费  和场地费。", "用于授课费和场地费。"),
    ],
)
def test_blanks_left_over_are_mended(text, repair):
    assert found(filled({USE: text}), "L") == [("L05", "项目1!B6")]
    assert repairs(filled({USE: text}), "L05") == [repair]


@pytest.mark.parametrize("text", ["用于 授课费。", "　　用于授课费。", "用于授课费。\n　　用于场地费。"])
def test_indents_and_single_blanks_pass(text):
    assert found(filled({USE: text}), "L05") == []


# L06 final marks


def test_an_item_without_the_final_mark_of_the_others_is_mended():
    record = measured("1、甲事。", "2、乙事", "3、丙事。")
    assert found(record, "L06") == [("L06", "第一部分!C132")]
    assert repairs(record, "L06") == ["2、乙事。"]
    assert findings(record, "L06")[0].message == "第2项句末缺少标点。"


def test_single_goals_of_projects_are_read_one_after_the_other():
    goals = {"projects[0].performance_goals": ["1.培训农民240人。"], "projects[1].performance_goals": ["1.抽检800批次"]}
    assert found(filled(goals), "L06") == [("L06", "项目2!D9")]
    both = {**goals, "projects[0].performance_goals": ["1.培训农民240人"]}
    assert found(filled(both), "L06") == []


@pytest.mark.parametrize(
    "lines",
    [
        ["1、甲事", "2、乙事", "3、丙事"],
        ["1、甲事；", "2、乙事；", "3、丙事。"],
        ["一、甲方面", "1、乙事。", "2、丙事。", "二、丁方面", "1、戊事。", "2、己事。"],
        ["1、甲事。"],
    ],
)
def test_lists_that_end_alike_and_their_headings_pass(lines):
    assert found(measured(*lines), "L06") == []
