"""What a repaired workbook has otherwise than the old one: of long texts no more than what differs."""

import pytest

from perfxl.model.finding import Finding
from perfxl.model.record import Place
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.repair import Mending, Repair
from perfxl.pipeline.repair_report import left, not_carried, shown

LONG = "一二三四五六七八九十" * 4


def told(before, after):
    change = Repair(("a",), ("L04", "V07"), Place("项目1", "B6"), before, after)
    (one,) = shown(Mending(b"", (change,), Examination(())))
    assert (one.sheet, one.cell, one.codes) == ("项目1", "B6", "L04、V07")
    return one.before, one.after


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("甲", "乙", ("“甲”", "“乙”")),
        ("", "乙", ("空白", "“乙”")),
        ("甲", "", ("“甲”", "空白")),
        ("", LONG, ("空白", f"“{LONG}”")),
        ("甲" * 30, "乙" * 30, (f"“{'甲' * 30}”", f"“{'乙' * 30}”")),
        (
            LONG + "," + LONG,
            LONG + "，" + LONG,
            ("“…三四五六七八九十,一二三四五六七八…”", "“…三四五六七八九十，一二三四五六七八…”"),
        ),
        ("," + LONG, "，" + LONG, ("“,一二三四五六七八…”", "“，一二三四五六七八…”")),
        (LONG + ",", LONG + "，", ("“…三四五六七八九十,”", "“…三四五六七八九十，”")),
        (LONG, LONG + "。", ("“…三四五六七八九十”", "“…三四五六七八九十。”")),
        (
            "一" * 8 + "," + LONG,
            "一" * 8 + "，" + LONG,
            (f"“{'一' * 8},一二三四五六七八…”", f"“{'一' * 8}，一二三四五六七八…”"),
        ),
    ],
)
def test_of_long_texts_that_is_shown_which_differs(before, after, expected):
    assert told(before, after) == expected


def test_a_change_without_a_place_has_none():
    (one,) = shown(Mending(b"", (Repair(("a",), (), None, "甲", "乙"),), Examination(())))
    assert (one.sheet, one.cell, one.codes) == ("", "", "")


def test_what_is_left_is_counted_and_what_is_no_part_of_the_form_is_named():
    found = tuple(
        Finding(code, "warning", "m", "h") for code in ("T06", "M01", "T07", "T08", "T09", "T13", "T14", "T05")
    )
    assert [one.code for one in not_carried(found)] == ["T06", "T07", "T08", "T09", "T13", "T14"]
    assert left(Mending(b"", (), Examination(found[:2]))) == "新表里还有：警告 2 处。"
    assert left(Mending(b"", (), Examination(()))) == "新表里没有别的问题了。"
