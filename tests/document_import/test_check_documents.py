"""`check`, `report` and `data` take Word documents: the findings of their workbooks, told by place in the document."""

import json
from io import BytesIO

import pytest
from docx import Document

from document_import import makes, word_maker
from perfxl.cli.main import main
from perfxl.pipeline.document_intake import examine_document
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog

HOME = catalog.home()
EXAMPLES = sorted(path.stem for path in (HOME / "examples").glob("*.docx"))


@pytest.fixture
def linxi(tmp_path):
    path = tmp_path / "临西.docx"
    path.write_bytes(word_maker.word(makes.original("linxi-gongshanglian-2023")))
    return path


def said(findings):
    return sorted((one.code, one.severity, one.field, one.message) for one in findings)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_document_has_the_findings_of_its_workbook(name):
    written, _ = examine_document((HOME / "examples" / f"{name}.docx").read_bytes(), name, HOME)
    typed = examine((HOME / "examples" / f"{name}.xlsx").read_bytes(), name, HOME)
    assert said(written.findings) == said(typed.findings)


def test_a_finding_names_part_project_table_row_and_column(linxi, capsys):
    assert main(["check", str(linxi), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    percent = next(one for one in findings if one["code"] == "M04")
    assert (percent["sheet"], percent["cell"]) == ("第二部分 项目1 表1", "第6行“12月底”")
    vague = next(one for one in findings if one["field"] == "projects[0].indicators[5].target")
    assert (vague["sheet"], vague["cell"]) == ("第二部分 项目1 表2", "第7行“指标值”")


def test_findings_come_in_the_order_of_the_document(linxi, capsys):
    main(["check", str(linxi), "--json"])
    places = [one["sheet"] for one in json.loads(capsys.readouterr().out)["findings"]]
    assert (
        places.index("第一部分 三、工作保障措施")
        < places.index("第二部分 项目1 表1")
        < places.index("第二部分 项目3 表2")
    )


def test_the_same_down_a_column_is_said_once(linxi, capsys):
    assert main(["check", str(linxi)]) == 1
    assert "第3—8行“指标值确定依据”（6处）" in capsys.readouterr().out


def test_comments_hang_on_the_paragraphs_they_are_about(linxi, tmp_path, capsys):
    before, output = linxi.read_bytes(), tmp_path / "批注.docx"
    assert main(["check", str(linxi), "--comments", "-o", str(output), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["document"] == str(output)
    assert linxi.read_bytes() == before
    document = Document(BytesIO(output.read_bytes()))
    comments = {comment.comment_id: comment.text for comment in document.comments}
    assert len(comments) == len(told["findings"])
    body = document.element.body.xml
    at = body.index("1.00", body.index("12 月底"))
    number = next(key for key, text in comments.items() if text.startswith("错误 M04"))
    assert body.rindex(f'<w:commentRangeStart w:id="{number}"/>', 0, at) > at - 600
    assert body.index(f'<w:commentRangeEnd w:id="{number}"/>', at) < at + 200


def test_a_copy_with_comments_reads_as_the_document_does(linxi, tmp_path, capsys):
    first, second = tmp_path / "一.docx", tmp_path / "二.docx"
    for output in (first, second):
        main(["check", str(linxi), "--comments", "-o", str(output)])
    assert first.read_bytes() == second.read_bytes()
    plain, _ = examine_document(linxi.read_bytes(), "", HOME)
    commented, _ = examine_document(first.read_bytes(), "", HOME)
    assert said(commented.findings) == said(plain.findings)


def test_a_missing_value_has_its_place_too(tmp_path, capsys):
    blocks = [
        [[["" if text == "1.00" else text for text in cell] for cell in row] for row in block]
        if isinstance(block, list) else block
        for block in makes.original("linxi-gongshanglian-2023")
    ]  # fmt: skip
    path = tmp_path / "x.docx"
    path.write_bytes(word_maker.word(blocks))
    main(["check", str(path), "--json"])
    missing = [one for one in json.loads(capsys.readouterr().out)["findings"] if one["code"] == "M02"]
    assert ("第二部分 项目1 表1", "第3行“预算数”") in [(one["sheet"], one["cell"]) for one in missing]


def test_data_and_report_take_a_document(linxi, tmp_path, capsys):
    assert main(["data", str(linxi)]) == 0
    assert json.loads(capsys.readouterr().out)["unit_code"] == "714001"
    assert main(["report", str(linxi)]) == 2
    assert "不能就是原来的文档" in capsys.readouterr().err
    output = tmp_path / "新.docx"
    assert main(["report", str(linxi), "--draft", "-o", str(output), "--contents", "off"]) == 0
    again, _ = examine_document(output.read_bytes(), "", HOME)
    first, _ = examine_document(linxi.read_bytes(), "", HOME)
    assert again.record.values == first.record.values


@pytest.mark.parametrize(
    "words",
    [["--comments"], ["--comments", "-o", "x.xlsx"], ["--comments", "--fix", "-o", "x.docx"]],
    ids=["no output", "a workbook", "fix"],
)
def test_comments_go_into_a_new_document_alone(linxi, words, capsys):
    assert main(["check", str(linxi), *words]) == 2
    assert "--comments" in capsys.readouterr().err
