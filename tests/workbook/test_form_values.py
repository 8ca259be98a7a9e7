"""What becomes of values in cells, of more rows than were provided, and of values that do not fit."""

import copy
import json
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from perfxl.report_type import catalog
from perfxl.workbook.form.form import FormFault, write

HOME = catalog.home()
TYPE = catalog.load(HOME, "performance_plan")
SOURCE = (HOME / "examples" / "beidaihe-zhengxie-2021.json").read_text("utf-8")
VALUES = json.loads(SOURCE, parse_float=Decimal)


def filled(**changes):
    """Return the workbook of a valid example with changes: `project` and `indicator` change the first of them."""
    values = copy.deepcopy(VALUES)
    values["projects"][0] |= changes.pop("project", {})
    values["projects"][0]["indicators"][0] |= changes.pop("indicator", {})
    return openpyxl.load_workbook(BytesIO(write(TYPE, values | changes)))


def column(book, name, sheet=None):
    """Return the cells of a named column, from its first row down."""
    owner = book[sheet] if sheet else book
    title, _, address = owner.defined_names[name].value.rpartition("!")
    left, top, _, bottom = range_boundaries(address.replace("$", ""))
    return [book[title.strip("'")].cell(row, left) for row in range(top, bottom + 1)]


def test_numbers_are_numbers_and_text_is_text():
    book = filled(project={"budget_amount": Decimal("21.07"), "fiscal_funds": "21万"})
    assert (book["项目1"]["C5"].value, book["项目1"]["C5"].data_type) == (21.07, "n")
    assert (book["项目1"]["E5"].value, book["项目1"]["E5"].data_type) == ("21万", "s")
    assert book["项目1"]["C5"].number_format == "#,##0.00####"
    assert book["项目1"]["H5"].value == 0


def test_codes_are_text():
    book = filled()
    assert book["项目1"]["B4"].number_format == "@"
    assert (book["基本信息"]["C7"].value, book["基本信息"]["C7"].data_type) == (VALUES["unit_code"], "s")


@pytest.mark.parametrize("percent", [25, 0, 100, 33.33, Decimal("12.5"), Decimal("0.07"), 29, Decimal("66.6667")])
def test_a_percentage_is_stored_as_a_share_that_reads_back_exactly(percent):
    cell = filled(project={"expenditure_schedule": {"by_mar": percent}})["项目1"]["B8"]
    assert cell.number_format == "0.00%"
    assert Decimal(repr(cell.value)) * 100 == Decimal(str(percent))


def test_a_percentage_typed_as_text_stays_as_it_was_typed():
    assert filled(project={"expenditure_schedule": {"by_dec": "1.00"}})["项目1"]["G8"].value == "1.00"


@pytest.mark.parametrize("text", ["=1+1", "=cmd|' /C calc'!A0", "https://a.example/", "+5", "-1", "@SUM(A1)", "007"])
def test_text_never_becomes_a_formula_or_a_link_or_a_number(text):
    cell = filled(project={"use_of_funds": text})["项目1"]["B6"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_lines_and_odd_characters_are_kept():
    sheet = filled(project={"use_of_funds": "一\n二", "project_name": "甲\x0b乙_x0041_ 𠮷"})["项目1"]
    assert sheet["B6"].value == "一\n二"
    # openpyxl leaves escapes as they are in the file, except for the escaped escape.
    assert sheet["E4"].value == "甲_x000B_乙_x0041_ 𠮷"


def test_a_number_with_more_digits_than_a_cell_keeps_is_written_as_text():
    assert filled(indicator={"target": Decimal("12345678901234567890")})["项目1"]["F23"].value == "12345678901234567890"
    assert filled(indicator={"target": Decimal("0.12345678901234567")})["项目1"]["F23"].value == "0.12345678901234567"
    assert filled(project={"budget_amount": 0.1 + 0.2})["项目1"]["C5"].value == "0.30000000000000004"
    assert filled(indicator={"target": Decimal("123456789012.34")})["项目1"]["F23"].value == 123456789012.34


def test_blank_and_empty_leave_no_value():
    assert filled(project={"other_funds": None, "use_of_funds": ""})["项目1"]["B6"].value is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"project": {"use_of_funds": "长" * 32768}}, "projects.use_of_funds"),
        ({"project": {"use_of_funds": "𠮷" * 16384}}, "projects.use_of_funds"),
        ({"overall_goal": ["好", "\ud800"]}, "overall_goal"),
        ({"project": {"budget_amount": True}}, "projects.budget_amount"),
        ({"project": {"budget_amount": float("nan")}}, "projects.budget_amount"),
        ({"project": {"budget_amount": Decimal("Infinity")}}, "projects.budget_amount"),
        ({"remarks": "备注"}, "remarks"),
        ({"project": {"colour": "红"}}, "projects.colour"),
        ({"overall_goal": "一段"}, "overall_goal"),
        ({"projects": ["项目"]}, "projects"),
        ({"document_type": "letter"}, "document_type"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(changes, field):
    with pytest.raises(FormFault, match=field):
        filled(**changes)


def test_a_text_of_the_greatest_length_fits():
    assert len(filled(project={"use_of_funds": "长" * 32767})["项目1"]["B6"].value) == 32767


def test_more_paragraphs_than_rows_push_down_what_stands_below():
    paragraphs = [f"{number}、做好工作。" for number in range(1, 81)]
    book = filled(overall_goal=paragraphs)
    cells = column(book, "overall_goal")
    assert [cell.value for cell in cells] == paragraphs + [None] * 10
    # 90 rows where 60 were provided: everything below moves down by 30.
    titles = column(book, "activity_goals.title")
    assert titles[0].row == 98
    assert titles[0].value == VALUES["activity_goals"][0]["title"]
    sheet = book["第一部分"]
    assert sheet["A96"].value == "二、分项绩效目标"
    assert [sheet.cell(97, at).value for at in range(1, 5)] == ["序", "名称", "绩效目标", "绩效指标"]
    assert sheet["A97"].value == "序"
    assert "D5:D94" in {merged.coord for merged in sheet.merged_cells.ranges}
    assert column(book, "safeguard_measures")[0].row == 161
    assert sheet.print_area == "'第一部分'!$A$1:$D$220"
    hidden = [row for row in range(5, 95) if sheet.row_dimensions[row].hidden]
    assert hidden == list(range(88, 95))


def test_a_label_beside_a_list_stretches_with_it():
    book = filled(project={"performance_goals": [f"{number}.目标。" for number in range(1, 16)]})
    merged = {range_.coord for range_ in book["项目1"].merged_cells.ranges}
    assert "A9:C33" in merged
    assert column(book, "projects.indicators.name", "项目1")[0].row == 36
    assert column(book, "projects.indicators.name", "项目2")[0].row == 23


def test_sixty_indicators_find_room():
    indicators = [VALUES["projects"][0]["indicators"][0] | {"name": f"指标{number}"} for number in range(60)]
    cells = column(filled(project={"indicators": indicators}), "projects.indicators.name", "项目1")
    assert [cell.value for cell in cells] == [f"指标{number}" for number in range(60)] + [None] * 10


def test_sixty_projects_find_room():
    projects = [VALUES["projects"][0] | {"project_name": f"第{number}件事"} for number in range(1, 61)]
    book = filled(projects=projects)
    assert book.sheetnames[3:63] == [f"项目{number}" for number in range(1, 61)]
    assert book["项目60"]["E4"].value == "第60件事"


def follows(**indicator):
    """Return the formula, or the constant, and the cached value of the first 一级指标."""
    values = copy.deepcopy(VALUES)
    values["projects"][0]["indicators"] = [indicator]
    data = write(TYPE, values)
    formulas, results = (openpyxl.load_workbook(BytesIO(data), data_only=only) for only in (False, True))
    return formulas["项目1"]["A23"].value, results["项目1"]["A23"].value


def test_what_follows_from_another_column_is_a_formula_with_its_result():
    formula, result = follows(dimension="产出指标", category="质量指标", name="甲")
    assert (
        formula
        == '=IF(B23="","",IF(ISNA(VLOOKUP(B23,perfxl.follow.1,2,FALSE)),"",VLOOKUP(B23,perfxl.follow.1,2,FALSE)))'
    )
    assert result == "产出指标"
    assert follows(category="质量指标")[1] == "产出指标"


def test_a_value_that_does_not_follow_is_kept_as_it_is():
    assert follows(dimension="效益指标", category="质量指标") == ("效益指标", "效益指标")
    assert follows(dimension="效益指标") == ("效益指标", "效益指标")
    assert follows(dimension="产出指标", category="别的指标") == ("产出指标", "产出指标")


def test_blank_rows_follow_too():
    book = filled()
    cells = column(book, "projects.indicators.dimension", "项目1")
    assert all(str(cell.value).startswith("=IF(B") for cell in cells)
