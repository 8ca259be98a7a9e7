"""The locked workbook as Excel will find it: names, locks, prompts, lists, rows, paper. openpyxl reads it back."""

import json
import re
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from perfxl.report_type import catalog
from perfxl.workbook.form.cell_styles import COMPUTED_COLOUR
from perfxl.workbook.form.form import write

HOME = catalog.home()
TYPE = catalog.load(HOME, "performance_plan")
SOURCE = (HOME / "examples" / "tangshan-gongshanglian-2025.json").read_text("utf-8")
VALUES = json.loads(SOURCE, parse_float=Decimal)
BLANK = write(TYPE, None, copies=3)
FILLED = write(TYPE, VALUES)


def opened(book: bytes, **options):
    return openpyxl.load_workbook(BytesIO(book), **options)


@pytest.fixture(scope="module", params=[BLANK, FILLED], ids=["blank", "filled"])
def book(request):
    return opened(request.param)


@pytest.fixture(scope="module")
def blank():
    return opened(BLANK)


@pytest.fixture(scope="module")
def filled():
    return opened(FILLED)


def pages(book):
    """Yield each sheet of the report type with the sheet of the workbook that it describes."""
    for sheet in book.worksheets:
        for described in TYPE.sheets:
            if re.fullmatch(re.escape(described.name) + ("[0-9]+" if described.each else ""), sheet.title):
                yield sheet, described


def cells_of(book, name, sheet=None):
    """Return the cells that a defined name means, as a range of its sheet without the dollars."""
    defined = (sheet or book).defined_names[name]
    title, _, address = defined.value.rpartition("!")
    assert sheet is None or title.strip("'") == sheet.title
    return address.replace("$", "")


def inputs(book):
    for sheet, described in pages(book):
        for field in described.inputs():
            yield sheet, field, cells_of(book, field.name, sheet if described.each else None)


def within(address):
    left, top, right, bottom = range_boundaries(address)
    return {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}


def merged(sheet, place):
    """Return all cells merged with `place`, or itself."""
    return next((within(r.coord) for r in sheet.merged_cells.ranges if place in within(r.coord)), {place})


def test_every_input_has_a_name_where_the_schema_puts_it(blank):
    found = {field.name: address for _, field, address in inputs(blank)}
    assert found["fiscal_year"] == "C4"
    assert found["overall_goal"] == "C5:C64"
    assert found["activity_goals.title"] == "B68:B127"
    assert found["projects.project_code"] == "B4"
    assert found["projects.expenditure_schedule.by_mar"] == "B8"
    assert found["projects.performance_goals"] == "D9:D20"
    assert found["projects.indicators.name"] == "C23:C62"
    assert set(found) == {field.name for sheet in TYPE.sheets for field in sheet.inputs()}


def test_names_of_an_items_sheet_belong_to_that_sheet_alone(book):
    assert not [name for name in book.defined_names if name.startswith("projects.")]
    assert "projects.budget_amount" in book["项目1"].defined_names
    assert "projects.budget_amount" in book["项目3"].defined_names


def test_every_name_is_one_that_excel_takes(book):
    names = [*book.defined_names, *(name for sheet in book.worksheets for name in sheet.defined_names)]
    for name in names:
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]{0,254}", name), name
        assert not re.fullmatch(r"(?i)[a-z]{1,3}[0-9]+|r[0-9]*c?[0-9]*|c[0-9]*", name), name


def test_the_file_says_its_type_and_version_twice(book):
    assert book.defined_names["perfxl.type"].value == '"performance_plan"'
    assert book.defined_names["perfxl.version"].value == "1"
    declared = {prop.name: prop.value for prop in book.custom_doc_props.props}
    assert declared == {"perfxl.type": "performance_plan", "perfxl.version": 1}


def test_inputs_are_unlocked_and_everything_else_is_locked(book):
    free = {sheet.title: set() for sheet in book.worksheets}
    for sheet, _, address in inputs(book):
        for place in within(address):
            free[sheet.title] |= merged(sheet, place)
    for name in ("findings", "findings.said", "findings.before", "findings.added"):
        free["检查"] |= within(cells_of(book, name))
    for sheet in book.worksheets:
        for name in ("findings.here", "findings.then"):
            if marks := sheet.defined_names.get(name):
                free[sheet.title] |= within(marks.value.rpartition("!")[2])
        unlocked = {(cell.row, cell.column) for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        assert unlocked == free[sheet.title], sheet.title


def test_sheets_are_protected_without_a_password_and_spare_rows_can_be_unhidden(book):
    for sheet in book.worksheets:
        lock = sheet.protection
        assert lock.sheet
        assert lock.password is None
        # In the file, false means that people may.
        assert not lock.formatRows
        assert not lock.formatColumns
        assert not lock.selectLockedCells
        assert not lock.selectUnlockedCells
        assert all((lock.insertRows, lock.insertColumns, lock.deleteRows, lock.deleteColumns, lock.formatCells))


def test_the_structure_is_free_so_that_a_sheet_can_be_copied(book):
    assert book.security is None or not book.security.lockStructure


def test_code_names_are_ascii_and_unique(book):
    names = [book.code_name, *(sheet.sheet_properties.codeName for sheet in book.worksheets)]
    assert names[0] == "ThisWorkbook"
    assert all(name.isascii() for name in names)
    assert len(set(names)) == len(names)


def test_sheets_of_items_are_numbered(blank, filled):
    front, back = ["填写说明", "基本信息", "第一部分"], ["检查", "列表"]
    assert blank.sheetnames == [*front, *(f"项目{n}" for n in range(1, 4)), *back]
    assert filled.sheetnames == [*front, *(f"项目{n}" for n in range(1, 11)), *back]


def test_lists_stand_on_a_hidden_sheet_behind_names(blank):
    assert blank["列表"].sheet_state == "hidden"
    for sheet, field, address in inputs(blank):
        choices = field.schema.get("enum")
        rules = [r for r in sheet.data_validations.dataValidation if within(address) <= cells_in(r.sqref)]
        assert len(rules) == 1, field.name
        if choices is None:
            assert rules[0].type != "list"
            continue
        assert rules[0].type == "list"
        offered = blank["列表"][cells_of(blank, rules[0].formula1)]
        assert [cell.value for (cell,) in offered] == choices
        assert rules[0].showErrorMessage
        assert rules[0].error


def cells_in(ranges):
    return set().union(*(within(one.coord) for one in ranges.ranges))


def test_every_input_explains_itself(blank):
    for sheet, field, address in inputs(blank):
        rule = next(r for r in sheet.data_validations.dataValidation if within(address) <= cells_in(r.sqref))
        assert rule.showInputMessage, field.name
        assert rule.promptTitle == field.label[:32]
        assert rule.prompt == field.schema.get("x-prompt", f"请填写{field.label}。")


def test_rules_warn_about_numbers_and_lengths_and_stop_nobody(blank):
    rules = {
        field.name: next(r for r in sheet.data_validations.dataValidation if within(address) <= cells_in(r.sqref))
        for sheet, field, address in inputs(blank)
    }
    money, percent = rules["projects.budget_amount"], rules["projects.expenditure_schedule.by_mar"]
    year, name = rules["fiscal_year"], rules["projects.project_name"]
    assert (money.type, money.operator, money.formula1, money.errorStyle) == (
        "decimal",
        "greaterThanOrEqual",
        "0",
        "warning",
    )
    assert (percent.type, percent.formula1, percent.formula2) == ("decimal", "0", "1")
    assert (year.type, year.formula1, year.formula2) == ("whole", "2000", "2099")
    assert (name.type, name.operator, name.formula1, name.errorStyle) == (
        "textLength",
        "lessThanOrEqual",
        "60",
        "warning",
    )
    assert percent.error == "应填0%到100%之间的百分比。"


def visible(sheet, first, last):
    return [row for row in range(first, last + 1) if not sheet.row_dimensions[row].hidden]


def test_spare_rows_are_hidden(blank):
    assert visible(blank["第一部分"], 5, 64) == list(range(5, 13))
    assert visible(blank["项目1"], 9, 20) == [9, 10, 11, 12]
    assert visible(blank["项目1"], 23, 62) == list(range(23, 35))


def test_three_free_rows_follow_what_is_filled(filled):
    assert len(VALUES["safeguard_measures"]) == 19
    assert visible(filled["第一部分"], 131, 190) == list(range(131, 131 + 22))


def test_rows_of_a_list_are_numbered(blank):
    sheet = blank["第一部分"]
    assert [sheet.cell(row, 1).value for row in range(5, 65)] == list(range(1, 61))


def test_labels_stand_over_columns_and_beside_cells(blank):
    sheet = blank["项目1"]
    assert [sheet.cell(22, column).value for column in range(1, 9)] == [
        "一级指标", "二级指标", "三级指标", "绩效指标描述", "符号", "指标值", "计量单位", "指标值确定依据",
    ]  # fmt: skip
    assert sheet["A4"].value == "项目编码"
    assert sheet["B7"].value == "3月底"


def test_paper_is_a4_one_page_wide_with_headers_repeated(book):
    for sheet, described in pages(book):
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == ("landscape" if described.landscape else "portrait")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert "&P" in sheet.oddFooter.center.text
    assert book["项目1"].print_title_rows == "$22:$22"
    assert book["项目1"].print_area == "'项目1'!$A$1:$H$62"


def test_rows_that_people_type_into_are_free_to_grow(filled):
    with zipfile.ZipFile(BytesIO(FILLED)) as parts:
        text = parts.read("xl/worksheets/sheet4.xml").decode()
    assert filled.sheetnames[3] == "项目1"
    rows = {int(number): row for row, number in re.findall(r'(<row r="(\d+)"[^>]*>)', text)}
    assert all("customHeight" not in rows[row] and " ht=" in rows[row] for row in (9, 20, 23, 62))
    # Merged cells do not fit themselves to their text, so these rows keep the height that was worked out.
    assert all("customHeight" in rows[row] for row in (4, 5, 6))


def test_a_row_is_high_enough_for_its_text(filled):
    assert filled["第一部分"].row_dimensions[5].height > 10 * 15
    assert filled["第一部分"].row_dimensions[6].height == 24


def test_a_text_too_long_for_the_highest_row_is_written_smaller_and_whole():
    projects = [{**VALUES["projects"][0], "performance_goals": ["做好培训，保障业务开展。" * 125, "短的。"]}]
    sheet = opened(write(TYPE, {**VALUES, "projects": projects}))["项目1"]
    assert sheet.row_dimensions[9].height <= 409
    width = sheet.column_dimensions["D"].width
    size = sheet["D9"].font.size
    assert size >= 7
    lines = 1500 * 2 * size / 11 / width
    assert lines * size * 1.2 < sheet.row_dimensions[9].height
    assert sheet["D10"].font.size == 11


def test_wide_sheets_fit_on_a_screen_of_1366_pixels(book):
    for sheet, described in pages(book):
        assert sum(described.columns) * 8 * (sheet.sheet_view.zoomScale or 100) / 100 <= 1300


def test_what_follows_from_another_cell_does_not_look_like_an_input(blank):
    colours = {sheet["A23"].fill.fgColor.rgb for sheet in (blank["项目1"], blank["项目2"])}
    assert colours == {"FF" + COMPUTED_COLOUR.removeprefix("#")}


def test_the_same_input_gives_the_same_bytes():
    assert write(TYPE, VALUES) == FILLED
    assert write(TYPE, None, copies=3) == BLANK
    with zipfile.ZipFile(BytesIO(FILLED)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"2000-01-01T00:00:00Z" in zipfile.ZipFile(BytesIO(FILLED)).read("docProps/core.xml")


def test_any_report_type_gets_a_workbook():
    other = catalog.load(Path(__file__).parent.parent / "types", "meeting_notes")
    book = opened(write(other, {"topic": "预算", "decisions": [{"kind": "同意", "text": "照办"}]}))
    assert book["纪要"]["B3"].value == "预算"
    assert book["纪要"]["B7"].value == "照办"
