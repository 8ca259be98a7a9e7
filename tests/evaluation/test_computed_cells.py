"""Cells that the sheet computes, rows that a blank form begins with, and values that are carried, for any type."""

import json
from decimal import Decimal

import pytest

from perfxl.pipeline import carry_over
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog, profile
from perfxl.report_type.model import ReportType
from perfxl.workbook.form.form import FormFault, write

ORDER = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:perfxl:order",
    "title": "订单",
    "x-version": 1,
    "x-sheets": [
        {"name": "总表", "columns": [10, 20, 20, 20]},
        {"name": "分单", "each": "parts", "columns": [10, 20, 20, 20]},
    ],
    "type": "object",
    "additionalProperties": False,
    "required": ["document_type"],
    "properties": {
        "document_type": {"const": "order"},
        "title": {"type": "string", "x-at": "总表!B2", "x-label": "名称", "x-from": {"inquiry": "name"}},
        "sums": {
            "type": "array", "x-label": "各单", "x-at": "总表!B5", "x-rows": 4, "x-rows-shown": 4,
            "items": {"type": "object", "additionalProperties": False, "properties": {
                "sum": {"type": "number", "x-at": "B", "x-label": "小计", "x-formula": "{parts.total[#]}"}}},
        },
        "parts": {
            "type": "array", "x-label": "分单",
            "items": {"type": "object", "additionalProperties": False, "properties": {
                "total": {"type": "number", "x-at": "B2", "x-label": "合计", "x-formula": "SUM({parts.lines.price[]})"},
                "lines": {
                    "type": "array", "x-label": "明细", "x-at": "A5", "x-rows": 5, "x-rows-shown": 5,
                    "default": [{"name": "运费"}, {"name": "税"}],
                    "items": {"type": "object", "additionalProperties": False, "required": ["name"], "properties": {
                        "name": {"type": "string", "x-at": "A", "x-label": "品名"},
                        "count": {"type": "number", "x-at": "B", "x-label": "数量"},
                        "price": {"type": "number", "x-at": "C", "x-label": "价钱",
                                  "x-formula": 'IF(ISNUMBER({parts.lines.count}),{parts.lines.count}*2,"")'}}},
                },
            }},
        },
    },
}  # fmt: skip


# What the order is carried from.
INQUIRY = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:perfxl:inquiry",
    "title": "询价",
    "x-version": 1,
    "x-sheets": [{"name": "询价表", "columns": [10, 20]}],
    "type": "object",
    "additionalProperties": False,
    "required": ["document_type"],
    "properties": {
        "document_type": {"const": "inquiry"},
        "name": {"type": "string", "x-at": "询价表!B2", "x-label": "名称"},
    },
}


@pytest.fixture
def order(tmp_path):
    """A report type with computed cells and rows to begin with."""

    def made(**changes):
        schema = json.loads(json.dumps(ORDER))
        schema["properties"].update(changes)
        (tmp_path / "schemas").mkdir(exist_ok=True)
        (tmp_path / "schemas" / "order.schema.json").write_text(json.dumps(schema), "utf-8")
        (tmp_path / "schemas" / "inquiry.schema.json").write_text(json.dumps(INQUIRY), "utf-8")
        catalog._load.cache_clear()
        return catalog.load(tmp_path, "order")

    yield made
    catalog._load.cache_clear()


def read(order_type, book):
    folder = order_type.word_template.parent.parent
    examination = examine(book, "", folder)
    # V23: what nothing has computed yet is told, since no rule of the program computes it for this type.
    assert {one.code for one in examination.findings} <= {"V23"}
    return examination.record.values


LINES = [{"name": "纸", "count": 3}, {"name": "笔", "count": 2, "price": 5}]


def test_what_the_sheet_would_compute_is_absent_until_it_has(order):
    data = {"document_type": "order", "parts": [{"lines": LINES}]}
    assert read(order(), write(order(), data)) == data


def test_what_was_typed_over_a_formula_is_kept(order):
    data = {"document_type": "order", "sums": [{"sum": 9}], "parts": [{"total": 12, "lines": LINES}]}
    assert read(order(), write(order(), data)) == data


@pytest.mark.office
def test_what_the_sheet_has_computed_is_read(order, office):
    data = {"document_type": "order", "parts": [{"lines": LINES}, {"lines": [{"name": "尺", "count": Decimal("1.5")}]}]}
    values = read(order(), office.edited(write(order(), data)))
    assert [part["total"] for part in values["parts"]] == [11, 3]
    assert [line["price"] for part in values["parts"] for line in part["lines"]] == [6, 5, 3]
    assert "sums" not in values  # a row that nobody typed into is no row


@pytest.mark.office
def test_a_blank_sheet_with_rows_to_begin_with_is_no_item(order, office):
    assert read(order(), write(order(), None, copies=3)) == {"document_type": "order"}
    assert read(order(), office.edited(write(order(), None, copies=3))) == {"document_type": "order"}


def test_a_row_to_begin_with_stays_in_an_item(order):
    data = {"document_type": "order", "parts": [{"lines": [{"name": "运费"}, {"name": "税", "count": 1}]}]}
    assert read(order(), write(order(), data, copies=2)) == data


def test_a_formula_that_names_nothing_is_a_fault_of_the_type(order):
    wrong = {"type": "string", "x-at": "总表!B2", "x-label": "名称", "x-formula": "{nothing}&1"}
    with pytest.raises(FormFault, match="nothing"):
        write(order(title=wrong), None)


def test_decimals_stay_numbers_in_the_sheet(order):
    """9.05 has no sixteen digits that mean it, and a text would be missing from every sum."""
    data = {"document_type": "order", "parts": [{"lines": [{"name": "纸", "price": Decimal("9.05")}]}]}
    book = write(order(), data)
    assert read(order(), book) == data


def test_a_type_says_itself_what_is_carried_into_it(order):
    target = order()
    source = catalog.load(catalog.home(), catalog.available(catalog.home())[0])
    assert carry_over.targets(source, [source, target]) == []
    inquiry = ReportType("inquiry", "询价", 1, {}, (), (), target.word_template, target.workbook)
    carried = carry_over.into({"name": "文具"}, inquiry, target, profile.load(catalog.home()))
    assert carried.values["title"] == "文具"
    assert carried.locked == {"title"}
