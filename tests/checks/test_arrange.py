"""Which findings of a cell are told: the gravest of what could not be read; of the rules all, but beside an error."""

import pytest

from perfxl.checks.arrange import arrange
from perfxl.model.finding import SEVERITIES
from perfxl.model.record import Place, Record
from perfxl.model.remark import Remark

CELL = Place("项目1", "C5")
SHEETS = ("基本信息", "项目1", "项目2")
WORDS = {"label": "预算数", "value": "1", "raw": "１", "shown": "1"}


def remark(code, place=CELL, severity=None, **words):
    return Remark(code, ("projects", 0, "budget_amount"), {**WORDS, **words}, place, severity=severity)


def told(basic, rest):
    found = arrange(basic, rest, Record({}), "", SHEETS)
    return [(one.code, one.severity, f"{one.sheet}!{one.cell}") for one in found]


@pytest.mark.parametrize("severity", SEVERITIES)
def test_an_error_alone_silences_the_rules_of_its_cell(severity):
    rules = [remark("M09", name="x"), remark("M09", Place("项目1", "C6"), name="x")]
    expected = [("V07", severity, "项目1!C5"), ("M09", "warning", "项目1!C5"), ("M09", "warning", "项目1!C6")]
    if severity == "error":
        del expected[1]
    assert sorted(told([remark("V07", severity=severity)], rules)) == sorted(expected)


@pytest.mark.parametrize("order", [1, -1], ids=["the gravest last", "the gravest first"])
def test_of_what_could_not_be_read_a_cell_has_the_gravest(order):
    graded = [remark("V07", severity="info"), remark("V08", severity="warning"), remark("T09", severity="error")]
    assert told(graded[::order], []) == [("T09", "error", "项目1!C5")]
    assert told(graded[:2][::order], [remark("M09", name="x")]) == [
        ("M09", "warning", "项目1!C5"),
        ("V08", "warning", "项目1!C5"),
    ]


def test_of_two_as_grave_the_first_is_told():
    assert told([remark("T09"), remark("T08")], []) == [("T09", "error", "项目1!C5")]
    assert told([remark("T08"), remark("T09")], []) == [("T08", "error", "项目1!C5")]


def test_what_lies_in_no_cell_silences_nothing_and_is_told_beside_others():
    sheet = Place("项目1")
    basic = [remark("T04", sheet, label="一"), remark("T04", sheet, label="二"), remark("T04", sheet, label="一")]
    assert told(basic, [remark("M09", name="x")]) == [
        ("T04", "error", "项目1!"),
        ("T04", "error", "项目1!"),
        ("M09", "warning", "项目1!C5"),
    ]


def test_the_same_said_twice_of_a_cell_is_told_once_and_other_words_are_told_too():
    rules = [remark("M09", name="一"), remark("M09", name="一"), remark("M09", name="二")]
    assert told([], rules) == [("M09", "warning", "项目1!C5")] * 2


def test_findings_come_by_tab_row_column_and_code():
    places = [Place(*one) for one in (("项目2", "A1"), ("项目1", "B10"), ("项目1", "AA9"), ("项目1", "C9"), ("", ""))]
    places += [Place("基本信息", "Z99"), Place("陌生的", "A1")]
    found = told([], [remark("M09", place, name="x") for place in places])
    assert [at for _, _, at in found] == [
        "!", "陌生的!A1", "基本信息!Z99", "项目1!C9", "项目1!AA9", "项目1!B10", "项目2!A1",
    ]  # fmt: skip
    assert [code for code, *_ in told([], [remark("M09", name="x"), remark("M03", unit="元")])] == ["M03", "M09"]
