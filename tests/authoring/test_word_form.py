"""A blank Word form becomes a drawing whose fields only have to be named, and that is a type as it stands."""

import openpyxl
import pytest
from docx import Document

from perfxl.cli.main import main


@pytest.fixture
def blank(tmp_path):
    form = Document()
    form.add_paragraph("合同审批表")
    table = form.add_table(rows=7, cols=4)
    for row, texts in enumerate(
        [("合同名称", "", "签订日期", ""), ("金额（元）", "", "是否公开", ""), ("序号", "内容", "数量", "单价")]
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(6, 0).text = "审批意见"
    table.cell(6, 1).merge(table.cell(6, 3))
    form.save(tmp_path / "合同审批表.docx")
    return tmp_path / "合同审批表.docx"


def test_empty_cells_become_fields_called_after_what_stands_beside_them(blank, capsys):
    assert main(["type", "new", str(blank)]) == 0, capsys.readouterr()
    book = openpyxl.load_workbook(blank.with_suffix(".xlsx"))
    sheet = book["填报表"]
    assert sheet["A1"].value == "合同审批表"
    assert [[cell.value for cell in row] for row in sheet["A2:D5"]] == [
        ["合同名称", "{{合同名称}}", "签订日期", "{{签订日期}}"],
        ["金额（元）", "{{金额}}", "是否公开", "{{是否公开}}"],
        ["序号", "内容", "数量", "单价"],
        ["{{明细.序号}}", "{{明细.内容}}", "{{明细.数量}}", "{{明细.单价}}"],
    ]
    assert (sheet["B8"].value, "B8:D8" in map(str, sheet.merged_cells.ranges)) == ("{{审批意见}}", True)
    kinds = {row[0].value: row[1].value for row in book["栏目"].iter_rows(min_row=2)}
    assert kinds == {
        "合同名称": "文字", "签订日期": "日期", "金额": "金额", "是否公开": "是否", "明细": "列表", "明细.序号": "文字",
        "明细.内容": "多行", "明细.数量": "整数", "明细.单价": "金额", "审批意见": "多行",
    }  # fmt: skip


def test_the_drawing_is_a_type_as_it_stands_and_always_the_same(blank, capsys):
    main(["type", "new", str(blank), "-o", str(blank.with_name("合同审批表.xlsx"))])
    first = blank.with_suffix(".xlsx").read_bytes()
    assert main(["type", "new", str(blank), "-o", str(blank.with_name("又一份.xlsx"))]) == 0
    assert blank.with_name("又一份.xlsx").read_bytes() == first
    assert main(["type", "build", str(blank.with_suffix(".xlsx"))]) == 0, capsys.readouterr()


def test_a_document_without_a_table_is_refused_with_a_sentence(tmp_path, capsys):
    document = Document()
    document.add_paragraph("没有表")
    document.save(tmp_path / "a.docx")
    assert main(["type", "new", str(tmp_path / "a.docx")]) == 2
    assert "没有表格" in capsys.readouterr().err
    (tmp_path / "b.docx").write_bytes(b"text")
    assert main(["type", "new", str(tmp_path / "b.docx")]) == 2
    assert "不是能读的 Word 文档" in capsys.readouterr().err
