"""Nothing of others is written over: whoever made a file, or changed or saved ours since, keeps it at every door."""

import json
import shutil
import zipfile
from io import BytesIO

import plans
import pytest

from perfxl.cli.main import main
from perfxl.document.origin import is_as_made
from perfxl.document.package.docx_zip import DOCUMENT, read_parts
from perfxl.document.printing import pdf_mark
from perfxl.pipeline.examine import examine
from perfxl.pipeline.placing import place
from perfxl.pipeline.produce import produce
from perfxl.storage.zip_archive import write_parts
from perfxl.workbook.form import findings_workbook

FOREIGN = b"a document of somebody else"


@pytest.fixture(scope="module")
def document():
    return produce(examine(plans.book({}), "x", plans.HOME)).document


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "年度报告.xlsx"
    path.write_bytes(plans.book({}))
    return path


def drop(book):
    return main(["drop", "--quiet", str(book)])


def watch(book):
    return main(["watch", "--once", str(book.parent)])


def click(book):
    return main(["click", str(book), "--result", str(book.parent / "answer")])


def report(book):
    return main(["report", str(book), "--contents", "estimate"])


DOORS = [drop, watch, click, report]


def text_changed(document):
    parts = read_parts(document)
    return write_parts({**parts, DOCUMENT: parts[DOCUMENT].replace("培训".encode(), "培 训".encode(), 1)})


def looks_changed(document):
    parts = read_parts(document)
    return write_parts({**parts, DOCUMENT: parts[DOCUMENT].replace(b"<w:rPr>", b"<w:rPr><w:b/>", 1)})


def style_changed(document):
    parts = read_parts(document)
    return write_parts({**parts, "word/styles.xml": parts["word/styles.xml"] + b" "})


def part_added(document):
    return write_parts({**read_parts(document), "word/media/seal.png": b"x"})


def packed_anew(document):
    """As a program leaves it that has saved every part as it was."""
    result = BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as archive:
        for name, part in read_parts(document).items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 2, 3, 4, 6)), part)
    return result.getvalue()


CHANGES = [text_changed, looks_changed, style_changed, part_added, packed_anew]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("change", [lambda _: FOREIGN, *CHANGES])
def test_a_document_of_others_stays_and_ours_gets_another_name(book, document, door, change, capsys):
    there = book.with_suffix(".docx")
    there.write_bytes(change(document))
    assert door(book) == 0
    assert there.read_bytes() == change(document)
    ours = there.with_name("年度报告（新生成）.docx")
    assert is_as_made(ours.read_bytes())
    if door is click:
        answer = (book.parent / "answer").read_text("ascii").encode().decode("unicode_escape")
    else:
        answer = capsys.readouterr().out
    assert "“年度报告.docx”不是本程序生成的，或者生成以后被人改过" in answer
    assert "这次的存成“年度报告（新生成）.docx”" in answer


@pytest.mark.parametrize("door", DOORS)
def test_a_document_that_nobody_has_touched_is_made_anew(book, document, door):
    there = book.with_suffix(".docx")
    there.write_bytes(produce(examine(plans.book({"unit_name": "旧单位"}), "x", plans.HOME)).document)
    assert door(book) == 0
    assert "旧单位".encode() not in read_parts(there.read_bytes())[DOCUMENT]
    assert [path.name for path in book.parent.glob("*.docx")] == ["年度报告.docx"]


@pytest.mark.parametrize("door", DOORS)
def test_again_and_again_there_is_one_document_of_ours_beside_that_of_others(book, door):
    book.with_suffix(".docx").write_bytes(FOREIGN)
    for name in ("某单位", "另一个单位"):
        book.write_bytes(plans.book({"unit_name": name}))
        assert door(book) == 0
    assert sorted(path.name for path in book.parent.glob("*.docx")) == ["年度报告.docx", "年度报告（新生成）.docx"]
    ours = book.with_name("年度报告（新生成）.docx")
    assert "另一个单位".encode() in read_parts(ours.read_bytes())[DOCUMENT]


@pytest.mark.parametrize("door", DOORS)
def test_a_link_is_not_followed_and_not_replaced(book, tmp_path_factory, document, door):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "x.docx"
    elsewhere.write_bytes(document)
    book.with_suffix(".docx").symlink_to(elsewhere)
    assert door(book) == 0
    assert book.with_suffix(".docx").is_symlink()
    assert elsewhere.read_bytes() == document
    assert book.with_name("年度报告（新生成）.docx").is_file()


def test_who_asks_for_it_gets_the_document_of_others_replaced(book, tmp_path, capsys):
    book.with_suffix(".docx").write_bytes(FOREIGN)
    assert main(["report", str(book), "--contents", "off", "--force", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["document"], told["notes"]) == (str(book.with_suffix(".docx")), [])
    assert is_as_made(book.with_suffix(".docx").read_bytes())


def test_programs_are_told_where_the_document_is(book, capsys):
    book.with_suffix(".docx").write_bytes(FOREIGN)
    assert main(["report", str(book), "--contents", "off", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["document"] == str(book.with_name("年度报告（新生成）.docx"))
    assert len(told["notes"]) == 1


def test_two_workbooks_of_one_name_do_not_share_a_document(book, tmp_path, capsys):
    other = tmp_path / "另一处" / book.name
    other.parent.mkdir()
    other.write_bytes(plans.book({"unit_name": "另一个单位"}))
    assert main(["report", str(book), str(other), "-o", str(tmp_path / "out"), "--contents", "off"]) == 0
    said = capsys.readouterr().out
    assert "“年度报告.docx”是这次用另一份填报表生成的，没有动它；这次的存成“年度报告（新生成）.docx”。" in said
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["年度报告.docx", "年度报告（新生成）.docx"]


def test_findings_that_somebody_has_worked_on_stay(book, capsys):
    watch(book)
    opinion = book.with_name("年度报告.检查意见.xlsx")
    with zipfile.ZipFile(opinion, "a") as archive:
        archive.writestr("xl/comments1.xml", "a remark")
    noted = opinion.read_bytes()
    book.write_bytes(plans.book({"unit_name": "另一个单位"}))
    capsys.readouterr()
    assert watch(book) == 0
    assert opinion.read_bytes() == noted
    said = capsys.readouterr().out
    assert "“年度报告.检查意见.xlsx”不是本程序生成的" in said
    assert findings_workbook.is_as_made(book.with_name("年度报告（新生成）.检查意见.xlsx").read_bytes())
    watch(book)
    assert capsys.readouterr().out == ""


def test_a_document_may_stand_in_the_way_any_number_of_times(tmp_path):
    wanted = tmp_path / "x.docx"
    for name in ("x.docx", "x（新生成）.docx", "x（新生成2）.docx"):
        (tmp_path / name).write_bytes(FOREIGN)
    assert place(wanted).path.name == "x（新生成3）.docx"


def test_a_blank_form_never_replaces_a_workbook_that_nobody_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    filled = tmp_path / "部门预算绩效文本.xlsx"
    filled.write_bytes(b"months of work")
    assert main(["new", "performance_plan"]) == 2
    assert filled.read_bytes() == b"months of work"
    assert "已经有“部门预算绩效文本.xlsx”" in capsys.readouterr().err


def test_every_document_of_ours_is_known_and_no_changed_one(document):
    assert is_as_made(document)
    assert not is_as_made(document[:-1])
    assert not is_as_made(b"")
    assert not is_as_made(FOREIGN)
    for at in range(0, len(document), 97):
        assert not is_as_made(document[:at] + bytes([document[at] ^ 1]) + document[at + 1 :])


def test_a_pdf_says_itself_that_it_is_as_handed_out():
    pdf = b"%PDF-1.7\nbody\ntrailer<</Size 1>>\nstartxref\n9\n%%EOF\n"
    ours = pdf_mark.marked(pdf)
    assert ours.index(b"startxref") > pdf.index(b"startxref")
    assert ours.startswith(pdf[: pdf.index(b"startxref")])
    assert pdf_mark.is_as_made(ours)
    assert not pdf_mark.is_as_made(pdf)
    assert not pdf_mark.is_as_made(ours.replace(b"body", b"bodY"))
    assert not pdf_mark.is_as_made(ours + b"\n")
    assert pdf_mark.marked(b"no end") == b"no end"


@pytest.mark.office
def test_a_document_and_a_pdf_from_the_office_program_are_known_again(book, capsys, office):
    words = ["report", str(book), "--pdf", "--json"]
    for _ in range(2):
        assert main(words) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["document"], told["pdf"]) == tuple(str(book.with_suffix(end)) for end in (".docx", ".pdf"))
    pdf = book.with_suffix(".pdf")
    changed = pdf.read_bytes().replace(b"/Pages", b"/Pagez", 1)
    pdf.write_bytes(changed)
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["pdf"] == str(book.with_name("年度报告（新生成）.pdf"))
    assert pdf.read_bytes() == changed
    checker = shutil.which("pdfinfo")
    if checker is not None:
        import subprocess

        ours = book.with_name("年度报告（新生成）.pdf")
        assert subprocess.run([checker, ours], capture_output=True, check=False).stderr == b""
