"""Remarks in the clerk's words, and how findings are counted and drawn together."""

from decimal import Decimal

import pytest

from perfxl.model import finding_groups
from perfxl.model.finding import SEVERITIES, Finding, catalogue, counted, spoken, word
from perfxl.model.record import Place
from perfxl.model.remark import Remark


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("一", "一"),
        (" 一\n二\t三 ", "一 二 三"),
        ("长" * 60, "长" * 60),
        ("长" * 61, "长" * 58 + "……"),
        (Decimal("1E+3"), "1000"),
        (Decimal("36.00"), "36.00"),
        (5, "5"),
        (None, "None"),
        (["a", "b"], "['a', 'b']"),
    ],
)
def test_a_value_stands_in_a_message_in_one_line_and_not_too_long(value, shown):
    assert word(value) == shown


def test_a_remark_is_spoken_with_its_words_and_its_place():
    words = {"total": Decimal("36"), "fiscal": 35, "other": "0", "difference": 1, "unit": "万元", "more": "x"}
    remark = Remark("M01", ("projects", 0, "budget_amount"), words, repair={"a": Decimal("1E+2"), "b": [Decimal(1)]})
    found = spoken(remark, "表.xlsx", Place("项目1", "C5"))
    assert found == Finding(
        "M01", "error", "预算数36万元 ≠ 财政资金35 + 其他资金0，差1万元。", "请核对三个数，改正填错的一个。",
        "表.xlsx", "项目1", "C5", "projects[0].budget_amount", {"a": "100", "b": [Decimal(1)]},
    )  # fmt: skip
    assert found.as_json()["repair"] == found.repair


def test_a_remark_may_be_graver_than_its_code_and_may_have_no_place():
    found = spoken(Remark("F03", severity="info"), "", None)
    assert (found.severity, found.sheet, found.cell, found.field) == ("info", "", "", "")
    assert "repair" not in found.as_json()
    assert spoken(Remark("F03"), "", None).severity == "error"


@pytest.mark.parametrize("code", catalogue())
def test_a_code_has_all_that_is_asked_for_and_a_severity(code):
    entry = catalogue()[code]
    assert entry.code == code
    assert entry.severity in SEVERITIES
    assert all((entry.title, entry.message, entry.cause, entry.example, entry.hint or entry.cure))


def severe(*severities):
    return [Finding("M01", severity, "m", "h") for severity in severities]


@pytest.mark.parametrize(
    ("severities", "sentence"),
    [
        ([], ""),
        (["error"], "错误 1 处"),
        (["info", "error", "info"], "错误 1 处，提示 2 处"),
        (["warning", "warning", "info", "error"], "错误 1 处，警告 2 处，提示 1 处"),
    ],
)
def test_findings_are_counted_the_gravest_first(severities, sentence):
    assert counted(severe(*severities)) == sentence


@pytest.mark.parametrize(
    ("places", "shown"),
    [
        (["第6行“指标值”"], "第6行“指标值”"),
        (["第3行“指标值”", "第5行“指标值”", "第4行“指标值”"], "第3—5行“指标值”（3处）"),
        (["第3行“指标值”", "第5行“指标值”"], "第3行“指标值”、第5行“指标值”（2处）"),
        (["第3行“指标值”", "第4行“依据”"], "第3行“指标值”、第4行“依据”（2处）"),
        (["第2段", "第3段", "第2段"], "第2—3段（2处）"),
        (["第2段", "标题", "标题"], "第2段、标题（2处）"),
        (["第2段", "第2行"], "第2段、第2行（2处）"),
        (["第2段", ""], "第2段"),
        (["第2段", "第2段"], "第2段"),
    ],
)
def test_places_in_a_document_are_drawn_together_by_row_and_column(places, shown):
    assert finding_groups.cells(places) == shown


@pytest.mark.parametrize(
    ("addresses", "shown"),
    [
        (["C5", "B5"], "B5、C5（2处）"),
        (["C5", "C4"], "C4:C5（2处）"),
        (["B10", "B9", "C9"], "B9:B10、C9（3处）"),
        (["B9", "C8"], "C8、B9（2处）"),
        (["", "B9"], "B9"),
        ([], ""),
    ],
)
def test_cells_are_drawn_together_whatever_their_order(addresses, shown):
    assert finding_groups.cells(addresses) == shown


def test_findings_stand_by_sheet_as_the_sheets_come_and_by_gravity_within():
    found = [
        Finding("K16", "warning", "一", "改", "", "乙", "A1"),
        Finding("M01", "error", "二", "改", "", "甲", "A2"),
        Finding("L05", "info", "三", "改", "", "乙", "A3"),
        Finding("K05", "error", "四", "改", "", "乙", "A4"),
        Finding("K05", "warning", "五", "改", "", "乙", "A5"),
        Finding("K16", "warning", "一", "改", "", "乙", "A2"),
    ]
    groups = list(finding_groups.by_sheet(found))
    assert [(group.sheet, group.counts) for group in groups] == [
        ("乙", "错误 1 处，警告 3 处，提示 1 处"),
        ("甲", "错误 1 处"),
    ]
    assert [(rule.severity, rule.code, rule.hint) for rule in groups[0].rules] == [
        ("error", "K05", "改"), ("warning", "K16", "改"), ("warning", "K05", "改"), ("info", "L05", "改"),
    ]  # fmt: skip
    assert groups[0].rules[1].messages == (finding_groups.GroupedMessage("A1:A2（2处）", "一", ""),)
