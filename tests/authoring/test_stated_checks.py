# ruff: noqa: E501 - a case is a line
"""Rules as data: the sheet's formula and the program's check are one, and each is a sentence at its cell."""

import json
import random
from datetime import date
from io import BytesIO

import pytest

from perfxl.cli.main import main

COLUMN = {"type": "number", "x-format": "money"}


def text(at, label, **more):
    return {"type": "string", "x-at": at, "x-label": label, **more}


def number(at, label, **more):
    return {"type": "number", "x-at": at, "x-label": label, **more}


CHECKS = [
    {"check": "sum", "field": "total", "of": ["central", "local"]},
    {"check": "total", "field": "total", "of": "lines.amount", "say": "资金合计与明细对不上", "gravity": "warning"},
    {"check": "at_most", "field": "spent", "of": "total"},
    {"check": "not_before", "field": "ended", "of": "begun"},
    {"check": "required", "field": "reason", "when": "kind", "is": ["其他"]},
    {"check": "differs", "field": "checker", "of": "maker"},
    {"check": "one_of", "field": "unit", "by": "kind", "values": {"货物": ["台", "套"], "服务": ["次"]}},
]
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:perfxl:验收单",
    "title": "验收单",
    "x-version": 1,
    "x-sheets": [
        {"name": "验收", "columns": [14, 20, 14, 20, 14], "captions": [{"at": "A1:E1", "text": "验收单", "style": "title"}]},
        {"name": "检查", "overview": True, "columns": [16, 30, 52, 12, 14]},
    ],
    "type": "object",
    "additionalProperties": False,
    "required": ["document_type", "total"],
    "x-checks": CHECKS,
    "properties": {
        "document_type": {"const": "验收单", "x-printed": False},
        "total": number("验收!B3", "资金合计"),
        "central": number("验收!D3", "中央资金", **{"x-label-at": "C3"}),
        "local": number("验收!B4", "地方资金"),
        "spent": number("验收!D4", "支出", **{"x-label-at": "C4"}),
        "begun": text("验收!B5", "开始日期", **{"x-format": "date"}),
        "ended": text("验收!D5", "结束日期", **{"x-format": "date", "x-label-at": "C5"}),
        "kind": text("验收!B6", "类别", enum=["货物", "服务", "其他"]),
        "reason": text("验收!D6", "说明", **{"x-label-at": "C6"}),
        "maker": text("验收!B7", "经办人"),
        "checker": text("验收!D7", "复核人", **{"x-label-at": "C7"}),
        "unit": text("验收!B8", "计量单位"),
        "passed": text("验收!D8", "是否合格", enum=["是", "否"], **{"x-format": "check", "x-label-at": "C8"}),
        "lines": {
            "type": "array", "x-at": "验收!A11", "x-rows": 6, "x-rows-shown": 4, "x-label": "明细",
            "items": {
                "type": "object", "additionalProperties": False, "required": ["code"],
                "x-checks": [
                    {"check": "unique", "field": "code"},
                    {"check": "at_most", "field": "used", "of": "amount"},
                ],
                "properties": {
                    "code": text("A", "编号"), "amount": number("B", "金额"), "used": number("C", "已用"),
                },
            },
        },
    },
}  # fmt: skip

SOUND = {
    "total": 10, "central": 4, "local": 6, "spent": 9, "begun": "2026-03-01", "ended": "2026-04-01", "kind": "货物",
    "unit": "台", "maker": "甲", "checker": "乙", "lines": [{"code": "1", "amount": 7, "used": 7}, {"code": "2", "amount": 3}],
}  # fmt: skip


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "own"
    (folder / "schemas").mkdir(parents=True)
    (folder / "schemas" / "验收单.schema.json").write_text(json.dumps(SCHEMA, ensure_ascii=False), "utf-8")
    return folder


def filled(own, values):
    data, book = own.parent / "d.json", own.parent / "d.xlsx"
    data.write_text(json.dumps(values, ensure_ascii=False), "utf-8")
    assert main(["--types", str(own), "fill", "验收单", str(data), "-o", str(book)]) == 0
    return book


def found(own, capsys, **changes):
    book = filled(own, {key: value for key, value in {**SOUND, **changes}.items() if value is not None})
    capsys.readouterr()
    main(["--types", str(own), "check", str(book), "--json"])
    return [(each["code"], each["cell"], each["message"]) for each in json.loads(capsys.readouterr().out)["findings"]]


def test_a_sound_form_has_no_finding(own, capsys):
    assert found(own, capsys) == []


CASES = {
    "sum": ({"central": 5}, [("V22", "B3", "“资金合计”应等于“中央资金”＋“地方资金”。")]),
    "total": ({"lines": [{"code": "1", "amount": 7}]}, [("V22", "B3", "资金合计与明细对不上。")]),
    "at_most": ({"spent": 11}, [("V22", "D4", "“支出”不应大于“资金合计”。")]),
    "not_before": ({"ended": "2026-02-01"}, [("V22", "D5", "“结束日期”不应早于“开始日期”。")]),
    "required": ({"kind": "其他", "unit": None}, [("V22", "D6", "“类别”是其他时，要填“说明”。")]),
    "differs": ({"checker": "甲"}, [("V22", "D7", "“复核人”不应和另一格相同：“经办人”。")]),
    "one_of": ({"unit": "次"}, [("V22", "B8", "“计量单位”与“类别”不相配。")]),
    "unique": (
        {"lines": [{"code": "1", "amount": 7}, {"code": "1", "amount": 3}]},
        [("V22", "A11", "“编号”不应重复。"), ("V22", "A12", "“编号”不应重复。")],
    ),
    "at_most in a row": (
        {"lines": [{"code": "1", "amount": 7}, {"code": "2", "amount": 3, "used": 4}]},
        [("V22", "C12", "“已用”不应大于“金额”。")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_stated_check_is_told_at_its_cell(case, own, capsys):
    changes, expected = CASES[case]
    assert found(own, capsys, **changes) == expected


def test_a_date_is_read_however_it_was_typed_and_refused_where_it_is_none(own, capsys):
    import openpyxl

    book = filled(own, SOUND)
    sheets = openpyxl.load_workbook(book)
    sheets["验收"]["B5"] = "2026年3月1日"
    sheets["验收"]["D5"] = date(2026, 4, 1)
    sheets.save(book)
    capsys.readouterr()
    main(["--types", str(own), "data", str(book)])
    told = json.loads(capsys.readouterr().out)
    assert (told["begun"], told["ended"]) == ("2026-03-01", "2026-04-01")
    assert [each[:2] for each in found(own, capsys, begun="三月初")] == [("V05", "B5")]


def test_the_words_of_json_schema_are_told_in_a_clerks_words(own, capsys):
    schema = {**SCHEMA, "x-checks": []}
    schema["dependentRequired"] = {"maker": ["checker"]}
    schema["if"] = {"properties": {"kind": {"const": "服务"}}, "required": ["kind"]}
    schema["then"] = {"required": ["reason"], "properties": {"spent": {"maximum": 5}}}
    lines = {
        **schema["properties"]["lines"],
        "uniqueItems": True,
        "contains": {"properties": {"code": {"const": "1"}}, "required": ["code"]},
    }
    schema["properties"] = {**schema["properties"], "lines": lines}
    lines["items"] = {**lines["items"], "x-checks": []}
    (own / "schemas" / "验收单.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    assert found(own, capsys) == []
    assert [each[:2] for each in found(own, capsys, checker=None)] == [("D01", "D7")]
    assert [each[:2] for each in found(own, capsys, kind="服务")] == [("V04", "D4"), ("D01", "D6")]
    (only,) = found(own, capsys, lines=[{"code": "3", "amount": 1}])
    assert "里没有“编号”是1的一条" in only[2]
    (only,) = found(own, capsys, lines=[{"code": "1", "amount": 1}, {"code": "1", "amount": 1}])
    assert "里有两条是一样的" in only[2]


def test_a_computed_cell_without_a_result_is_told_and_not_printed_blank(own, capsys):
    schema = json.loads(json.dumps(SCHEMA))
    schema["properties"]["total"]["x-formula"] = "SUMPRODUCT({central}+{local})"
    schema["required"] = ["document_type"]
    (own / "schemas" / "验收单.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    told = found(own, capsys, total=None)
    assert [each[:2] for each in told] == [("V23", "B3")]


def random_form(chance):
    amounts = [None, 0, 1, 2.5, 3]
    pick = chance.choice
    values = {
        **{name: pick(amounts) for name in ("total", "central", "local", "spent")},
        "begun": pick([None, "2026-03-01", "2026-05-01"]), "ended": pick([None, "2026-03-01", "2026-04-01"]),
        "kind": pick([None, "货物", "服务", "其他"]), "unit": pick([None, "台", "次"]), "reason": pick([None, "有"]),
        "maker": pick(["甲", "A"]), "checker": pick([None, "甲", "a"]),
        "lines": [{"code": pick(["1", "2"]), "amount": pick([0, 1, 2.5]), "used": pick([0, 1, 2])} for _ in range(pick([1, 2, 3]))],
    }  # fmt: skip
    return {key: value for key, value in values.items() if value is not None}


def figures(office, book):
    """How many figures the sheet itself counts as wrong, once LibreOffice has computed it."""
    import openpyxl

    from perfxl.report_type import catalog
    from perfxl.workbook.form.page_layout import pages
    from perfxl.workbook.form.todo_formulas import FIGURES, Counts, needs

    placed = pages(catalog.load(book.parent / "own", "验收单"), None, 1)
    index = [need.title for need in needs(placed[0], placed)].index(FIGURES)
    computed = openpyxl.load_workbook(BytesIO(office.edited(book.read_bytes())), data_only=True)
    return computed["验收"][Counts(placed[0]).count(index).first].value


@pytest.mark.office
def test_the_sheet_and_the_program_never_contradict_each_other(own, office, capsys):
    """LibreOffice computes the sheet's own counts of random forms; the program finds as many."""
    chance = random.Random(7)
    for _ in range(12):
        values = random_form(chance)
        book = filled(own, values)
        capsys.readouterr()
        main(["--types", str(own), "check", str(book), "--json"])
        findings = json.loads(capsys.readouterr().out)["findings"]
        expected = sum(each["code"] == "V22" for each in findings)
        assert figures(office, book) == expected, (values, findings)
