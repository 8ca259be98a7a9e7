"""What happens to a workbook in a clerk's hands: opened and saved, rows inserted, sheets copied, renamed, deleted."""

from decimal import Decimal

import pytest

from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog
from perfxl.report_type.json_data import loads
from perfxl.workbook.form.form import write

HOME = catalog.home()
TYPE = catalog.load(HOME, "performance_plan")
VALUES = loads((HOME / "examples" / "beidaihe-zhengxie-2021.json").read_bytes(), TYPE)
BOOK = write(TYPE, VALUES)

pytestmark = pytest.mark.office


def read(book: bytes):
    examination = examine(book, "x.xlsx", HOME)
    assert examination.record is not None, examination.findings
    return examination.record.values, {(f.code, f.sheet, f.cell) for f in examination.findings if f.code[0] in "FT"}


@pytest.mark.parametrize(
    "name",
    [
        "beidaihe-gongshanglian-2021",
        "beidaihe-zhengxie-2021",
        "linxi-gongshanglian-2023",
        "tangshan-gongshanglian-2025",
    ],
)
def test_a_workbook_that_libreoffice_saved_holds_the_same(office, name):
    values = loads((HOME / "examples" / f"{name}.json").read_bytes(), TYPE)
    assert read(office.edited(write(TYPE, values))) == (values, set())


def test_a_copied_project_sheet_is_one_more_project(office):
    values, troubles = read(office.edited(BOOK, [("copy_sheet", "项目2", "新项目", 5)]))
    projects = VALUES["projects"]
    assert values["projects"] == [projects[0], projects[1], projects[1], projects[2], projects[3]]
    assert troubles == set()


def test_projects_come_in_the_order_of_their_tabs_whatever_their_names(office):
    steps = [("rename_sheet", "项目4", "参政议政"), ("move_sheet", "参政议政", 0), ("rename_sheet", "第一部分", "目标")]
    values, troubles = read(office.edited(BOOK, steps))
    projects = VALUES["projects"]
    assert values == {**VALUES, "projects": [projects[3], projects[0], projects[1], projects[2]]}
    assert troubles == set()


def test_a_removed_project_sheet_is_no_project(office):
    values, troubles = read(office.edited(BOOK, [("remove_sheet", "项目1")]))
    assert values["projects"] == VALUES["projects"][1:]
    assert troubles == set()


def test_rows_and_columns_inserted_anywhere_leave_the_data_as_they_are(office):
    steps = [
        ("insert_rows", "项目1", 26, 2),
        ("insert_rows", "项目1", 1, 3),
        ("insert_columns", "项目1", 1, 1),
        ("insert_columns", "项目1", 5, 1),
        ("insert_rows", "第一部分", 6, 1),
        ("insert_columns", "基本信息", 2, 2),
    ]
    assert read(office.edited(BOOK, steps)) == (VALUES, set())


def test_a_deleted_row_takes_its_indicator_along_and_no_other(office):
    values, troubles = read(office.edited(BOOK, [("delete_rows", "项目1", 24, 1)]))
    first = VALUES["projects"][0]
    indicators = [first["indicators"][0], *first["indicators"][2:]]
    assert values["projects"][0] == {**first, "indicators": indicators}
    assert troubles == set()


def test_a_deleted_input_is_reported_with_its_label(office):
    _, troubles = read(office.edited(BOOK, [("delete_rows", "项目3", 6, 1), ("delete_rows", "基本信息", 7, 1)]))
    assert ("T04", "项目3", "") in troubles
    assert ("T04", "基本信息", "") in troubles


def test_what_is_typed_is_read_with_the_formulas_around_it_calculated(office):
    steps = [
        ("put", "项目1", "B32", "数量指标"),
        ("put", "项目1", "C32", "新增指标"),
        ("put", "项目1", "C5", "=10+11"),
        ("put", "项目1", "K3", "记得改"),
    ]
    values, troubles = read(office.edited(BOOK, steps))
    added = values["projects"][0]["indicators"][9]
    assert added == {"dimension": "产出指标", "category": "数量指标", "name": "新增指标"}
    assert values["projects"][0]["budget_amount"] == Decimal(21)
    assert troubles == {("T06", "项目1", "K3")}
