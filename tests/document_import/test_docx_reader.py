"""What the reader sees of a .docx: everything that a reader of the printed page sees, and what is hidden as such."""

import sys

import pytest

from document_import import makes, word_maker
from document_import.word_maker import W, package, paragraph, table, text_box
from perfxl.document_import.blocks import WordParagraph, WordTable
from perfxl.document_import.docx_reader import read
from perfxl.document_import.recognition import recognise
from perfxl.report_type import catalog

PLAN = catalog.load(catalog.home(), "performance_plan")
NS = f'xmlns:w="{W}"'


def texts(data):
    return [piece.text for piece in read(data).pieces() if piece.text]


def around(data):
    return {piece.source: piece.text for piece in read(data).around if piece.text.strip()}


def test_deleted_and_hidden_text_is_no_part_of_a_paragraph_but_told():
    body = (
        "<w:p><w:r><w:t>预算</w:t></w:r><w:del w:id='1' w:author='a'><w:r><w:delText>草案</w:delText></w:r></w:del>"
        "<w:ins w:id='2' w:author='a'><w:r><w:t>数</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>内部</w:t></w:r></w:p>"
    )
    document = read(package(body))
    assert [piece.text for piece in document.blocks] == ["预算数"]
    assert {piece.source: piece.text for piece in document.around} == {"deleted": "草案", "hidden": "内部"}


def test_headers_footers_notes_and_comments_are_told():
    parts = {
        "header": f"<w:hdr {NS}>{paragraph('页眉文字')}</w:hdr>",
        "footer": f"<w:ftr {NS}>{paragraph('页脚文字')}</w:ftr>",
        "footnotes": f"<w:footnotes {NS}><w:footnote w:id='2'>{paragraph('脚注文字')}</w:footnote></w:footnotes>",
        "endnotes": f"<w:endnotes {NS}><w:endnote w:id='2'>{paragraph('尾注文字')}</w:endnote></w:endnotes>",
        "comments": f"<w:comments {NS}><w:comment w:id='0' w:author='张'>{paragraph('批注')}</w:comment></w:comments>",
    }
    found = around(package(paragraph("正文"), **parts))
    assert found == {
        "header": "页眉文字",
        "footer": "页脚文字", "footnote": "脚注文字", "endnote": "尾注文字", "comment": "批注",
    }  # fmt: skip


def test_automatic_numbers_are_part_of_the_text():
    numbering = (
        f"<w:numbering {NS}><w:abstractNum w:abstractNumId='1'>"
        "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl>"
        "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%2.'/></w:lvl>"
        "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num></w:numbering>"
    )

    def numbered(text, level):
        return paragraph(text, f"<w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr></w:pPr>")

    body = numbered("总体", 0) + numbered("甲", 1) + numbered("乙", 1) + numbered("分项", 0) + numbered("丙", 1)
    assert texts(package(body, numbering=numbering)) == ["一、总体", "1.甲", "2.乙", "二、分项", "1.丙"]


def test_a_text_box_is_read_once():
    assert texts(package(text_box(paragraph("框里的字")) + paragraph("后面"))) == ["框里的字", "后面"]


def test_merged_cells_cover_rows_and_columns():
    document = read(word_maker.document([["甲", "<", "乙"], ["丙", "丁", "^"]]))
    (found,) = document.blocks
    assert isinstance(found, WordTable)
    top, below = found.rows
    assert [(cell.text, cell.column, cell.columns, cell.rows) for cell in top.cells] == [
        ("甲", 0, 2, 1),
        ("乙", 2, 1, 2),
    ]
    assert [cell.text for cell in below.cells] == ["丙", "丁", "乙"]
    assert below.cells[2] is top.cells[1]


def test_several_paragraphs_of_a_cell_are_lines_of_one_value():
    rows = [
        ["项目名称", "培训经费"], ["资金用途", "用于培训。\n用于印刷。"], ["绩效目标", "1.办好培训。\n2.印好资料。"],
    ]  # fmt: skip
    reading = recognise(read(word_maker.document("项目绩效目标表", rows)), PLAN)
    (project,) = reading.values["projects"]
    assert project["use_of_funds"] == "用于培训。\n用于印刷。"
    assert project["performance_goals"] == ["1.办好培训。", "2.印好资料。"]


def test_tables_within_cells_belong_to_their_cell():
    inner = table([[["一级指标"], ["三级指标"], ["指标值"]], [["产出指标"], ["人数"], ["≥45人"]]])
    body = table([[["项目名称"], ["培训"]], [["绩效指标"], [inner, ""]]])
    reading = recognise(read(package(body)), PLAN)
    (project,) = reading.values["projects"]
    assert [(one["name"], one["sign"], one["measure_unit"]) for one in project["indicators"]] == [("人数", "≥", "人")]


def test_columns_typed_with_tab_stops_are_a_table():
    lines = ["项目名称：培训", "一级指标\t三级指标\t指标值", "产出指标\t人数\t≥45人", "效益指标\t效果\t明显", "以上。"]
    reading = recognise(read(word_maker.word(lines)), PLAN)
    (project,) = reading.values["projects"]
    assert [one["name"] for one in project["indicators"]] == ["人数", "效果"]
    assert [each.text for each in reading.left] == ["以上。"]


def test_the_table_of_contents_is_no_text_of_the_plan():
    blocks = makes.with_contents(makes.original("linxi-gongshanglian-2023"))
    sources = [each.source for each in read(word_maker.word(blocks)).blocks if isinstance(each, WordParagraph)]
    reading = recognise(read(word_maker.word(blocks)), PLAN)
    assert "body" in sources
    assert reading.left == []
    assert len(reading.values["overall_goal"]) == len(makes.data("linxi-gongshanglian-2023")["overall_goal"])


def calls(work):
    """How many functions of Python are called: what grows with the work, whatever else the machine does."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", ["projects", "paragraphs", "rows"])
def test_work_grows_with_the_document_alone(shape):
    def document(size):
        original = makes.original("tangshan-gongshanglian-2025")
        start = next(at for at, each in enumerate(original) if isinstance(each, list))
        if shape == "projects":
            blocks = original[:start] + original[start:] * size
        elif shape == "paragraphs":
            at = next(number for number, each in enumerate(original) if str(each).startswith("二、"))
            blocks = [*original[:at], *["推进各项工作落实到位。"] * (300 * size), *original[at:]]
        else:
            blocks = makes.mapped(original, lambda rows: [[*rows, *[rows[-1]] * (60 * size)]])
        return word_maker.word(blocks)

    small, large = (document(size) for size in (2, 8))
    one, four = (calls(lambda data=data: recognise(read(data), PLAN)) for data in (small, large))
    assert four < 5 * one
