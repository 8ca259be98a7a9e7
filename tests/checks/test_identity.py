"""Family D: codes, names, headings, what was left of a template, and words of another place or year."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import filled, findings, found

from perfxl.checks.plan import identity
from perfxl.checks.plan.identity import check_character

CODE = "projects[0].project_code"
USE = "projects[0].use_of_funds"
GOAL = "overall_goal[0]"
BASIS = "projects[0].indicators[0].target_basis"


def test_the_valid_plan_has_nothing_to_find():
    assert found(filled({})) == []


def test_the_valid_workbook_has_nothing_to_find(book):
    assert found(book({})) == []


def test_findings_are_the_same_through_the_workbook(book):
    changes = {
        CODE: "13053524P00000110001Y",
        GOAL: "进一步巩固我区农业发展成果，……",
        "safeguard_measures[3]": "工作保障措施",
    }
    assert found(book(changes), "D") == found(filled(changes), "D")
    assert found(book(changes), "D") == [
        ("D09", "第一部分!C5"),
        ("D11", "第一部分!C5"),
        ("D02", "第一部分!C134"),
        ("D06", "项目1!B4"),
        ("D07", "项目1!B4"),
    ]


# D02 headings


@pytest.mark.parametrize(
    ("changes", "cells"),
    [
        ({"overall_goal[0]": "一、总体绩效目标"}, ["第一部分!C5"]),
        ({"overall_goal[0]": "一、总体绩效目标\n抓好农民培训。"}, ["第一部分!C5"]),
        ({"overall_goal[0]": "总体绩效目标："}, ["第一部分!C5"]),
        (
            {"safeguard_measures[3]": "二、分项绩效目标", "safeguard_measures[4]": "三、工作保障措施"},
            ["第一部分!C134", "第一部分!C135"],
        ),
        ({"activity_goals[0].performance_goal": "绩效目标：举办培训班。"}, ["第一部分!C68"]),
        ({"activity_goals[0].indicators": "绩效指标: 培训农民240人。"}, ["第一部分!D68"]),
        ({"activity_goals[1].title": "2、高素质农民培训"}, ["第一部分!B69"]),
    ],
)  # fmt: skip
def test_a_heading_that_stands_twice_is_reported(changes, cells):
    assert found(filled(changes), "D02") == [("D02", cell) for cell in cells]


@pytest.mark.parametrize(
    "goals",
    [
        ["围绕部门总体绩效目标，抓好农民培训。"],
        ["（一）农民培训", "全年培训240人。", "（二）质量安全", "抽检800批次。"],
        ["（一）提高培训质量", "（二）加强质量检测"],
        ["一是完善工作保障措施。"],
    ],
)
def test_text_that_only_speaks_of_a_heading_passes(goals):
    assert found(filled({"overall_goal": goals}), "D02") == []


def test_a_heading_with_nothing_below_is_reported_where_its_neighbours_have_text():
    goals = ["（一）农民培训", "全年培训240人。", "（二）质量安全", "（三）队伍建设", "选派技术人员下乡。"]
    assert found(filled({"overall_goal": goals}), "D02") == [("D02", "第一部分!C7")]


# D04, D05, D08 codes and names


@pytest.mark.parametrize(
    "name", ["321001临西县农业农村局", "321临西县农业农村局", "(321001)临西县农业农村局", "[321001]临西县农业农村局"]
)
def test_a_code_in_the_name_of_the_unit_is_reported(name):
    assert found(filled({"unit_name": name}), "D") == [("D04", "基本信息!C8")]


@pytest.mark.parametrize("name", ["1234工程指挥部", "120急救中心", "临西县第321小学", "12345政务服务便民热线中心"])
def test_a_number_that_is_part_of_the_name_passes(name):
    assert found(filled({"unit_name": name}), "D04") == []


@pytest.mark.parametrize("code", ["13053525P00000110001", "13053525p00000110001y", "13053525P0000011000-Y"])
def test_a_project_code_of_another_shape_is_reported_once(code):
    assert found(filled({CODE: code}), "D") == [("D05", "项目1!B4")]


def test_the_second_of_two_equal_codes_is_an_error_and_of_two_equal_names_a_warning():
    same = filled({"projects[1].project_code": "13053525P00000110001Y", "projects[1].project_name": "高素质 农民培训"})
    assert [(one.code, one.cell, one.severity) for one in findings(same, "D")] == [
        ("D08", "B4", "error"),
        ("D08", "E4", "warning"),
    ]


# D06 region and year of a code


def coded(first_twenty):
    return first_twenty + check_character(first_twenty)


@pytest.mark.parametrize(
    ("changes", "cells"),
    [
        ({CODE: coded("13053524P00000110001")}, ["项目1!B4"]),
        ({CODE: coded("13053425P00000110001")}, ["项目1!B4"]),
        ({CODE: coded("13053424P00000110001")}, ["项目1!B4", "项目1!B4"]),
        ({"region_code": "130534"}, ["项目1!B4", "项目2!B4"]),
        ({"fiscal_year": 2026}, ["项目1!B4", "项目2!B4"]),
        ({"region_code": None}, []),
        ({"fiscal_year": "二〇二五"}, []),
    ],
)
def test_a_code_of_another_region_or_year_is_reported(changes, cells):
    assert found(filled(changes), "D06", "D07") == [("D06", cell) for cell in cells]


def test_without_a_region_the_code_that_differs_from_most_is_reported():
    plan = filled({"region_code": None, "projects[2]": {"project_code": coded("13053425P00000110003")}})
    assert found(plan, "D06") == [("D06", "项目3!B4")]


# D07 check character

PUBLISHED = re.findall(
    r"\S+",
    """
13053523P00000111157F 13053523P000001111583 13053523P00000111159N 13020025P00751110003T 13020025P00ENRT10004F
13020025P00X02210004D 13020025P00X22L100043 13020025P00208H100048 13020025P0042R0100047 13020025P0044FD100048
13020025P0022J010004F 13020025P0024XT100042 13020025P00E2B010004U
    """,
)


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_check_out(code):
    assert check_character(code[:20]) == code[20]


@pytest.mark.parametrize("code", PUBLISHED[:4])
def test_every_wrong_character_and_every_swap_is_caught(code):
    others = [code[:at] + char + code[at + 1 :] for at in range(20) for char in "0A9Y" if code[at] != char]
    swaps = [code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(19) if code[at] != code[at + 1]]
    assert [wrong for wrong in (*others, *swaps) if check_character(wrong[:20]) == wrong[20]] == []


@pytest.mark.parametrize(
    ("code", "codes"),
    [
        ("13053525P00000110001X", ["D07"]),
        ("13053525P0O000110001Y", ["D07"]),
        ("13053521P00000110001X", ["D06"]),
        ("51053525P00000110001X", ["D06"]),
        ("130535252FY9PXH9EGK84", ["D07"]),
    ],
)
def test_the_check_character_counts_for_codes_of_the_province_since_2022(code, codes):
    assert found(filled({CODE: code}), "D") == [(one, "项目1!B4") for one in codes]


# D09 words of another place


@pytest.mark.parametrize(
    "text",
    [
        "为进一步巩固我区农业发展成果，抓好培训。",
        "推动全区农业高质量发展。",
        "在区委、区政府的正确领导下，抓好培训。",
        "开展调研，向省政协提交提案。",
        "与省政府对口单位紧密联系，抓好培训。",
        "促进威县农业高质量发展。",
    ],
)
def test_words_that_are_not_of_this_county_are_reported(text):
    assert found(filled({GOAL: text}), "D") == [("D09", "第一部分!C5")]


@pytest.mark.parametrize(
    "text",
    [
        "促进全县农业高质量发展，为我县农民服务。",
        "贯彻落实省委、省政府和市委、市政府工作部署。",
        "在县委、县政府的正确领导下，抓好培训。",
        "向省政府申请专项资金，全面推进示范区、园区建设。",
        "赴威县学习考察，与清河县开展交流。",
        "在社区、校区、库区和灾区开展服务，明确自我区间和全区域任务。",
        "全市排名进入前列，我省农业大县。",
    ],
)
def test_words_that_any_county_may_use_pass(text):
    assert found(filled({GOAL: text}), "D09") == []


def test_a_rule_of_another_city_is_no_basis():
    assert found(filled({BASIS: "唐山市市级机关培训管理办法"}), "D") == [("D09", "项目1!H23")]
    assert found(filled({BASIS: "邢台市市级机关培训管理办法"}), "D") == []


def test_a_district_does_not_say_county_and_a_zone_may_say_its_own():
    district = {"region_code": "130304", "region_name": None, "unit_name": "秦皇岛市北戴河区农业农村局"}
    assert ("D09", "第一部分!C5") in found(filled({**district, GOAL: "推动全县农业发展。"}), "D09")
    assert ("D09", "第一部分!C5") not in found(filled({**district, GOAL: "推动全区农业发展。"}), "D09")
    zone = {"unit_name": "临西县轴承工业园区管委会"}
    assert found(filled({**zone, GOAL: "推动全区经济发展。"}), "D09") == []


# D10 years


@pytest.mark.parametrize(
    ("field", "text", "cell"),
    [
        ("activity_goals[0].indicators", "取得 2022 年度县级荣誉。", "第一部分!D68"),
        (GOAL, "2024年全年培训农民240人。", "第一部分!C5"),
        (GOAL, "２０２４年全年培训农民240人。", "第一部分!C5"),
        (GOAL, "二〇二四年培训农民240人。", "第一部分!C5"),
        (GOAL, "2024年底前完成培训。", "第一部分!C5"),
        (GOAL, "在2026年完成培训。", "第一部分!C5"),
        ("projects[0].project_name", "2024年高素质农民培训", "项目1!E4"),
        ("projects[0].indicators[2].target", "2024年10月31日", "项目1!F25"),
        (BASIS, "2024年工作计划", "项目1!H23"),
    ],
)
def test_a_year_that_is_not_planned_for_is_reported(field, text, cell):
    assert found(filled({field: text}), "D") == [("D10", cell)]


@pytest.mark.parametrize(
    "text",
    [
        "2025年培训农民240人。",
        "2024年9月1日至2025年8月31日，培训农民240人。",
        "2024年共培训农民200人。",
        "按照2023-2025年行动方案，抓好培训。",
        "落实《2024年中央一号文件》和冀农发〔2023〕12号文件。",
        "按照2024年全国农村工作会议部署，抓好培训。",
        "做好2024年度部门决算和绩效自评。",
        "较2024年增长5%，比2023年提高2个百分点。",
        "自2019年起连续开展培训，到2035年实现现代化。",
        "“十四五”期间培训农民1000人，编制2026年预算。",
        "拨打12345热线，编号20241231。",
        "完成2024年度项目质保金支付。",
    ],
)
def test_a_year_looked_back_on_or_named_passes(text):
    assert found(filled({GOAL: text}), "D") == []


def test_a_year_in_the_name_of_a_project_is_said_once():
    changes = {"projects[0].project_name": "2024年农民培训", USE: "用于支付2024年农民培训的授课费和教材费。"}
    assert found(filled(changes), "D") == [("D10", "项目1!E4")]


# D11 what is left of a template


@pytest.mark.parametrize(
    ("field", "text", "cell"),
    [
        (GOAL, "完成XX项工作。", "第一部分!C5"),
        (GOAL, "20XX年全年培训农民240人。", "第一部分!C5"),
        (GOAL, "服务××县农民。", "第一部分!C5"),
        (GOAL, "服务***农民。", "第一部分!C5"),
        (GOAL, "抓好培训、检测、……", "第一部分!C5"),
        (GOAL, "……", "第一部分!C5"),
        (GOAL, "1、...", "第一部分!C5"),
        (GOAL, "（请填写本年度目标）", "第一部分!C5"),
        ("projects[0].indicators[0].name", "指标2", "项目1!C23"),
        ("projects[0].indicators[0].name", "指标１：", "项目1!C23"),
        ("projects[0].indicators[0].target", "*", "项目1!F23"),
        ("projects[0].indicators[0].description", "绩效指标描述", "项目1!D23"),
        ("projects[1].performance_goals[0]", "目标1：", "项目2!D9"),
        (USE, "用于____的支出。", "项目1!B6"),
        (BASIS, "待补充", "项目1!H23"),
    ],
)
def test_what_is_left_of_a_template_is_reported(field, text, cell):
    assert found(filled({field: text}), "D") == [("D11", cell)]


@pytest.mark.parametrize(
    "text",
    [
        "合格率=合格人数/参加人数*100%，规格3*5米。",
        "开展“我为群众办实事……”主题活动。",
        "采购XL号服装、10×20米大棚。",
        "实现指标2项、目标3个。",
        "（注：本项目为延续项目。）（例如培训）（请示）",
        "检测PM2.5和二〇〇五年以来的数据。",
    ],
)
def test_signs_with_a_meaning_pass(text):
    assert found(filled({GOAL: text}), "D11") == []


PIECES = """
X xx × *** ＊ ○○ ◯ ___ … …… ... 。。。 . 。 ( （ 【 请填 此处 示例 ） 】 指标 目标 任务 项目 绩效 2 １ 三 ： 、 “ ” 工作
"""


@given(st.lists(st.sampled_from([*PIECES.split(), "\n"]), max_size=8).map("".join))
def test_one_search_finds_all_that_may_be_left_of_a_template(text):
    if any(pattern.search(text) for pattern in identity._LEFT):
        assert identity._MAY_BE_LEFT.search(text)
