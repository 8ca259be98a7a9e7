"""A target as people type it: sign and unit in their cells and again in the target, signs that only look like signs."""

from decimal import Decimal

import evaluations
import pytest
from plans import HOME, PLAN, changed
from products import document

from perfxl.computation.target_cells import contradiction, settled
from perfxl.document.audit import paragraphs
from perfxl.pipeline.examine import examine
from perfxl.workbook.form.form import write

ROW = "projects[0].indicators[0]"


def planned(**fields):
    """The valid plan, and the findings of reading and targets at its first indicator, with these fields."""
    data = changed({f"{ROW}.{key}": value for key, value in fields.items()})
    examination = examine(write(PLAN, data), "", HOME)
    told = [(one.code, one.cell) for one in examination.findings if one.code[0] == "V" or one.code in ("K05", "K08")]
    return examination, told


@pytest.mark.parametrize(
    ("text", "sign", "unit", "left"),
    [
        ("95%", "≥", "%", Decimal(95)),
        ("95％", "≥", "%", Decimal(95)),
        ("９５％", "≥", "％", Decimal(95)),
        ("百分之95", "≥", "%", Decimal(95)),
        ("95百分比", "≥", "%", Decimal(95)),
        ("≥45人", "≥", "人", Decimal(45)),
        ("≧45人", "≥", "人", Decimal(45)),
        (">=45 人", "≥", "人", Decimal(45)),
        ("大于等于45人", "≥", "人", Decimal(45)),
        ("45人以上", "≥", "人", Decimal(45)),
        ("≤450元", "≤", "元", Decimal(450)),
        ("1,200元", "≤", "元", Decimal(1200)),
        ("2.5万", "≤", "万元", Decimal("2.5")),
        ("10个工作日", "≤", "工作日", Decimal(10)),
        ("≥45", "≥", "人", Decimal(45)),
        ("≥45人", "≥", "", "45人"),
        ("≥45人", "", "人", "≥45"),
        ("2.5万", "≤", "元", None),  # 万 and 元 are one unit together
        ("%95", "≥", "%", Decimal(95)),
        ("≥100㎡", "≥", "", "100㎡"),
        ("≥100m2", "≥", "㎡", Decimal(100)),
        ("≥100（含）", "≥", "", "100（含）"),
        ("45", "≥", "人", None),
        ("≥45人", "", "", None),
        ("≤45人", "≥", "人", None),
        ("45人次", "≥", "人", None),
        ("45人左右", "≥", "人", None),
        ("45余人", "≥", "人", None),
        ("90%-95%", "≥", "%", None),
        ("2025年12月31日", "", "", None),
        ("优良", "定性", "", None),
    ],
)
def test_what_stands_beside_a_number_as_well_is_taken_out(text, sign, unit, left):
    found = settled(text, sign, unit)
    assert (type(found), found) == (type(left), left)


@pytest.mark.parametrize(
    ("target", "sign", "unit", "printed"),
    [("240人", "≥", "人", "≥240人"), ("≥240人", "≥", "人", "≥240人"), ("≧240", "≥", "人", "≥240人")],
)
def test_said_twice_is_printed_once_with_a_trace(target, sign, unit, printed):
    examination, told = planned(target=target, sign=sign, measure_unit=unit)
    assert examination.record.values["projects"][0]["indicators"][0]["target"] == 240
    assert told == [("V07", "F23")]
    (trace,) = [one for one in examination.findings if one.code == "V07"]
    assert trace.message == f"“指标值”显示的是“{target}”，按“240”读取。"
    made, lost = document(examination.record, PLAN)
    assert lost == []
    assert printed in paragraphs(made)


@pytest.mark.parametrize(
    ("target", "sign", "unit", "said"),
    [
        ("≤450元", "≥", "元", "“符号”选的是“≥”，指标值写的却是“≤450元”，两处不一致。"),
        (">90%", "≥", "%", "“符号”选的是“≥”，指标值写的却是“>90%”，两处不一致。"),
        ("450元", "≤", "万元", "“计量单位”填的是“万元”，指标值写的却是“450元”，两处不一致。"),
    ],
)
def test_a_contradiction_is_one_finding_that_quotes_the_cell(target, sign, unit, said):
    examination, told = planned(target=target, sign=sign, measure_unit=unit)
    assert told == [("V14", "F23")]
    assert [one.message for one in examination.findings if one.code == "V14"] == [said]
    row = {"target": target, "sign": sign, "measure_unit": unit}
    assert contradiction(row) == said.removesuffix("，两处不一致。")


LOOKS = [
    *(("≧", "≥"), ("⩾", "≥"), (">=", "≥"), ("＞＝", "≥"), ("=>", "≥"), ("≥=", "≥"), ("\\geq", "≥"), (" ≥ ", "≥")),
    *(("≦", "≤"), ("＜=", "≤"), ("<=", "≤"), ("═", "="), ("＝", "="), ("﹦", "="), ("==", "=")),
    *(("﹥", ">"), ("》", ">"), ("＞", ">"), ("〉", ">"), ("﹤", "<"), ("《", "<"), ("＜", "<")),
]


@pytest.mark.parametrize(("look", "sign"), LOOKS)
def test_a_sign_in_its_cell_is_read_as_what_it_means_in_every_report_type(look, sign):
    examination, told = planned(sign=look)
    assert examination.record.values["projects"][0]["indicators"][0]["sign"] == sign
    assert told == [("V07", "E23")]
    data = evaluations.values_of(evaluations.changed({f"{ROW}.sign": look}))
    examination = examine(write(evaluations.TYPE, data), "", HOME)
    assert examination.record.values["projects"][0]["indicators"][0]["sign"] == sign
    assert [(one.code, one.severity) for one in examination.findings if one.cell == "D23" and one.code[0] == "V"] == [
        ("V07", "info")
    ]


@pytest.mark.parametrize("typed", ["大于", "≥≤", "约", "+"])
def test_what_is_no_sign_for_sure_is_not_guessed(typed):
    assert ("V03", "E23") in planned(sign=typed)[1]


@pytest.mark.parametrize(("actual", "meant"), [("96%", 96), ("96％", 96), ("９６％", 96), ("96", "96")])
def test_an_actual_value_is_freed_of_its_unit(actual, meant):
    data = evaluations.values_of(evaluations.changed({"projects[0].indicators[5].actual": actual}))
    examination = examine(write(evaluations.TYPE, data), "", HOME)
    row = examination.record.shown["projects"][0]["indicators"][5]
    assert (row["actual"], row["score"]) == (meant, 10)
    assert examination.errors == 0


@pytest.mark.parametrize(
    ("sign", "unit", "place"),
    [
        *(("≥人", "人", "E23"), ("≥240人", "人", "E23"), ("≥240", "人", "E23"), ("≧２４０", "人", "E23")),
        *(("≥", "≥人", "G23"), ("≥", "240人", "G23"), ("≥", "＞=240人", "G23")),
    ],
)
def test_what_is_in_the_cell_of_the_sign_or_the_unit_as_well_is_read_once(sign, unit, place):
    examination, told = planned(sign=sign, measure_unit=unit)
    row = examination.record.values["projects"][0]["indicators"][0]
    assert (row["sign"], row["target"], row["measure_unit"]) == ("≥", 240, "人")
    assert told == [("V07", place)]


@pytest.mark.parametrize(
    ("sign", "unit", "said"),
    [
        ("≥", "45人", "“指标值”填的是“240”，计量单位写的却是“45人”，两处不一致。"),
        ("≥", "3月6日", "“指标值”填的是“240”，计量单位写的却是“3月6日”，两处不一致。"),
        ("≥", "≤人", "“符号”选的是“≥”，计量单位写的却是“≤人”，两处不一致。"),
        (None, "≥人", "“符号”是空的，计量单位写的却是“≥人”，两处不一致。"),
    ],
)
def test_a_unit_that_contradicts_the_cells_beside_it_is_told(sign, unit, said):
    examination, told = planned(sign=sign, measure_unit=unit)
    assert told == [("V14", "G23")]
    assert [one.message for one in examination.findings if one.code == "V14"] == [said]


@pytest.mark.parametrize("sign", ["≥96", "≥人次", "240人"])
def test_a_sign_that_says_something_else_as_well_stays_an_error(sign):
    assert ("V03", "E23") in planned(sign=sign)[1]


def evaluated(index, **fields):
    """The findings at an indicator of the valid evaluation, with these fields."""
    data = evaluations.values_of(
        evaluations.changed({f"projects[0].indicators[{index}].{key}": value for key, value in fields.items()})
    )
    examination = examine(write(evaluations.TYPE, data), "", HOME)
    return [(one.code, one.cell) for one in examination.findings if one.cell[1:] == str(23 + index)]


@pytest.mark.parametrize(
    ("index", "actual", "told"),
    [
        *((5, "0.96", [("S12", "H28")]), (5, ".96", [("S12", "H28")]), (5, "0.96%", [("S12", "H28")])),
        *((0, "120%", [("V14", "H23")]), (0, "120人次", [("V14", "H23")]), (2, 45961, [("K10", "H25")])),
        *((2, "Oct-25", []), (2, "Dec-26", [("S22", "H25")])),
    ],
)
def test_an_actual_value_of_another_kind_is_told_at_its_cell(index, actual, told):
    found = evaluated(index, actual=actual)
    assert [one for one in found if one != ("V07", f"H{23 + index}")] == told
