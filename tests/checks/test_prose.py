"""Brackets, punctuation, blanks and full stops, and the text as it is mended."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.checks.language.punctuation import (
    BLANKS,
    FILE_NUMBER,
    SIGNS_OF_HALF_WIDTH,
    file_numbers,
    final_punctuation,
    punctuation,
    quotes,
    signs_of_quotes,
    spacing,
)
from perfxl.checks.plan.free_texts import Texts

WELL_MADE = [
    line
    for line in (Path(__file__).parents[1] / "corpus" / "well_made_prose.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
RULES = [file_numbers, punctuation, quotes, spacing]


def mended(rule, text):
    repair = rule(text)
    return None if repair is None else repair.repaired


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("text", WELL_MADE)
def test_well_made_prose_needs_no_repair(rule, text):
    assert rule(text) is None


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("冀联发[2021]56号文件", "冀联发〔2021〕56号文件"),
        ("全联发【2021】25 号文件", "全联发〔2021〕25 号文件"),
        ("财预(2020)10号", "财预〔2020〕10号"),
        ("财预（2020）10号", "财预〔2020〕10号"),
        ("财预［2020］第10号", "财预〔2020〕第10号"),
        ("财预﹝2020﹞10号", "财预〔2020〕10号"),
        ("财预〔2020]10号", "财预〔2020〕10号"),
        ("冀发[ 2021 ]5号和邢联[2021]7 号", "冀发〔2021〕5号和邢联〔2021〕7 号"),
        ("财预〔2020〕10号", None),
        ("（2021）京01民初15号", None),
        ("2021年第3号公告", None),
        ("新建项目（2021）3号楼", None),
        ("见附件[1]第2号", None),
        ("2025年（含上年结转）12号", None),
    ],
)
def test_the_year_of_a_file_number_stands_in_its_own_brackets(text, repaired):
    assert mended(file_numbers, text) == repaired


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("参加调研,检查,视察活动,完善提案办理", "参加调研，检查，视察活动，完善提案办理"),
        ("发挥民主监督作用;积极参政议政;", "发挥民主监督作用；积极参政议政；"),
        ("促进社会全面发展:", "促进社会全面发展："),
        ("是否实现绿色办公?", "是否实现绿色办公？"),
        ("完善制度, 提高质量", "完善制度，提高质量"),
        ("工作完成率(%)", "工作完成率（%）"),
        ("秦皇岛市工商业联合会(本级)", "秦皇岛市工商业联合会（本级）"),
        ("完成率达到95%,确保目标实现", "完成率达到95%，确保目标实现"),
        ("完成《手册》编印,按期发放", "完成《手册》编印，按期发放"),
        ("保障单位业务开展.", "保障单位业务开展。"),
        ("加强管理，，提高效率。。", "加强管理，提高效率。"),
        ("第一行,\n第二行;", "第一行，\n第二行；"),
        ("完善制度，提高质量。", None),
        ("8:30开会，比例为1:2", None),
        ("1,200人", None),
        ("1,做好培训", None),
        ("GDP(PPP), CPI", None),
        ("网址http://example.org", None),
        ("f(x)", None),
        ("等等……", None),
        ("开展“党建+”活动", None),
        ("人均成本=总成本/人数*100%", None),
    ],
)
def test_punctuation_between_chinese_characters_is_full_width(text, repaired):
    assert mended(punctuation, text) == repaired


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("”光彩活动““万企兴万村”项目", "“光彩活动”“万企兴万村”项目"),
        ("”五好“工商联", "“五好”工商联"),
        ("“五好“工商联", "“五好”工商联"),
        ("“五好“和“四好”", "“五好”和“四好”"),
        ('争创"五好"工商联', "争创“五好”工商联"),
        ("“三个努力建成”“三个走在前列”", None),
        ("他说“这是“两个健康”的要求”", None),
        ("没有引号", None),
        ('屏幕24"', None),
        ('x = "code"', None),
    ],
)
def test_quotation_marks_open_and_close(text, repaired):
    assert mended(quotes, text) == repaired


@pytest.mark.parametrize(("text", "at"), [("争创“五好工商联", 2), ("争创五好”工商联", 4), ("“五好”和“四好商会", 5)])
def test_a_mark_without_its_other_half_is_pointed_at(text, at):
    repair = quotes(text)
    assert repair.repaired == text
    assert [(spot.start, spot.wrong == spot.right) for spot in repair.spots] == [(at, True)]


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("保障单位业务开展。\t\t\t\t", "保障单位业务开展。"),
        ("提高委员履职能力。 ", "提高委员履职能力。"),
        ("第一行　 \n第二行", "第一行\n第二行"),
        ("其中：财政    资金", "其中：财政资金"),
        ("完成率\t95%", "完成率 95%"),
        ("完成  95%", "完成 95%"),
        ("张　　博", "张　博"),
        ("办公\t设备", "办公设备"),
        ("　　段首缩进", None),
        ("张 博", None),
        ("≥10 次", None),
        ("PM2.5 浓度", None),
        ("", None),
        ("\n\n", None),
    ],
)
def test_blanks_that_nobody_meant_go(text, repaired):
    assert mended(spacing, text) == repaired


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["1.甲。", "2.乙。", "3.丙"], [(2, "3.丙。")]),
        (["1.甲。", "2.乙", "3.丙。"], [(1, "2.乙。")]),
        (["1.甲。", "2.乙"], [(1, "2.乙。")]),
        (["甲；", "乙", "丙。"], [(1, "乙；")]),
        (["甲；", "乙；", "丙"], [(2, "丙。")]),
        (["甲；", "乙；", "丙；"], [(2, "丙。")]),
        (["甲。", "乙，"], [(1, "乙。")]),
        (["甲。", "", "乙 "], [(2, "乙。")]),
        (["甲。", "“乙。”", "（丙。）", "丁"], [(3, "丁。")]),
        (["甲", "乙", "丙"], []),
        (["甲", "乙", "丙。"], []),
        (["甲。", "乙。"], []),
        (["甲：", "乙。", "丙。"], []),
        (["甲；", "乙；", "丙。"], []),
        (["甲"], []),
        ([], []),
    ],
)
def test_an_item_lacks_the_mark_that_the_others_have(items, expected):
    assert [(item.number, item.repaired) for item in final_punctuation(items)] == expected


@given(st.text("政府采购,，;；:?!()（）%“”\"' \t\n　。.123[]【】2021号〔〕"))
def test_what_is_mended_stays_mended(text):
    for rule in RULES:
        repair = rule(text)
        if repair is None:
            continue
        assert repair.spots
        assert all(text[spot.start : spot.start + spot.length] == spot.wrong for spot in repair.spots)
        if repair.repaired != text:
            assert rule(repair.repaired) is None


@given(st.lists(st.text("甲乙。；，：” ")))
def test_full_stops_are_put_once(items):
    mended_items = list(items)
    for item in final_punctuation(items):
        mended_items[item.number] = item.repaired
    assert final_punctuation(mended_items) == ()


@given(st.lists(st.text('提案的，。、；,;:?!.()（“”"[]〔〕2021号 1A%\t\u3000\n'), max_size=6))
def test_one_search_through_all_texts_finds_those_that_a_rule_mends(texts):
    every = Texts([((number,), text) for number, text in enumerate(texts)])
    signs = {
        file_numbers: (FILE_NUMBER,),
        punctuation: SIGNS_OF_HALF_WIDTH,
        quotes: signs_of_quotes(every.together),
        spacing: (BLANKS,),
    }
    for rule, patterns in signs.items():
        found = [text for _, text in every.where(*patterns)]
        assert [text for text in texts if rule(text) and text not in found] == []
        assert [texts[path[0]] for path, _ in every.where(*patterns)] == found


def test_texts_that_hold_a_word_come_once_and_in_order():
    every = Texts([((0,), "甲乙"), ((1,), ""), ((2,), "乙甲乙"), ((3,), "丙")])
    assert every.holding(("丙", "乙")) == [((0,), "甲乙"), ((2,), "乙甲乙"), ((3,), "丙")]
    assert every.holding(()) == []
