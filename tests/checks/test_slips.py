"""Slips of the pen: what is found, and above all what is not."""

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.checks.language.common_words import common_words
from perfxl.checks.language.doubled_words import doubled
from perfxl.checks.language.homophone_slips import slips
from perfxl.checks.language.lexicon import lexicon
from perfxl.checks.language.lexicon_index import entries

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus"


def lines(name):
    text = (CORPUS / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


WELL_MADE = lines("well_made_prose.txt")
TRADES = lines("trades_prose.txt")
INJECTED = [tuple(line.split()) for line in lines("injected_slips.txt")]


def found(*texts):
    return [(slip.wrong, slip.right) for slip in slips(texts)]


# --- the published originals


def test_a_word_of_the_document_written_with_other_characters_is_found():
    texts = ["提案质量和班里质量不断提高。", "不断提高提案质量和办理质量。", "提案质量和办理质量不断提高"]
    assert found(*texts) == [("班里质量", "办理质量")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("完善民主监督机制，建立健全之情，沟通制度", [("健全之情", "健全知情")]),
        ("社情民意反应率", [("社情民意反应", "社情民意反映")]),
        ("反映民营企业存在的问题、困难、意和诉求数量", [("意和诉求", "意见和诉求")]),
        ("能够长期较好的满足工作需求", [("较好的满足", "较好地满足")]),
        ("难以精准的体现社会效益", [("精准的体现", "精准地体现")]),
        ("公开发表的新闻报导、文章", [("新闻报导", "新闻报道")]),
    ],
)
def test_slips_of_the_originals_are_found(text, expected):
    assert found(text) == expected


# --- by kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("贯彻上级工作布署", [("工作布署", "工作部署")]),
        ("及时拔付工程款", [("及时拔付", "及时拨付")]),
        ("按期开展陪训", [("开展陪训", "开展培训")]),
        ("完成绩效自平", [("绩效自平", "绩效自评")]),
        ("加强综合事物管理", [("综合事物", "综合事务")]),
        ("截止2025年底", [("截止", "截至")]),
        ("登记固定资产台帐", [("台帐", "台账")]),
        ("公民的权力和义务", [("权力和义务", "权利和义务")]),
        ("合法权益得到保障", []),
    ],
)
def test_slips_of_many_kinds(text, expected):
    assert found(text) == expected


def test_a_slip_has_its_place():
    (slip,) = slips(["没有错字。", "第一句。社情民意反应率"])
    assert (slip.text, slip.start, slip.length) == (1, 4, 6)


def test_a_name_that_the_document_writes_often_is_watched():
    often = [f"第{number}项：沙垴河区工作" for number in range(4)]
    assert found(*often, "秦皇岛市沙脑河区委员会") == [("沙脑河区", "沙垴河区")]
    assert found(often[0], "秦皇岛市沙脑河区委员会") == []


def test_every_text_of_a_repeated_one_is_reported():
    assert [slip.text for slip in slips(["社情民意反应率", "", "社情民意反应率"])] == [0, 2]


# --- what is none


@pytest.mark.parametrize(
    "text",
    [
        "出现不良反应及时处置，提高应急反应能力",
        "如实反映情况，反应迅速",
        "采取错时上下班措施",
        "提出一件提案，实施一件民生实事",
        "国家致力于改善民生",
        "严守工作纪律，严守财经纪律",
        "政治纪律和政治规矩，政治生态良好",
        "法制宣传教育和法治宣传教育",
        "水质检测、水质监测，监测站和检测站",
        "人民防空工作，防空设施完好",
        "财务报账单位、报账员",
        "开展实践活动，安排实践教学",
        "制定方案，制订计划，指定专人负责",
        "资金结余和节余资金",
        "公示情况说明，按公式计算",
        "会计核算，核酸检测",
        "以产业致富资金带动农户",
        "企业智能化改造，智能部件",
        "十年树木，百年树人",
        "",
        "PM2.5、GDP、5G",
        "李岚、王伟、张芳芳、赵建国",
    ],
)
def test_real_words_are_no_slips(text):
    assert found(text) == []


def test_well_made_prose_has_no_slips():
    assert slips(WELL_MADE) == []
    assert [found(text) for text in WELL_MADE if found(text)] == []


def test_prose_of_trades_has_no_slips():
    assert len(TRADES) >= 90
    assert slips(TRADES) == []
    assert [doubled(text) for text in TRADES if doubled(text)] == []


def injected(texts, count):
    """Stretches of the texts with one character of a word replaced by one that sounds exactly alike, at random.

    Those that make another word of it come second: `(what stands there now, where)`.
    """
    chance, words, common = random.Random(5), lexicon(), common_words()
    by_sound = {}
    for char in sorted({char for word in words.known for char in word}):
        by_sound.setdefault(words.exact_sounds(char), []).append(char)
    stretches = sorted({found[0] for text in texts for found in re.finditer("[\u4e00-\u9fff]{4,}", text)})
    wrong, real = [], []
    while len(wrong) < count or len(real) < count // 2:
        stretch = chance.choice(stretches)
        token = chance.choice(words.tokens(stretch))
        at = chance.randrange(token.start, token.end)
        others = [char for char in by_sound.get(words.exact_sounds(stretch[at]), ()) if char != stretch[at]]
        if token.end - token.start < 2 or not others:
            continue
        mistaken = stretch[:at] + chance.choice(others) + stretch[at + 1 :]
        is_word = common.cost(mistaken[token.start : token.end]) is not None
        (real if is_word else wrong).append((mistaken, at))
    return wrong[:count], real[: count // 2]


@pytest.mark.parametrize(("texts", "of_words"), [(WELL_MADE, 0.18), (TRADES, 0.12)])
def test_random_homophones_are_found(texts, of_words):
    wrong, real = injected(texts, 200)

    def share(cases):
        told = [slips([text]) for text, _ in cases]
        pairs = zip(cases, told, strict=True)
        return sum(any(s.start <= at < s.start + s.length for s in here) for (_, at), here in pairs) / len(cases)

    assert share(wrong) >= 0.5
    assert share(real) >= of_words


def test_most_injected_slips_are_found_and_nothing_else():
    missed, others = [], []
    for right, wrong in INJECTED:
        place = next(index for index, text in enumerate(WELL_MADE) if right in text)
        text = WELL_MADE[place].replace(right, wrong, 1)
        here = slips([*WELL_MADE[:place], text, *WELL_MADE[place + 1 :]])
        mended = [text[: slip.start] + slip.right + text[slip.start + slip.length :] for slip in here]
        if WELL_MADE[place] not in mended:
            missed.append(wrong)
        others += [slip for slip in here if slip.text != place or WELL_MADE[place] not in mended]
    assert len(INJECTED) >= 90
    assert len(missed) <= len(INJECTED) * 0.12, missed
    assert others == []


@given(st.lists(st.text("提案办理班里反应映社情民意建立健全知之意见和诉求的地工作，。 a1"), max_size=5))
def test_no_text_raises_and_every_place_is_right(texts):
    for slip in slips(texts):
        assert texts[slip.text][slip.start : slip.start + slip.length] == slip.wrong != slip.right
    for text in texts:
        for twice in doubled(text):
            assert text[twice.start : twice.start + twice.length] == twice.wrong


# --- words written twice


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("提高资金使用效益的意见意见；", "意见意见", "意见"),
        ("各项工作工作完成情况", "工作工作", "工作"),
        ("及时进行进行整改", "进行进行", "进行"),
        ("服务水平的的提高", "的的", "的"),
        ("不断提提高服务水平", "提提高", "提高"),
        ("进一步加加强管理", "加加强", "加强"),
        ("提高工作效率提高工作效率", "提高工作效率提高工作效率", "提高工作效率"),
        ("办理质量办理质量不断提高", "办理质量办理质量", "办理质量"),
        ("确保确保按时完成", "确保确保", "确保"),
        ("改造造农村小学旱厕", "造造", "造"),
        ("损失率控控制在5%以内", "控控", "控"),
    ],
)
def test_a_word_written_twice_is_found(text, wrong, right):
    (twice,) = doubled(text)
    assert (twice.wrong, twice.right, twice.start) == (wrong, right, text.index(wrong))


@pytest.mark.parametrize(
    "text",
    re.split(
        r"\s+",
        """天天 个个 人人 常常 种种 层层 一一 年年 研究研究 讨论讨论 高高兴兴 认认真真 方方面面 实实在在 的的确确
        是是非非 一步一步 一项一项落实 20202020 促进发展发展中国家合作 会员企业企业家 县政府政府采购
        专项资金资金使用率 党中央中央军委 以盈利为目的的活动 关键是是否到位 美丽和和谐 做好在在建工程 及及时反馈
        为了了解情况 会议会议费 宣传宣传部 不了了之 群众群众满意度 非常非常重要 商会会员 局局长 等等 各类类型
        项目项目库 培训培训人员 市消防局局长 一段段故事 山山岭岭 人民民主 乡村村口 户户通电""",
    ),
)
def test_doubling_that_belongs_to_the_language_is_none(text):
    assert doubled(text) == ()


def test_well_made_prose_has_nothing_doubled():
    assert [doubled(text) for text in WELL_MADE if doubled(text)] == []


# --- the data


def test_the_lexicon_holds_nothing_twice_over_in_proposals():
    words = lexicon()
    assert all(len(word) > 1 for word in words.known)
    assert {word for word, _ in entries()} <= words.terms <= words.known


def test_the_sounds_are_those_of_the_lexicon(tmp_path):
    pytest.importorskip("pypinyin", reason="pypinyin is not installed; the test extra has it and CI installs it")
    written = (ROOT / "perfxl" / "checks" / "language" / "sounds.txt").read_text("utf-8")
    made = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "make_sounds.py"), str(tmp_path / "sounds.txt")],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0
    assert (tmp_path / "sounds.txt").read_text("utf-8") == written
