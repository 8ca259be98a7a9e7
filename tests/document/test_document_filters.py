"""The filters of the Word templates."""

from __future__ import annotations

import pytest

from perfxl.document.template.filters import labelled, lines, spans


def test_a_text_has_one_line_at_least():
    assert lines("") == [""]
    assert lines([]) == [""]
    assert lines("一\n\n二\n") == ["一", "", "二", ""]
    assert lines(["一\n二", "三"]) == ["一", "二", "三"]


@pytest.mark.parametrize(
    "first", ["1、甲", "1.甲", "1 、甲", "（一）甲", "(1)甲", "一是甲", "一、甲", "①甲", "⑴甲", " 1、甲"]
)
def test_the_label_of_a_numbered_list_stands_by_itself(first):
    assert labelled(f"{first}\n2、乙", "绩效指标：") == ["绩效指标：", first, "2、乙"]


@pytest.mark.parametrize("first", ["甲", "1.5万元", "一般", "2025年完成", "十分满意", "(注)"])
def test_the_label_of_other_text_stands_before_it(first):
    assert labelled(f"{first}\n2、乙", "绩效指标：") == [f"绩效指标：{first}", "2、乙"]


def test_the_label_of_a_single_line_stands_before_it():
    assert labelled("1、甲。", "绩效指标：") == ["绩效指标：1、甲。"]
    assert labelled("", "绩效指标：") == ["绩效指标："]


def test_an_empty_first_line_leaves_the_label_by_itself():
    assert labelled("\n甲", "绩效指标：") == ["绩效指标：", "甲"]


def rows(*pairs):
    return [{"a": a, "b": b} for a, b in pairs]


def starts(result, column):
    return [row["starts"][column] for row in result]


def test_cells_merge_over_adjacent_equal_values_of_their_parent():
    result = spans(rows("xp", "xp", "xq", "yq", "yq", "xp"), "a", "b")
    assert starts(result, "a") == [3, 0, 0, 2, 0, 1]
    assert starts(result, "b") == [2, 0, 1, 2, 0, 1]


def test_empty_cells_do_not_merge_nor_do_what_stands_beside_them():
    result = spans(rows(("", "p"), ("", "p"), ("x", ""), ("x", "")), "a", "b")
    assert starts(result, "a") == [1, 1, 2, 0]
    assert starts(result, "b") == [1, 1, 1, 1]


def test_no_rows_have_no_spans():
    assert spans([], "a", "b") == []


def test_the_rows_themselves_are_left_as_they_are():
    given = rows("xp")
    spans(given, "a")
    assert given == [{"a": "x", "b": "p"}]
