"""Targets as they are printed, and what they say."""

import re
from datetime import date
from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.checks.targets import dates
from perfxl.checks.targets import target as target_module
from perfxl.checks.targets.quantities import amounts, numeral
from perfxl.checks.targets.target import Target, comparable, money, understand
from perfxl.model import signs as sign_words


def said(text):
    """Return kind and clean reading of a target, `→` before a repaired one."""
    target = understand(text)
    number = "" if target.number is None else f"{target.number:f}"
    upper = "" if target.upper is None else f"-{target.upper:f}"
    reading = f"{target.kind} {target.sign}{number}{upper}{target.unit}".strip()
    return f"{reading} → {target.repaired}" if target.repaired else reading


# What is printed | what it says.
CLEAN = """
≥45人 | quantity ≥45人
≥4篇 | quantity ≥4篇
≥10 次 | quantity ≥10次
≥ 10次 | quantity ≥10次
≥100家 | quantity ≥100家
≥20　个 | quantity ≥20个
0起 | quantity 0起
=0起 | quantity =0起
≤3起 | quantity ≤3起
1111件 | quantity 1111件
≥2020人 | quantity ≥2020人
≥5050人 | quantity ≥5050人
≥1212次 | quantity ≥1212次
=2222件 | quantity =2222件
5050人及以上 | quantity ≥5050人
≥80M | quantity ≥80M
≥100Mbps | quantity ≥100Mbps
≥3次/月 | quantity ≥3次/月
≥2场/季度 | quantity ≥2场/季度
≥12次每年 | quantity ≥12次每年
≥300人次 | quantity ≥300人次
≥1.5万人次 | quantity ≥1.5万人次
≥2万人 | quantity ≥2万人
≤5个工作日 | quantity ≤5个工作日
5个工作日内 | quantity ≤5个工作日
24小时内 | quantity ≤24小时
30分钟以内 | quantity ≤30分钟
≤3天 | quantity ≤3天
≥3年 | quantity ≥3年
10年 | quantity 10年
≤6个月 | quantity ≤6个月
≥35.5公里 | quantity ≥35.5公里
≥1200平方米 | quantity ≥1200平方米
≥500㎡ | quantity ≥500㎡
≤35微克/立方米 | quantity ≤35微克/立方米
PM2.5≤35微克/立方米 | quantity ≤35微克/立方米
≥90分 | quantity ≥90分
≥2倍 | quantity ≥2倍
提升5个百分点 | quantity 5个百分点
≥5门 | quantity ≥5门
≥3蒲式耳 | quantity ≥3蒲式耳
=1个 | quantity =1个
1,200人 | quantity 1200人
≥1，000人 | quantity ≥1000人
≥12,345,678人次 | quantity ≥12345678人次
≥0.5公顷 | quantity ≥0.5公顷
-5度 | quantity -5度
每季度1次 | quantity 1次
每年组织2次以上 | quantity ≥2次
5万美元 | quantity 5万美元
3个单元 | quantity 3个
95 | quantity 95
≥95 | quantity ≥95
0.95 | quantity 0.95
≥0.95 | quantity ≥0.95
12 | quantity 12
100% | percent 100%
>90% | percent >90%
<5% | percent <5%
=100% | percent =100%
≥95.5% | percent ≥95.5%
≥98.00% | percent ≥98.00%
≤0% | percent ≤0%
120% | percent 120%
200% | percent 200%
≥100百分比 | percent ≥100%
≥95百分之 | percent ≥95%
百分之九十五以上 | percent ≥95%
百分之95 | percent 95%
≥百分之九十 | percent ≥90%
百分百 | percent 100%
百分之百 | percent 100%
95%及以上 | percent ≥95%
95%以上 | percent ≥95%
5%以下 | percent ≤5%
3%以内 | percent ≤3%
完成率100% | percent 100%
满意度≥95% | percent ≥95%
达到95%以上 | percent ≥95%
100%完成 | percent 100%
较上年增长5% | percent 5%
增长不低于5% | percent ≥5%
≤450元 | money ≤450元
≤1万元 | money ≤1万元
90000元 | money 90000元
21.12万元 | money 21.12万元
<1.5 万元 | money <1.5万元
≤109000元 | money ≤109000元
≤0.1 万元 | money ≤0.1万元
≤1.2亿元 | money ≤1.2亿元
≤3千元 | money ≤3千元
≤450元/人 | money ≤450元/人
≤550元/人/天 | money ≤550元/人/天
400元每人 | money 400元每人
≤1万元/平方米 | money ≤1万元/平方米
控制在10万元以内 | money ≤10万元
不超过21万元 | money ≤21万元
3000元整 | money 3000元
3000人民币 | money 3000元
"""
SIGNS = """
≧90% | percent ≥90%
⩾90% | percent ≥90%
≥=90% | percent ≥90%
>=90% | percent ≥90%
=>90% | percent ≥90%
＞＝90％ | percent ≥90%
＞90％ | percent >90%
》90% | percent >90%
》=90% | percent ≥90%
\\geq 90% | percent ≥90%
\\geq90% | percent ≥90%
\\leq 5万元 | money ≤5万元
&ge;90% | percent ≥90%
═100% | percent =100%
＝100% | percent =100%
==100% | percent =100%
≦5万元 | money ≤5万元
<=5万元 | money ≤5万元
=<5万元 | money ≤5万元
《5% | percent <5%
＜5% | percent <5%
﹤5% | percent <5%
大于等于95% | percent ≥95%
大于或等于95% | percent ≥95%
不少于4篇 | quantity ≥4篇
不低于 100 家 | quantity ≥100家
不小于3次 | quantity ≥3次
至少3次 | quantity ≥3次
小于等于5万元 | money ≤5万元
不大于5天 | quantity ≤5天
最多3次 | quantity ≤3次
等于100% | percent =100%
大于90% | percent >90%
超过90% | percent >90%
低于5% | percent <5%
≥２０人 | quantity ≥20人
≥９０％ | percent ≥90%
"""
RANGES_AND_NUMERALS = """
1-2次 | quantity 1-2次
1～2次 | quantity 1-2次
1至2次 | quantity 1-2次
1—2次 | quantity 1-2次
每年1-2次 | quantity 1-2次
90%-95% | percent 90-95%
90~95% | percent 90-95%
95%到100% | percent 95-100%
≥90%≤100% | percent 90-100%
≥90%且≤95% | percent 90-95%
≥60分，≤90分 | quantity 60-90分
3-5万元 | money 3-5万元
10-15 | quantity 10-15
十二次 | quantity 12次
一百人 | quantity 100人
两次 | quantity 2次
一次 | quantity 1次
三十二场次 | quantity 32场次
三百零五户 | quantity 305户
一千二百人 | quantity 1200人
三十二万元 | money 32万元
十万元 | money 10万元
三个月 | quantity 3个月
每年两次 | quantity 2次
不少于十二次 | quantity ≥12次
十五次以上 | quantity ≥15次
"""
MISHAPS = """
≥9595及以上 | concatenation ≥95% → ≥95%
≥8080及以上 | concatenation ≥80% → ≥80%
≥5050及以上 | concatenation ≥50% → ≥50%
≥9090及以上 | concatenation ≥90% → ≥90%
≥9898以上 | concatenation ≥98% → ≥98%
≥100100及以上 | concatenation ≥100% → ≥100%
≥95.595.5及以上 | concatenation ≥95.5% → ≥95.5%
≥1010及以上 | concatenation ≥10 → ≥10
≥5050人及以上 | concatenation ≥50人 → ≥50人
≥9595%及以上 | concatenation ≥95% → ≥95%
≥9595% | concatenation ≥95% → ≥95%
9595% | concatenation 95% → 95%
=100100% | concatenation =100% → =100%
≤55以下 | concatenation ≤55 → ≤55
≥0.9595及以上 | concatenation ≥95% → ≥95%
≥0.9595%及以上 | concatenation ≥95% → ≥95%
≥0.95大于等于95% | concatenation ≥95% → ≥95%
≥0.9大于等于90% | concatenation ≥90% → ≥90%
≥1大于等于100% | concatenation ≥100% → ≥100%
≥95大于等于95% | concatenation ≥95% → ≥95%
≥95%大于等于95% | concatenation ≥95% → ≥95%
≥95%≥95% | concatenation ≥95% → ≥95%
≥95 95% | concatenation ≥95% → ≥95%
≥95%95% | concatenation ≥95% → ≥95%
≥95%，95%及以上 | concatenation ≥95% → ≥95%
≥10不少于10次 | concatenation ≥10次 → ≥10次
≥10次10次 | concatenation ≥10次 → ≥10次
≤5小于等于5万元 | concatenation ≤5万元 → ≤5万元
≤50000小于等于5万元 | concatenation ≤5万元 → ≤5万元
≥≥95% | concatenation ≥95% → ≥95%
=≥95% | concatenation ≥95% → ≥95%
≥大于等于95% | concatenation ≥95% → ≥95%
≥不少于10次 | concatenation ≥10次 → ≥10次
≥95%及以上 | concatenation ≥95% → ≥95%
≥95及以上 | concatenation ≥95 → ≥95
≥11及以上 | concatenation ≥11 → ≥11
≥95%% | concatenation ≥95% → ≥95%
≥95%百分比 | concatenation ≥95% → ≥95%
≥10次次 | concatenation ≥10次 → ≥10次
≤5万元万元 | concatenation ≤5万元 → ≤5万元
≤5万元元 | concatenation ≤5万元 → ≤5万元
≥90优良 | concatenation ≥90% → ≥90%
=100完成 | concatenation =100% → =100%
=1完成 | concatenation
≥≤95% | concatenation
≥95%以下 | concatenation
≥0.9大于等于95% | concatenation
290% | percent 290% → ≥90%
295.5% | percent 295.5% → ≥95.5%
2100% | percent 2100% → ≥100%
满意度290% | percent 290% → 满意度≥90%
250万 | money 250万元 → 250万元
≥250万 | money ≥250万元 → ≥250万元
44,561 | serial 44561 → 2021年12月31日
44561 | serial 44561 → 2021年12月31日
45657.0 | serial 45657 → 2024年12月31日
≤46022 | serial ≤46022 → 2025年12月31日
"""
NOT_MISHAPS = """
44561人 | quantity 44561人
39999 | quantity 39999
55002 | quantity 55002
250万人 | quantity 250万人
≥290% | percent ≥290%
290人 | quantity 290人
209% | percent 209%
1010% | concatenation 10% → 10%
≥95%且不超过100% | percent 95-100%
不少于3次以上 | quantity ≥3次
≥3次，每次≥50人 | qualitative ≥
≥45人，≥3次 | qualitative ≥
培训45人、调研3次 | qualitative
"""
WORDS = """
优良 | qualitative
有所提升 | qualitative
是否实现绿色办公 | qualitative
一次性完成 | qualitative
一般 | qualitative
一级 | qualitative
十分满意 | qualitative
零投诉 | qualitative
万企兴万村 | qualitative
不超过预算 | qualitative
≥优良 | qualitative ≥
《会议费管理办法》 | qualitative
“五好”县级工商联 | qualitative
及时按照时间节点完成工商联各项绩效目标。 | qualitative
 | blank
　 | blank
/ | blank
—— | blank
"""
TABLE = [line.split(" | ") for part in (CLEAN, SIGNS, RANGES_AND_NUMERALS, MISHAPS, NOT_MISHAPS, WORDS)
         for line in part.strip("\n").split("\n")]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_a_target_is_understood(text, expected):
    assert said(text) == expected


def test_the_table_is_long_enough():
    assert len(TABLE) >= 200


# What is printed, and the last day it means in a plan for 2025.
DAYS = [
    ("2025年12月31日", "date", date(2025, 12, 31)),
    ("2025年12月31日前", "date", date(2025, 12, 31)),
    ("2025年12月31日前完成", "date", date(2025, 12, 31)),
    ("2025年 12月 31日", "date", date(2025, 12, 31)),
    ("２０２５年１２月３１日", "date", date(2025, 12, 31)),
    ("≤2025年12月31日", "date", date(2025, 12, 31)),
    ("2025年12月", "date", date(2025, 12, 31)),
    ("2025年2月底前", "date", date(2025, 2, 28)),
    ("2024年2月", "date", date(2024, 2, 29)),
    ("2025年", "date", date(2025, 12, 31)),
    ("2025年底前", "date", date(2025, 12, 31)),
    ("2025年度", "date", date(2025, 12, 31)),
    ("2025-12-31", "date", date(2025, 12, 31)),
    ("2025-12-31 00:00:00", "date", date(2025, 12, 31)),
    ("2025/6/30", "date", date(2025, 6, 30)),
    ("2025.12.31", "date", date(2025, 12, 31)),
    ("2025.07", "date", date(2025, 7, 31)),
    ("20251231", "date", date(2025, 12, 31)),
    ("2026年1月15日", "date", date(2026, 1, 15)),
    ("截至2025年6月底", "date", date(2025, 6, 30)),
    ("9月前", "date", date(2025, 9, 30)),
    ("12月底前", "date", date(2025, 12, 31)),
    ("12月31日前", "date", date(2025, 12, 31)),
    ("十二月底前", "date", date(2025, 12, 31)),
    ("6月上旬", "date", date(2025, 6, 30)),
    ("年底前", "date", date(2025, 12, 31)),
    ("当年12月底前完成", "date", date(2025, 12, 31)),
    ("第四季度", "date", date(2025, 12, 31)),
    ("第三季度末", "date", date(2025, 9, 30)),
    ("上半年", "date", date(2025, 6, 30)),
    ("全年", "date", date(2025, 12, 31)),
    ("2023.07-2024.01", "period", date(2024, 1, 31)),
    ("2025年1月-12月", "period", date(2025, 12, 31)),
    ("2025年1-12月", "period", date(2025, 12, 31)),
    ("2025年1月1日至12月31日", "period", date(2025, 12, 31)),
    ("2025年6月1日-30日", "period", date(2025, 6, 30)),
    ("2025.1.1-2025.12.31", "period", date(2025, 12, 31)),
    ("2025-01-01至2025-12-31", "period", date(2025, 12, 31)),
    ("2021-2025年", "period", date(2025, 12, 31)),
    ("2021-2025", "period", date(2025, 12, 31)),
    ("2023年至2026年", "period", date(2026, 12, 31)),
    ("1-12月", "period", date(2025, 12, 31)),
    ("7月-9月", "period", date(2025, 9, 30)),
]


@pytest.mark.parametrize(("text", "kind", "ends"), DAYS)
def test_a_date_ends_on_its_last_day(text, kind, ends):
    target = understand(text, 2025)
    assert (target.kind, target.ends) == (kind, ends)


@pytest.mark.parametrize(
    "text", ["2025年13月", "2025年2月30日", "≥3年", "12次", "2025人", "≤6月", "1-2次", "2023.5万元"]
)
def test_what_is_no_date_is_not_taken_for_one(text):
    assert understand(text, 2025).kind not in ("date", "period")


def test_a_date_without_a_year_has_no_last_day_until_the_year_is_known():
    assert understand("9月前").ends is None
    assert understand("9月前", 2024).ends == date(2024, 9, 30)


def test_the_clean_notation_keeps_the_words():
    assert understand("完成率不低于９５％").written == "完成率≥95%"
    assert understand("控制在10万元以内").written == "控制在10万元以内"
    assert understand("2025-12-31 00:00:00").written == "2025年12月31日"
    assert understand("44,561").written == "44,561"
    assert understand("1～2次").written == "1-2次"


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("≧90%", (("≧", "≥"),)),
        ("═100百分比", (("═", "="), ("百分比", "%"))),
        ("\\geq 90%", (("\\geq", "≥"),)),
        ("≥90%", ()),
        ("不少于4篇", ()),
        ("95%及以上", ()),
        ("＞90％", ()),
    ],
)
def test_look_alikes_are_named_but_words_and_widths_are_not(text, pairs):
    assert understand(text).look_alikes == pairs


def test_equal_quantities_compare_equal():
    assert (
        comparable(understand("90000元")) == comparable(understand("≤9.00万元")) == comparable(understand("0.0009亿元"))
    )
    assert comparable(understand("2万人")) == comparable(understand("20000人"))
    assert comparable(understand("95%")) != comparable(understand("95次"))
    assert comparable(understand("450元/人")) != comparable(understand("450元"))
    assert comparable(understand("优良")) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("90000元", "9"),
        ("≤1万元", "1"),
        ("1.2亿元", "12000"),
        ("≤450元/人", "0.045"),
        ("3千元", "0.3"),
        ("2百万元", "200"),
    ],
)
def test_money_comes_in_ten_thousand_yuan(text, amount):
    assert money(understand(text)) == Decimal(amount)


def test_what_is_no_money_has_no_amount():
    assert [money(understand(text)) for text in ("5万美元", "95%", "3个单元", "优良", "2万人")] == [None] * 5


def test_amounts_of_prose_are_found_in_their_places():
    text = "预算安排资金21万元，其中培训费 3000 元、设备１.５万元。"
    found = amounts(text)
    assert [(a.typed, a.amount) for a in found] == [
        ("21万元", Decimal(21)), ("3000 元", Decimal("0.3")), ("１.５万元", Decimal("1.5"))]  # fmt: skip
    assert all(text[a.start : a.start + a.length] == a.typed for a in found)


@pytest.mark.parametrize("text", ["5万美元", "3个单元", "2022元旦", "召开12次", "250万人"])
def test_what_is_no_money_is_no_amount(text):
    assert amounts(text) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("三万五千", 35000),
     ("二〇二五", 2025), ("一亿零五十", 100000050), ("两", 2), ("零", 0), ("", None), ("人", None), ("百", None)],
)  # fmt: skip
def test_chinese_numerals_are_read(text, value):
    assert numeral(text) == value


def test_every_sign_that_is_known_is_found():
    for typed in [*sign_words._CHAR, *sign_words._CODE, *sign_words._WORD, *sign_words._PAIRS]:
        assert re.fullmatch(sign_words.SIGN, typed), typed
        assert understand(f"{typed}95%").sign == sign_words.sign_of(typed).sign


signs = st.sampled_from("≥≤=><")
units = st.sampled_from(
    ["人", "次", "%", "万元", "元", "家", "件", "篇", "个工作日", "人次", "平方米", "元/人", "次/月"]
)
numbers = st.one_of(
    st.integers(0, 39999).map(str), st.decimals(0, 9999, places=2, allow_nan=False).map(lambda number: f"{number:f}")
)
WIDE = str.maketrans("0123456789.%><=", "０１２３４５６７８９．％＞＜＝")


@given(signs, numbers, units)
def test_what_is_cleanly_printed_is_understood_as_printed(sign, number, unit):
    printed = f"{sign}{number}{unit}"
    target = understand(printed)
    if target.kind == "concatenation":  # 9595% above 100 is one number typed twice
        assert unit == "%"
        assert target.number * 100 < Decimal(number) or Decimal(number) > 100
        return
    assert (target.sign, target.number, target.unit, target.repaired) == (sign, Decimal(number), unit, "")
    assert target.written == printed


@given(signs, numbers, units)
def test_full_width_says_the_same(sign, number, unit):
    narrow, wide = understand(f"{sign}{number}{unit}"), understand(f"{sign}{number}{unit}".translate(WIDE))
    assert (wide.kind, wide.sign, wide.number, wide.unit, wide.written, wide.repaired) == (
        narrow.kind, narrow.sign, narrow.number, narrow.unit, narrow.written, narrow.repaired)  # fmt: skip


@given(
    st.one_of(
        st.text(), st.text("≥≤=><》《0123456789.,，-%万亿元人次年月日及以上大于等不少至到百分之一二十零\\geq 　０９％/")
    )
)
def test_no_text_raises(text):
    target = understand(text, 2025)
    assert target.printed == text
    assert target.kind != "concatenation" or not target.repaired or understand(target.repaired).number is not None
    amounts(text)
    comparable(target)
    money(target)


@given(st.sampled_from(range(50, 101)), signs)
def test_a_doubled_number_with_its_wording_is_always_undone(number, sign):
    wording = {"≥": "及以上", ">": "及以上", "≤": "及以下", "<": "及以下"}.get(sign, "%")
    assert understand(f"{sign}{number}{number}{wording}").repaired == f"{sign}{number}%"


PIECES = """
≥ ≤ = > < 不少于 至少 大于等于 ≥≥ 每 全年 2 9 95 0.95 290 2025 2023.07 44561 20250301 1,200 十二 一 百分百 百分之九十五
% ％ 人 次 万 元 万元 元/人 天 年 月 日 号 季度 上半年 年底 至 到 - ~ . / 、 及以上 以内 左右 优良 完成 个 工作日 级
百 点
"""


@given(st.lists(st.sampled_from(PIECES.split()), min_size=1, max_size=6).map("".join))
def test_the_short_way_to_read_a_target_says_what_the_long_one_says(text):
    everything, nothing = re.compile(""), re.compile("(?!)")
    short = understand(text, 2025)
    with (
        patch.object(target_module, "_USUAL", nothing),
        patch.object(target_module, "_SAYS_HOW_MUCH", everything),
        patch.object(target_module, "_DIGIT", everything),
        patch.object(dates, "_MAY_BE_DATE", everything),
        patch.object(dates, "_FIRST", {*text, *"0123456789"}),
    ):
        long = understand(text, 2025)
    assert [(name, getattr(short, name)) for name in Target.__slots__] == [
        (name, getattr(long, name)) for name in Target.__slots__
    ]
