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
        ("45", "≥", "人", None),
        ("≥45人", "", "", None),
        ("≤45人", "≥", "人", None),
        ("45人次", "≥", "人", None),
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
