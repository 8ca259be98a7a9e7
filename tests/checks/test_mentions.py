"""Quantities in prose: what is found, and what it is said as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.checks.targets.mentions import mentions


def read(text):
    return [(one.typed, f"{one.number.normalize():f}", one.unit, one.role) for one in mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("改造7所农村小学厕所，每所12万元", [("7所", "7", "所", "claim"), ("12万元", "12", "万元", "each")]),
        ("其中土建63.00万元", [("63.00万元", "63", "万元", "part")]),
        ("惠及师生6400余人", [("6400余人", "6400", "人", "claim")]),
        ("受理约2.4万件", [("2.4万件", "24000", "件", "claim")]),
        ("补助1500元/户", [("1500元/户", "0.15", "万元/户", "each")]),
        ("小学寄宿生300人每人每年1000元", [("300人", "300", "人", "claim"), ("1000元", "0.1", "万元", "each")]),
        ("由2025年的70.4%提高到72%", [("70.4%", "70.4", "%", "baseline"), ("72%", "72", "%", "claim")]),
        ("过夜游客比2025年增长6%", [("6%", "6", "%", "change")]),
        ("比2025年增加1800人", [("1800人", "1800", "人", "change")]),
        ("组织三项活动", [("三项", "3", "项", "claim")]),
    ],
)
def test_a_quantity_is_read_with_what_it_is_said_as(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "12345热线专人值守",
        "2025年12月31日前",
        "PM2.5浓度",
        "按8:2分担",
        "第3条",
        "A4纸",
        "冀财教〔2024〕35号",
        "一般情况",
        "三分之二",
    ],
)
def test_what_is_no_quantity_is_left_aside(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.235个行政村全部到岗", [("235个", "235", "个", "claim")]),
        ("1.6月底前发放到5.8万户", [("5.8万户", "58000", "户", "claim")]),
        ("（一）新建12所", [("12所", "12", "所", "claim")]),
    ],
)
def test_the_number_of_a_line_is_no_quantity(text, expected):
    assert read(text) == expected


def test_a_price_knows_for_what_it_is_paid():
    per = {text: mentions(text)[0].per for text in ("每人每月300元", "亩均2400元", "300元/人·月", "平均每公里40万元")}
    assert per == {"每人每月300元": "人·月", "亩均2400元": "亩", "300元/人·月": "人·月", "平均每公里40万元": "公里"}


def test_the_year_before_a_number_is_known():
    assert [one.year for one in mentions("2025年在线率95.1%，近五年平均94.2%，今年96%")] == [2025, 0, None]


@given(st.text(alphabet="0123456789.,万元人次所%年月每其中由比提高到约余、，。每户均", max_size=40))
def test_any_text_is_read(text):
    for one in mentions(text):
        assert text[one.start : one.end] == one.typed
        assert one.number >= 0
