"""What a workbook of Excel or WPS says is what its cells show: read, checked and printed."""

from decimal import Decimal

import pytest
from docx_blocks import blocks
from excel_parts import Raw, edited
from plans import HOME, PLAN, book
from products import document

from perfxl.fast.workbook.reader import read_fast
from perfxl.model.record import leaves
from perfxl.pipeline.examine import examine
from perfxl.pipeline.repair import path_of
from perfxl.workbook.reading.openpyxl_reader import read_carefully

BASIS, TARGET = "项目1!H23", "项目1!F23"
QUALITY, TIME, TIME_BASIS = "项目1!F24", "项目1!F25", "项目1!H25"
BUDGET, FISCAL, OTHER, MARCH = "项目1!C5", "项目1!E5", "项目1!H5", "项目1!B8"
GOAL, YEAR, CODE = "第一部分!C68", "基本信息!C4", "基本信息!C7"
FIELDS = {
    BASIS: "projects[0].indicators[0].target_basis",
    TARGET: "projects[0].indicators[0].target",
    QUALITY: "projects[0].indicators[1].target",
    TIME: "projects[0].indicators[2].target",
    TIME_BASIS: "projects[0].indicators[2].target_basis",
    BUDGET: "projects[0].budget_amount",
    FISCAL: "projects[0].fiscal_funds",
    OTHER: "projects[0].other_funds",
    MARCH: "projects[0].expenditure_schedule.by_mar",
    GOAL: "activity_goals[0].performance_goal",
    YEAR: "fiscal_year",
    CODE: "unit_code",
}


def value_at(values, place):
    node = values
    for step in path_of(FIELDS[place]):
        node = node.get(step) if isinstance(node, dict) else node[step]
    return node


def read(*cells, **options):
    """What is read of the valid plan with these cells, and the findings at them, the same by both readers."""
    data = edited(book({}), *cells, **options)
    fast = read_fast(data)
    assert fast is not None
    assert fast == read_carefully(data)
    examination = examine(data, "", HOME)
    places = {cell.place for cell in cells}
    told = [(one.code, one.severity) for one in examination.findings if f"{one.sheet}!{one.cell}" in places]
    # What other rules think of the plan with such a value is not asked here.
    return examination, [each for each in told if each[0][0] in "TVM" or each[0] == "K10"]


TEXTS = [
    # A date in a text is the date that is shown, whatever its format: ECMA-376 part 1, 18.8.30, zh-cn.
    (31, "46022", "2025年12月31日"),
    (27, "46022", "2025年12月"),
    (57, "46022", "2025年12月"),
    (28, "45930", "9月30日"),
    (58, "45930", "9月30日"),
    (30, "46022", "12-31-25"),
    (14, "46022", "2025/12/31"),
    (17, "46022", "Dec-25"),
    (22, "46022.375", "2025/12/31 9:00"),
    (32, "0.75", "18时00分"),
    (55, "0.75", "下午6时00分"),
    (46, "1", "24:00:00"),
    (20, "0.5", "12:00"),
    ("[h]:mm", "1.5", "36:00"),
    ('[$-804]yyyy"年"m"月"d"日" aaaa;@', "46022", "2025年12月31日 星期三"),
    ('[DBNum1][$-804]yyyy"年"m"月"d"日";@', "46022", "二〇二五年十二月三十一日"),
    (9, "0.95", "95%"),
    (10, "0.95499999999999996", "95.50%"),
    (0, "0.30000000000000004", "0.3"),
    (0, "25.619999999999997", "25.62"),
    (3, "1234567", "1,234,567"),
    (12, "0.5", "1/2"),
    (11, "12345", "1.23E+04"),
    (44, "1234.5", "¥1,234.50"),
    ('0!.0,"万"', "25000", "2.5万"),
    ('0\\.0,"万元"', "25000", "2.5万元"),
    ('0"人"', "45", "45人"),
    ('"≥"0"%"', "95", "≥95%"),
    ("0.00;[Red]-0.00", "-1.5", "-1.50"),
    ("[DBNum2][$-804]General", "1234", "壹仟贰佰叁拾肆"),
    ("[>=10000]0!.0,\"万\";0", "500", "500"),
    (49, "5", "5"),
    ('"第"0"期"', "3", "第3期"),
]  # fmt: skip


@pytest.mark.parametrize(("number_format", "value", "shown"), TEXTS)
def test_a_text_takes_what_the_cell_shows_and_nothing_is_said_about_it(number_format, value, shown):
    examination, told = read(Raw(BASIS, value, number_format))
    assert value_at(examination.record.values, BASIS) == shown
    assert told == []


def test_what_is_read_is_what_is_printed():
    examination, _ = read(
        Raw(BASIS, "46022", 31), Raw(GOAL, "0.95", 9), Raw(TIME, "45992", 27), Raw(TIME_BASIS, "1", 46)
    )
    printed, lost = document(examination.record, PLAN)
    assert lost == []
    text = str(blocks(printed))
    assert all(words in text for words in ("2025年12月31日", "'绩效目标：95%'", "'2025年12月'", "24:00:00"))
    assert "46022" not in text
    assert "2025年12月1日" not in text


@pytest.mark.parametrize(
    ("number_format", "value", "shown"),
    [
        (31, "46022", "2025年12月31日"),
        (27, "45992", "2025年12月"),
        (14, "46022", "2025/12/31"),
        (28, "46022", "12月31日"),
    ],
)
def test_a_date_where_a_date_is_meant_is_right_whatever_its_format(number_format, value, shown):
    examination, told = read(Raw(TIME, value, number_format))
    assert value_at(examination.record.values, TIME) == shown
    assert told == []


def test_dates_since_1904_are_the_same_dates():
    examination, told = read(Raw(BASIS, "44560", 31), Raw(TIME_BASIS, "1.5", 46), since_1904=True)
    assert value_at(examination.record.values, BASIS) == "2025年12月31日"
    assert value_at(examination.record.values, TIME_BASIS) == "36:00:00"
    assert told == []


NUMBERS = [
    (BUDGET, 0, "36.000000000000007", Decimal(36), []),
    (BUDGET, 4, "36", Decimal(36), []),
    (BUDGET, 44, "36", Decimal(36), [("V07", "info")]),  # ¥36.00, in 万元
    (MARCH, 9, "0.10000000000000001", Decimal(10), []),
    (MARCH, 0, "0.1", Decimal(10), [("V07", "info")]),
    (MARCH, 0, "10", Decimal(10), []),
    (TARGET, 0, "240", Decimal(240), []),
    (TARGET, 3, "1200", Decimal(1200), []),
    (TARGET, 0, "3.3000000000000003", Decimal("3.3"), []),
    (TARGET, '0"人"', "240", Decimal(240), [("V07", "info")]),
    (TARGET, '"≥"0"人"', "240", Decimal(240), [("V07", "info")]),
    (QUALITY, 9, "0.95", Decimal(95), [("V07", "info")]),
    (QUALITY, 10, "0.95499999999999996", Decimal("95.5"), [("V07", "info")]),
    (QUALITY, "0.0%", "0.95", Decimal(95), [("V07", "info")]),
    (TARGET, ";;;", "240", Decimal(240), [("V07", "info")]),
    (BUDGET, ";;;", "36", Decimal(36), [("V07", "info")]),
    (YEAR, ";;;", "2025", 2025, [("V07", "info")]),
    (YEAR, '0"年"', "2025", 2025, [("V07", "info")]),
    (CODE, 0, "321001", "321001", []),
    (CODE, "000000", "321001", "321001", []),
]


@pytest.mark.parametrize(("place", "number_format", "value", "meant", "told"), NUMBERS)
def test_a_number_takes_the_value_at_15_digits(place, number_format, value, meant, told):
    examination, found = read(Raw(place, value, number_format))
    assert value_at(examination.record.values, place) == meant
    assert found == told


def test_a_sum_of_parts_that_excel_computed_is_right():
    """Excel writes 14.53+11.09 as 25.619999999999997, and shows 25.62."""
    cells = (Raw(BUDGET, "25.619999999999997", 0, formula="E5+H5"), Raw(FISCAL, "14.53"), Raw(OTHER, "11.09"))
    examination, told = read(*cells)
    assert value_at(examination.record.values, BUDGET) == Decimal("25.62")
    assert told == []


DOUBTFUL = [
    (TARGET, 58, "45722", "3月6日", ("V10", "error"), "显示“3月6日”，里面是2025年3月6日，键入的可能是“3-6”"),
    (TARGET, 14, "45722", "2025/3/6", ("V10", "error"), "键入的可能是“2025-3-6”"),
    (TARGET, 17, "45717", "Mar-25", ("V10", "error"), "键入的可能是“2025-3”"),
    (TARGET, 20, "0.0625", "1:30", ("V10", "error"), "键入的可能是“1:30”"),
    (BUDGET, 58, "45722", "3月6日", ("V10", "error"), "显示“3月6日”，里面是2025年3月6日，键入的可能是“3-6”"),
    (MARCH, 58, "45722", "3月6日", ("V10", "error"), "键入的可能是“3-6”"),
    (YEAR, 58, "45722", "3月6日", ("V10", "error"), "键入的可能是“3-6”"),
    (BUDGET, 14, "36", "1900/2/5", ("V10", "error"), "键入的可能是“36”"),
    (TARGET, 45, "0.01", "14:24", ("V10", "error"), "键入的可能是“0:14:24”"),
    (CODE, ";;;", "321001", None, ("V12", "error"), "里有“321001”，但格式把它隐藏了"),
    (BASIS, 0, "123456789012", "1.23457E+11", ("V11", "error"), "里面的数字是 123456789012"),
    (BASIS, ";;;", "5", None, ("V12", "error"), "里有“5”，但格式把它隐藏了"),
    (BASIS, 14, "-1", None, ("V13", "error"), "########"),
    (BASIS, '[=1]"是";[=0]"否"', "2", None, ("V13", "error"), "########"),
]


@pytest.mark.parametrize(("place", "number_format", "value", "kept", "code", "words"), DOUBTFUL)
def test_what_excel_guessed_or_hides_is_told_with_both_readings(place, number_format, value, kept, code, words):
    examination, told = read(Raw(place, value, number_format))
    found = [one for one in examination.findings if one.code == code[0]]
    assert [f"{one.sheet}!{one.cell}" for one in found] == [place]
    assert words in found[0].message
    assert code in told
    values = dict(leaves(examination.record.values))
    assert values.get(path_of(FIELDS[place])) == kept


def test_a_trace_says_what_was_shown_and_what_it_was_taken_for():
    examination, _ = read(Raw(QUALITY, "0.95499999999999996", 9))
    (trace,) = [one for one in examination.findings if one.code == "V07"]
    assert "显示的是“96%”，按“95.5%”读取" in trace.message or "显示的是“95.5%”，按“95.5”读取" in trace.message


@pytest.mark.parametrize("number_format", [58, 17, 16, 15])
def test_of_a_date_that_nobody_meant_nothing_else_is_said(number_format):
    examination, _ = read(Raw(TARGET, "45722", number_format))
    assert [(one.code, one.cell) for one in examination.findings] == [("V10", "F23")]
