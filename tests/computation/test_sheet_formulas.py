# ruff: noqa: E501 - a case is a line
"""What formulas of a form give where no program has computed the sheet: what LibreOffice gives, or nothing."""

import json
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from perfxl.cli.main import main
from perfxl.report_type import catalog

FORMULAS = {
    "rate": "IF({whole}=0,0,ROUND({part}/{whole},4))",
    "left": "{whole}-{part}",
    "lines_total": "SUM({lines.amount[]})",
    "most": "MAX({lines.amount[]})+MIN({whole},{part})",
    "word": 'IF(AND({part}>0,{part}<={whole}),"按期","超出")',
    "safe": "IFERROR({part}/{nothing},-1)",
    "twice": "{left}*2",
    "counted": "COUNT({nothing},{part})",
    "mean": "AVERAGE({whole},{nothing},{part})",
    "third": "{whole}/3",
    "nought": '-({part}-{part})&""',
}


@pytest.fixture
def own(tmp_path):
    number = {"type": "number", "x-label-at": ""}
    properties = {
        "document_type": {"const": "rates", "x-printed": False},
        **{name: {**number, "x-at": f"表!A{row}", "x-label": name} for row, name in enumerate(("whole", "part", "nothing"), 2)},
        **{
            name: {**number, "type": "string" if name in ("word", "nought") else "number", "x-at": f"表!B{row}", "x-label": name, "x-formula": formula}
            for row, (name, formula) in enumerate(FORMULAS.items(), 2)
        },
        "lines": {
            "type": "array", "x-at": "表!A21", "x-rows": 5, "x-rows-shown": 5, "x-label": "明细",
            "items": {"type": "object", "additionalProperties": False, "properties": {
                "amount": {"type": "number", "x-at": "A", "x-label": "金额"},
                "share": {"type": "number", "x-format": "percent", "x-at": "B", "x-label": "占比", "x-formula": 'IF({lines.amount}="","",ROUND({lines.amount}/SUM({lines.amount[]}),4))'},
            }},
        },
    }  # fmt: skip
    properties["rate"]["x-format"] = "percent"
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:perfxl:rates", "title": "比率", "x-version": 1,
        "x-sheets": [{"name": "表", "columns": [12, 12, 12]}], "type": "object", "additionalProperties": False, "properties": properties,
    }  # fmt: skip
    (tmp_path / "own" / "schemas").mkdir(parents=True)
    (tmp_path / "own" / "schemas" / "rates.schema.json").write_text(json.dumps(schema), "utf-8")
    return tmp_path / "own"


FORMS = [
    {"whole": 8, "part": 3, "lines": [{"amount": 1}, {"amount": 3}]},
    {"whole": 0, "part": 3, "nothing": 0, "lines": [{"amount": 2.5}]},
    {"whole": 3, "part": 2, "nothing": 4, "lines": [{"amount": 0.1}, {"amount": 0.2}, {"amount": 5}]},
]


def book_of(own, values):
    (own.parent / "d.json").write_text(json.dumps(values), "utf-8")
    assert (
        main(["--types", str(own), "fill", "rates", str(own.parent / "d.json"), "-o", str(own.parent / "d.xlsx")]) == 0
    )
    return own.parent / "d.xlsx"


def computed(own, values):
    from perfxl.pipeline.examine import examine

    found = examine(book_of(own, values).read_bytes(), "", own)
    assert [each.code for each in found.findings] == []
    return found.record.shown


def test_results_are_there_where_nothing_has_computed_the_sheet(own):
    shown = computed(own, FORMS[0])
    assert {name: shown[name] for name in FORMULAS} == {
        "rate": 37.5, "left": 5, "lines_total": 4, "most": 6, "word": "按期", "safe": -1, "twice": 10,
        "counted": 1, "mean": 5.5, "third": Decimal("2.66666666666667"), "nought": "0",
    }  # fmt: skip
    assert [row["share"] for row in shown["lines"]] == [25, 75]


def test_what_is_not_known_stays_without_a_result(own):
    path = own / "schemas" / "rates.schema.json"
    path.write_text(
        path.read_text("utf-8").replace("SUM({lines.amount[]})", "SUMPRODUCT({lines.amount[]})", 1), "utf-8"
    )
    from perfxl.pipeline.examine import examine

    found = examine(book_of(own, FORMS[0]).read_bytes(), "", own)
    assert "lines_total" not in found.record.shown


@pytest.mark.office
@pytest.mark.parametrize("values", FORMS)
def test_libreoffice_gives_the_same(own, office, values):
    shown = computed(own, values)
    sheet = openpyxl.load_workbook(BytesIO(office.edited((own.parent / "d.xlsx").read_bytes())), data_only=True)["表"]
    for field in (field for one in catalog.load(own, "rates").sheets for field in one.fields if field.formula):
        result = sheet[field.at.first].value
        expected = shown[field.name] if field.format != "percent" else shown[field.name] / 100
        assert result == (expected if isinstance(expected, str) else pytest.approx(float(expected))), field.name
