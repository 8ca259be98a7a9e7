# ruff: noqa: E501 - a case is a line
"""A form drawn in Excel becomes a type: schema, blank form, Word template, without a line of JSON."""

import json
from pathlib import Path

import openpyxl
import pytest
from docx_blocks import blocks
from openpyxl.styles import Alignment, Border, Font, Side

from perfxl.cli.main import main

LINE = Border(**{side: Side(style="thin") for side in ("left", "right", "top", "bottom")})
HEADINGS = ("名称", "类型", "必填", "单位", "选项", "范围", "公式", "提示", "检查", "合并")
FIELDS = [
    ("合同名称", "文字", "是", "", "", "60字"),
    ("供应商", "文字", "是"),
    ("签订日期", "日期"),
    ("验收日期", "日期", "是", "", "", "", "", "", "不早于 签订日期"),
    ("合同金额", "金额", "是", "元", "", "≥0", "", "", "=合计(设备.金额)"),
    ("验收结论", "文字", "是", "", "合格、不合格"),
    ("原因", "多行", "", "", "", "", "", "", "验收结论是不合格时必填"),
    ("设备", "列表", "", "", "", "1-8"),
    ("设备.类别", "文字", "", "", "台式机、打印机、等", "", "", "", "", "是"),
    ("设备.名称", "文字", "是"),
    ("设备.数量", "整数", "是", "", "", "≥1"),
    ("设备.金额", "金额", "是", "元", "", "≥0"),
    ("已培训", "是否"),
]
CELLS = {
    "A1": "设备验收单", "A2": "合同名称", "B2": "{{合同名称}}", "A3": "供应商", "B3": "{{供应商}}", "C3": "签订日期", "D3": "{{签订日期}}",
    "A4": "合同金额", "B4": "{{合同金额}}", "C4": "验收日期", "D4": "{{验收日期}}", "A5": "类别", "B5": "名称", "C5": "数量", "D5": "金额",
    "A6": "{{设备.类别}}", "B6": "{{设备.名称}}", "C6": "{{设备.数量}}", "D6": "{{设备.金额}}", "A9": "结论", "B9": "{{验收结论}}",
    "C9": "已培训", "D9": "{{已培训}}", "A10": "原因", "B10": "{{原因}}",
}  # fmt: skip
DATA = {
    "合同名称": "办公设备采购", "供应商": "甲公司", "签订日期": "2026-03-01", "验收日期": "2026-04-02", "合同金额": 9000, "验收结论": "合格",
    "设备": [{"类别": "台式机", "名称": "电脑甲", "数量": 2, "金额": 6000}, {"类别": "台式机", "名称": "电脑乙", "数量": 1, "金额": 3000}],
    "已培训": "是",
}  # fmt: skip


def drawn(folder, cells=CELLS, fields=FIELDS, name="表样.xlsx"):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "验收单"
    for row in range(2, 11):
        for column in range(1, 5):
            sheet.cell(row, column).border = LINE
    for address, text in cells.items():
        sheet[address] = text
    for area in ("A1:D1", "B2:D2", "B10:D10"):
        sheet.merge_cells(area)
    sheet["A1"].font = Font(name="黑体", size=18, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    for letters, width in zip("ABCD", (14, 30, 12, 20), strict=True):
        sheet.column_dimensions[letters].width = width
    sheet.row_dimensions[10].height = 60
    listed = book.create_sheet("栏目")
    listed.append(HEADINGS)
    for row in fields:
        listed.append(row)
    path = folder / name
    book.save(path)
    return path


def test_a_drawn_form_becomes_a_type_that_prints_everything(tmp_path, capsys):
    path = drawn(tmp_path)
    assert main(["type", "build", str(path)]) == 0, capsys.readouterr()
    own = tmp_path / "文种"
    assert sorted(each.name for each in own.rglob("*.*")) == [
        "设备验收单.docx",
        "设备验收单.schema.json",
        "设备验收单.xlsx",
    ]
    (tmp_path / "d.json").write_text(json.dumps(DATA, ensure_ascii=False), "utf-8")
    book = tmp_path / "填好.xlsx"
    assert main(["--types", str(own), "fill", "设备验收单", str(tmp_path / "d.json"), "-o", str(book)]) == 0
    assert main(["--types", str(own), "report", str(book)]) == 0, capsys.readouterr()
    capsys.readouterr()
    assert main(["--types", str(own), "data", str(book)]) == 0
    assert json.loads(capsys.readouterr().out) == {"document_type": "设备验收单", **DATA}
    title, table, *_ = blocks((tmp_path / "填好.docx").read_bytes())
    assert title == "设备验收单"
    assert table[3:7] == [
        [["类别"], ["名称"], ["数量"], ["金额"]],
        [["台式机"], ["电脑甲"], ["2"], ["6000.00"]],
        [[], ["电脑乙"], ["1"], ["3000.00"]],
        [["结论"], ["合格"], ["已培训"], ["☑"]],
    ]


def test_the_form_looks_as_it_was_drawn(tmp_path):
    main(["type", "build", str(drawn(tmp_path))])
    sheet = openpyxl.load_workbook(tmp_path / "文种" / "templates" / "设备验收单.xlsx")["验收单"]
    assert (sheet["A1"].value, sheet["A1"].font.name, sheet["A1"].font.sz, sheet["A1"].font.b) == (
        "设备验收单",
        "黑体",
        18,
        True,
    )
    assert {str(area) for area in sheet.merged_cells.ranges} >= {"A1:D1", "B2:D2"}
    assert round(sheet.column_dimensions["B"].width) in (30, 31)
    assert sheet["A2"].border.left.style == "thin"
    # The list has eight rows although three were drawn, so what was in row 9 has moved down.
    assert [sheet.cell(row, 1).value for row in (5, 14, 15)] == ["类别", "结论", "原因"]


def test_the_checks_of_the_sheet_are_those_of_the_program(tmp_path, capsys):
    main(["type", "build", str(drawn(tmp_path))])
    wrong = {**DATA, "合同金额": 8000, "验收日期": "2026-02-01", "验收结论": "不合格"}
    (tmp_path / "d.json").write_text(json.dumps(wrong, ensure_ascii=False), "utf-8")
    own, book = str(tmp_path / "文种"), str(tmp_path / "d.xlsx")
    main(["--types", own, "fill", "设备验收单", str(tmp_path / "d.json"), "-o", book])
    capsys.readouterr()
    assert main(["--types", own, "check", book, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["code"], each["cell"], each["field"]) for each in found] == [
        ("V22", "B4", "合同金额"), ("V22", "D4", "验收日期"), ("V22", "B15", "原因"),
    ]  # fmt: skip


def test_the_same_drawing_gives_the_same_files_and_keeps_a_template_that_was_mended(tmp_path, capsys):
    path = drawn(tmp_path)
    main(["type", "build", str(path)])
    own = tmp_path / "文种"
    before = {each.name: each.read_bytes() for each in own.rglob("*.*")}
    template = own / "templates" / "设备验收单.docx"
    assert main(["type", "template", str(path), "-o", str(tmp_path / "新.docx")]) == 0
    assert (tmp_path / "新.docx").read_bytes() == template.read_bytes()
    template.write_bytes(template.read_bytes() + b"")
    main(["type", "build", str(path)])
    assert {each.name: each.read_bytes() for each in own.rglob("*.*")} == before
    assert "没有动它" in capsys.readouterr().out


def test_a_changed_drawing_is_another_version(tmp_path):
    main(["type", "build", str(drawn(tmp_path))])
    more = {**CELLS, "C2": None}
    main(
        ["type", "build", str(drawn(tmp_path, {**more, "A11": "备注", "B11": "{{备注}}"}, [*FIELDS, ("备注", "文字")]))]
    )
    schema = json.loads((tmp_path / "文种" / "schemas" / "设备验收单.schema.json").read_text("utf-8"))
    assert schema["x-version"] == 2


FAULTS = {
    "not listed": (
        {"D2": None, "B3": "{{供货商}}"},
        FIELDS,
        ["工作表“验收单”的 B3", "“供货商”没有写在“栏目”里", "是不是“供应商”？"],
    ),
    "not drawn": ({"B3": None}, FIELDS, ["栏目“供应商”", "没有画在任何一张表里"]),
    "broken": ({"B3": "{供应商}"}, FIELDS, ["“{供应商}”不是完整的标记"]),
    "twice": ({"D3": "{{供应商}}"}, FIELDS, ["画了两次"]),
    "with text": ({"B3": "名称：{{供应商}}"}, FIELDS, ["一格一个标记"]),
    "another row": ({"D6": None, "D7": "{{设备.金额}}"}, FIELDS, ["各列不在同一行"]),
    "no such kind": (
        {},
        [("供应商", "文本"), *[row for row in FIELDS if row[0] != "供应商"]],
        ["栏目 第2行", "没有类型“文本”", "是不是“文字”？"],
    ),
    "named twice": ({}, [*FIELDS, ("供应商", "文字")], ["“供应商”写了两次", "栏目 第15行"]),
    "a range": (
        {},
        [("供应商", "文字", "", "", "", "很短"), *[row for row in FIELDS if row[0] != "供应商"]],
        ["范围“很短”看不懂"],
    ),
    "a check": (
        {},
        [("供应商", "文字", "", "", "", "", "", "", "要好"), *[row for row in FIELDS if row[0] != "供应商"]],
        ["检查“要好”看不懂"],
    ),
    "a check of nothing": (
        {},
        [("供应商", "文字", "", "", "", "", "", "", "不同于 供货方"), *[row for row in FIELDS if row[0] != "供应商"]],
        ["“供货方”不是栏目"],
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_of_the_drawing_is_told_with_its_cell_or_row(case, tmp_path, capsys):
    cells, fields, expected = FAULTS[case]
    path = drawn(tmp_path, {**CELLS, **cells}, fields)
    assert main(["type", "build", str(path)]) == 2
    told = capsys.readouterr()
    assert [part for part in expected if part not in told.out + told.err] == [], told
    assert "程序出错" not in told.err
    assert not (tmp_path / "文种").exists()


def test_a_sheet_for_each_item(tmp_path, capsys):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "基本"
    sheet["A1"], sheet["A2"], sheet["B2"] = "合同审批表", "单位", "{{单位}}"
    each = book.create_sheet("合同")
    each["A1"], each["A2"], each["B2"] = "合同", "名称", "{{合同.名称}}"
    each["A3"], each["B3"] = "事项", "金额"
    each["A4"], each["B4"] = "{{合同.款项.事项}}", "{{合同.款项.金额}}"
    for row in each["A2:B5"]:
        for cell in row:
            cell.border = LINE
    listed = book.create_sheet("栏目")
    for row in [
        ("名称", "类型"),
        ("单位",),
        ("合同", "每项一张"),
        ("合同.名称", "文字"),
        ("合同.款项", "列表"),
        ("合同.款项.事项", "文字"),
        ("合同.款项.金额", "金额"),
    ]:
        listed.append(row)
    book.save(tmp_path / "合同审批表.xlsx")
    assert main(["type", "build", str(tmp_path / "合同审批表.xlsx"), "-o", str(tmp_path / "own")]) == 0, (
        capsys.readouterr()
    )
    data = {
        "单位": "甲局",
        "合同": [
            {"名称": "一号", "款项": [{"事项": "首付", "金额": 1}]},
            {"名称": "二号", "款项": [{"事项": "尾款", "金额": 2}]},
        ],
    }
    (tmp_path / "d.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    main(
        [
            "--types",
            str(tmp_path / "own"),
            "fill",
            "合同审批表",
            str(tmp_path / "d.json"),
            "-o",
            str(tmp_path / "d.xlsx"),
        ]
    )
    assert main(["--types", str(tmp_path / "own"), "report", str(tmp_path / "d.xlsx")]) == 0, capsys.readouterr()
    text = str(blocks((tmp_path / "d.docx").read_bytes()))
    assert all(word in text for word in ("甲局", "一号", "二号", "首付", "尾款", "2.00"))


def test_the_lesson_lists_every_column_of_the_fields():
    from perfxl.authoring.field_rows import HEADINGS

    lesson = (Path(__file__).resolve().parents[2] / "docs" / "own-form.md").read_text("utf-8")
    assert [name for name, told in HEADINGS.items() if f"| {name} | {told} |" not in lesson] == []
