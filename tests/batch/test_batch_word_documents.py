"""Word documents among the forms: taken along, marked as such, and printed in the uniform layout."""

import json

from document_import import makes, word_maker

from perfxl.cli.main import main
from perfxl.pipeline.document_intake import examine_document
from perfxl.report_type import catalog

HOME = catalog.home()
NAME = "linxi-gongshanglian-2023"


def inbox(tmp_path, *workbooks):
    folder, output = tmp_path / "收件夹", tmp_path / "发布"
    folder.mkdir()
    (folder / "临西.docx").write_bytes(word_maker.word(makes.original(NAME)))
    for name in workbooks:
        (folder / f"{name}.xlsx").write_bytes((HOME / "examples" / f"{name}.xlsx").read_bytes())
    return folder, output


def batch(folder, output, capsys):
    main(["batch", str(folder), "-o", str(output), "--draft", "--json"])
    return json.loads(capsys.readouterr().out)


def told(output):
    return [json.loads(line) for line in (output / "汇总.jsonl").read_text("utf-8").splitlines()]


def test_a_word_document_becomes_a_document_in_the_uniform_layout(tmp_path, capsys):
    folder, output = inbox(tmp_path)
    before = (folder / "临西.docx").read_bytes()
    batch(folder, output, capsys)
    again, _ = examine_document((output / "临西.docx").read_bytes(), "", HOME)
    first, _ = examine_document(before, "", HOME)
    assert again.record.values == first.record.values
    assert (folder / "临西.docx").read_bytes() == before


def test_it_is_marked_as_such_and_its_findings_name_places_in_it(tmp_path, capsys):
    folder, output = inbox(tmp_path)
    batch(folder, output, capsys)
    text = (output / "汇总.jsonl").read_text("utf-8")
    assert '"W11"' in text
    assert "归入填报表的占 100.0%" in text
    assert "第6行“12月底”" in text


def test_the_document_of_a_workbook_is_no_input(tmp_path, capsys):
    folder, output = inbox(tmp_path, NAME)
    (folder / f"{NAME}.docx").write_bytes((folder / "临西.docx").read_bytes())
    found = batch(folder, output, capsys)
    assert found["workbooks"] == 2
    assert sorted(path.name for path in output.glob("*.docx")) == [f"{NAME}.docx", "临西.docx"]


def test_another_document_is_nobodys_error(tmp_path, capsys):
    folder, output = inbox(tmp_path)
    (folder / "通知.docx").write_bytes(word_maker.document("会议通知", "定于明天开会。"))
    batch(folder, output, capsys)
    assert not (output / "通知.docx").exists()
    assert "W08" in (output / "汇总.jsonl").read_text("utf-8")
    assert '"severity": "error", "message": "认不出' not in (output / "汇总.jsonl").read_text("utf-8")


def test_in_one_folder_the_input_keeps_its_name(tmp_path, capsys):
    folder, _ = inbox(tmp_path)
    before = (folder / "临西.docx").read_bytes()
    batch(folder, folder, capsys)
    assert (folder / "临西.docx").read_bytes() == before
    assert (folder / "临西.统一版式.docx").is_file()
    assert batch(folder, folder, capsys)["workbooks"] == 1
