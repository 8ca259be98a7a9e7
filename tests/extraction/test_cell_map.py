"""Where inputs stand: every value of a record leads back to its cell, wherever somebody moved the inputs."""

import io

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from perfxl.extraction.cell_values import understand
from perfxl.extraction.extract import extract
from perfxl.model.addresses import Range
from perfxl.model.record import Place, leaves
from perfxl.report_type import catalog
from perfxl.workbook.reading.reader import read

HOME = catalog.home()
EXAMPLES = sorted((HOME / "examples").glob("*.xlsx"))


def read_example(data):
    cells = read(data)
    report_type = catalog.load(HOME, cells.type_id)
    record, remarks = extract(cells, report_type)
    return cells, report_type, record, remarks


def changed(change):
    book = openpyxl.load_workbook(EXAMPLES[0])
    change(book)
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


def field_of(report_type, path):
    names = tuple(step for step in path if isinstance(step, str))
    return next(field for sheet in report_type.sheets for field in sheet.inputs() if field.path == names)


def assert_every_value_is_in_its_cell(cells, report_type, record):
    sheets = {sheet.title: sheet.cells for sheet in cells.sheets}
    checked = 0
    for path, value in leaves(record.values):
        if path[0] in report_type.constants:
            continue
        place, field = record.places[path], field_of(report_type, path)
        at = Range.parse(place.cell)
        cell = sheets[place.sheet].get((at.top, at.left))
        if cell is None or cell.value is None:
            assert "x-follows" in field.schema  # what no program has computed yet
            continue
        assert understand(cell, field).value == value
        checked += 1
    return checked


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_value_is_in_the_cell_to_which_it_leads(path):
    cells, report_type, record, _ = read_example(path.read_bytes())
    assert assert_every_value_is_in_its_cell(cells, report_type, record) > 20


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_places_are_a_mapping_like_any_other(path):
    _, _, record, _ = read_example(path.read_bytes())
    every = dict(record.places.items())
    assert len(every) == len(record.places) > 20
    assert every == record.places
    assert {path for path, _ in leaves(record.values)} - every.keys() <= {("currency_unit",)} | {
        (key,) for key in catalog.load(HOME, read(path.read_bytes()).type_id).constants
    }
    assert all(isinstance(place, Place) and place.sheet for place in every.values())
    for unknown in (
        (),
        ("nothing",),
        ("projects", 99, "project_name"),
        ("projects", "project_name"),
        (0,),
        ("a", 0, "b"),
    ):
        assert unknown not in record.places
        assert record.places.get(unknown) is None
        with pytest.raises(KeyError):
            record.places[unknown]


def test_a_path_without_a_cell_leads_to_what_is_around_it():
    _, _, record, _ = read_example(EXAMPLES[0].read_bytes())
    rows = record.places["projects", 0, "indicators"]
    assert record.place(("projects", 0, "indicators", 0)) == rows
    assert record.place(("projects", 0, "indicators", 999, "name")) == rows
    assert record.place(("projects", 0, "nothing")) == record.places["projects", 0] == Place("项目1")
    assert record.place(("projects", 999)) == record.places[("projects",)] == Place("项目1")
    assert record.place(("nothing",)) is None


def test_inputs_that_moved_are_found_where_they_are_now():
    def change(book):
        sheet = book["项目1"]
        sheet.move_range("A23:H62", rows=3, translate=True)
        for name, defined in sheet.defined_names.items():
            if name.startswith("projects.indicators."):
                column = defined.attr_text.partition("!$")[2][0]
                defined.value = f"'项目1'!${column}$26:${column}$65"

    before = read_example(EXAMPLES[0].read_bytes())[2]
    cells, report_type, record, _ = read_example(changed(change))
    assert record.values == before.values
    assert_every_value_is_in_its_cell(cells, report_type, record)
    assert record.places["projects", 0, "indicators", 0, "name"].cell == "C26"


def test_an_input_that_moved_to_another_sheet_is_found_there():
    def change(book):
        book["第一部分"]["F3"] = book["基本信息"]["C4"].value
        book["基本信息"]["C4"] = None
        book.defined_names["fiscal_year"].value = "'第一部分'!$F$3"

    before = read_example(EXAMPLES[0].read_bytes())[2]
    cells, report_type, record, _ = read_example(changed(change))
    assert record.values == before.values
    assert record.places[("fiscal_year",)] == Place("第一部分", "F3")
    assert_every_value_is_in_its_cell(cells, report_type, record)


def test_a_name_of_whole_columns_is_no_more_work_than_its_cells():
    def change(book):
        names = book["项目1"].defined_names
        names["projects.indicators.name"] = DefinedName(
            "projects.indicators.name", attr_text="'项目1'!$C$23:$XFD$1048576"
        )
        book["项目1"]["C900"] = "很远的指标"

    cells, report_type, record, remarks = read_example(changed(change))
    rows = record.values["projects"][0]["indicators"]
    assert rows[-1] == {"name": "很远的指标"}
    assert record.places["projects", 0, "indicators", len(rows) - 1, "name"] == Place("项目1", "C900")
    assert_every_value_is_in_its_cell(cells, report_type, record)
    assert "T06" not in [remark.code for remark in remarks]
