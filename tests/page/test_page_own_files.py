"""What people drop besides workbooks: types and rules of their office, and Word documents of former years."""

import json
import zipfile

import pytest
from plans import HOME, book
from test_page import SHOWN, check, codes, parts, state, written

from perfxl.pipeline.document_file import examine_document_file
from perfxl.pipeline.examine import examine
from perfxl.pipeline.produce import produce
from perfxl.report_type import catalog
from perfxl.workbook.form import form

pytestmark = pytest.mark.office

NOTES = HOME / "tests" / "types"
TYPE = ("schemas/meeting_notes.schema.json", "templates/meeting_notes.docx")
SAID = "#own-said li"


def minutes(tmp_path):
    """A filled form of a type that does not come with perfxl."""
    path = tmp_path / "纪要.xlsx"
    values = {"topic": "例会", "decisions": [{"text": "同意", "kind": "同意"}]}
    path.write_bytes(form.write(catalog.load(NOTES, "meeting_notes"), values))
    return path


def choose(page, *paths):
    page.choose(selector="#files", files=[str(path) for path in paths])


def test_a_type_of_an_office_is_used_until_the_page_is_closed(opened, tmp_path):
    path = minutes(tmp_path)
    check(opened, path)
    assert state(opened) == "unread"
    packed = tmp_path / "文种.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in TYPE:
            archive.write(NOTES / name, f"文种/{name}")
    choose(opened, packed)
    opened.wait(selector=SAID)
    assert opened.texts(selector=SAID) == ["已加入文种“会议纪要”，只在这次打开的页面里用，关掉页面就没有了。"]
    # The workbook that could not be read is looked at once more.
    opened.wait(selector=f"{SHOWN}[data-state=done]")
    opened.download(selector="[data-kind=document]", path=str(tmp_path / "made.docx"))
    expected = produce(examine(path.read_bytes(), path.name, NOTES)).document
    assert parts((tmp_path / "made.docx").read_bytes()) == parts(expected)
    assert opened.axe() == []
    opened.click(selector="#tab-new")
    opened.select(selector="#type", value="meeting_notes")
    assert opened.download(selector="#blank button", path=str(tmp_path / "blank.xlsx")) == "会议纪要填报表.xlsx"
    opened.click(selector="#tab-check")
    opened.click(selector="#own-away")
    opened.wait(selector=f"{SHOWN}[data-state=unread]")
    assert "meeting_notes" not in opened.evaluate(
        expression="[...document.querySelectorAll('#type option')].map((o) => o.value)"
    )


def test_a_type_outlives_a_batch_that_was_stopped(opened, tmp_path):
    choose(opened, *(NOTES / name for name in TYPE))
    opened.wait(selector=SAID)
    many = []
    for number in range(40):
        many.append(tmp_path / f"{number}.xlsx")
        many[-1].write_bytes(book({}))
    choose(opened, *many)
    opened.wait(selector="#progress")
    opened.click(selector="#stop")
    opened.wait(selector="text=已停止")
    check(opened, minutes(tmp_path))
    assert state(opened) == "done"


def test_rules_and_types_that_are_broken_get_a_sentence_and_the_page_goes_on(opened, tmp_path):
    rules = tmp_path / "本局.json"
    rules.write_text(json.dumps({"limitz": {}}), "utf-8")
    broken = tmp_path / "x.schema.json"
    broken.write_text("{", "utf-8")
    plan = written(tmp_path, "计划.xlsx", {"projects[0].budget_amount": 99})
    choose(opened, rules, broken, plan)
    opened.wait(selector=SHOWN)
    said = opened.texts(selector=f"{SAID}.wrong")
    assert len(said) == 2
    assert any("是不是“limits”" in text for text in said)
    assert any("第1行第2列" in text for text in said)
    assert "M01" in [code for _, _, code in codes(opened)]
    rules.write_text(json.dumps({"title": "本局", "rules": {"M01": "off"}}), "utf-8")
    opened.evaluate(expression="document.getElementById('result').replaceChildren()")
    choose(opened, rules)
    opened.wait(selector=SHOWN)
    assert "M01" not in [code for _, _, code in codes(opened)]


def test_a_word_document_of_a_former_year_is_checked_and_becomes_a_form(opened, tmp_path):
    path = HOME / "examples" / "tangshan-gongshanglian-2025.docx"
    check(opened, path)
    examination, intake = examine_document_file(path, HOME)
    assert {code for _, _, code in codes(opened)} == {finding.code for finding in examination.findings}
    opened.download(selector="[data-kind=form]", path=str(tmp_path / "form.xlsx"))
    assert parts((tmp_path / "form.xlsx").read_bytes()) == parts(intake.workbook)


def test_documents_of_every_kind_in_a_folder_get_their_line(opened, tmp_path):
    files = {
        "计划.xlsx": book({}),
        "去年.docx": (HOME / "examples" / "linxi-gongshanglian-2023.docx").read_bytes(),
        "旧.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(2000),
        "旧.rtf": b"{\\rtf1 x}",
        "扫描.pdf": b"%PDF-1.4 x",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        check(opened, tmp_path / name)
        assert "程序出错" not in "".join(opened.texts(selector="#result"))
    check(opened, *(tmp_path / name for name in files))
    rows = opened.texts(selector="#result tbody tr")
    assert any("去年.docx" in row for row in rows)
    assert [row for row in rows if "程序出错" in row] == []
