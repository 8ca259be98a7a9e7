"""`perfxl verify` of PDFs: the seal of the document is in them, and their paragraphs are those of the document."""

import json
from io import BytesIO

import plans
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from perfxl.cli.main import main
from perfxl.document import origin
from perfxl.document.package.docx_zip import DOCUMENT, read_parts
from perfxl.document.printing import pdf_mark, pdf_paragraphs, pdf_seal
from perfxl.document.printing.libreoffice import Office, program
from perfxl.document.printing.printer import Press
from perfxl.pipeline.examine import examine
from perfxl.pipeline.produce import produce
from perfxl.storage.zip_archive import write_parts
from perfxl.workbook.form.form import write as write_form

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def made(office):
    """A workbook, its document and its PDF."""
    book = write_form(plans.PLAN, plans.valid_plan())
    document = produce(examine(book, "x.xlsx", plans.HOME), draft=True).document
    with Press() as press:
        finished = press.finish(document, pdf=True)
    return book, finished.document, finished.pdf


@pytest.fixture
def verified(capsys, tmp_path, made):
    def verify(pdf, book=made[0]):
        paths = {"x.pdf": pdf, "x.xlsx": book}
        for name, data in paths.items():
            if data is not None:
                (tmp_path / name).write_bytes(data)
        words = [str(tmp_path / name) for name, data in paths.items() if data is not None]
        status = main(["verify", *words, "--json"])
        return status, json.loads(capsys.readouterr().out)

    return verify


def saved(pdf, change=None):
    """The PDF as another program saves it, with a change."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    if change:
        change(writer)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_the_paragraphs_of_a_pdf_are_those_of_its_document(made):
    _, document, pdf = made
    said = pdf_paragraphs.read(pdf)
    assert said.paragraphs == origin.paragraphs(document)
    assert said.asides == []
    assert origin.seal_in(said.seal) == origin.seal_of(document)


def test_a_pdf_is_as_it_was_made_and_made_from_its_workbook(made, verified):
    status, told = verified(made[2])
    assert (status, told["as_made"], told["same_workbook"], told["resaved"]) == (0, True, True, False)
    assert told["origin"]["type_id"] == "performance_plan"
    status, told = verified(made[2], None)
    assert (status, told["as_made"], told["differences"]) == (0, True, [])


def test_the_seal_moves_nothing_and_stays_when_a_program_saves_the_pdf(made, verified):
    status, told = verified(saved(made[2]))
    assert (status, told["as_made"], told["resaved"], told["same_workbook"]) == (0, True, True, True)
    catalog = PdfReader(BytesIO(made[2])).trailer["/Root"]
    assert {"/Metadata", "/OutputIntents", "/StructTreeRoot", "/PieceInfo"} <= set(catalog)
    assert PdfReader(BytesIO(made[2]), strict=True).metadata.title.endswith("绩效文本")


def test_a_pdf_with_other_words_names_the_paragraph_and_with_the_workbook_the_cell(made, verified):
    _, document, _ = made
    wanted = plans.valid_plan()["projects"][0]["indicators"][0]["description"]
    parts = read_parts(document)
    parts[DOCUMENT] = parts[DOCUMENT].replace(f">{wanted}<".encode(), ">手工改过的话<".encode(), 1)
    with Office(program()) as office:
        printed = office.printed(write_parts(parts)).pdf
    changed = pdf_seal.sealed(printed, origin.seal_text(document))
    status, told = verified(changed, None)
    assert (status, told["as_made"]) == (1, False)
    assert [one["document"] for one in told["differences"]] == ["手工改过的话"]
    status, told = verified(changed)
    (difference,) = told["differences"]
    assert status == 1
    assert (difference["document"], difference["workbook"]) == ("手工改过的话", wanted)
    assert difference["cell"].startswith("D")


def test_another_workbook_is_told_by_its_cell(made, verified):
    other = write_form(plans.PLAN, plans.changed({"projects[1].budget_amount": 99.5}))
    status, told = verified(made[2], other)
    (difference,) = told["differences"]
    assert (status, told["as_made"], told["same_workbook"]) == (1, True, False)
    assert (difference["workbook"], difference["sheet"], difference["cell"]) == ("99.50", "项目2", "C5")


def test_words_that_are_written_over_a_page_are_seen(made, verified):
    note = FreeText(text="作废", rect=(50, 550, 200, 650))
    status, told = verified(saved(made[2], lambda writer: writer.add_annotation(page_number=2, annotation=note)))
    assert status == 1
    assert told["added"] == [{"page": 3, "text": "作废"}]


def test_pages_that_were_taken_into_another_pdf_are_compared_with_the_workbook(made, verified, tmp_path, capsys):
    writer = PdfWriter()
    for page in PdfReader(BytesIO(made[2])).pages:
        writer.add_page(page)
    stream = BytesIO()
    writer.write(stream)
    status, told = verified(stream.getvalue())
    assert (status, told["origin"], told["same_content"]) == (0, None, True)
    other = write_form(plans.PLAN, plans.changed({"projects[1].use_of_funds": "用于别的事情，与原来不同。"}))
    status, told = verified(stream.getvalue(), other)
    assert status == 1
    assert [one["workbook"] for one in told["differences"]] == ["用于别的事情，与原来不同。"]
    assert main(["verify", str(tmp_path / "x.pdf")]) == 2
    assert "请把填报表也写上" in capsys.readouterr().err


def test_what_is_no_pdf_is_said(tmp_path, capsys):
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7\nnothing\n%%EOF")
    assert main(["verify", str(tmp_path / "x.pdf")]) == 2
    assert "不能核对" in capsys.readouterr().err


def test_a_pdf_of_an_unusual_build_gets_no_seal(made):
    said = b"<origin/>"
    assert pdf_seal.sealed(b"%PDF-1.7 no end", said) == b"%PDF-1.7 no end"
    assert pdf_seal.sealed(made[2], said) == made[2]


def test_a_pdf_that_another_program_built_gets_the_seal_too(made):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    stream = BytesIO()
    writer.write(stream)
    sealed = pdf_seal.sealed(stream.getvalue(), b"<origin/>")
    assert pdf_paragraphs.read(sealed).seal == b"<origin/>"
    assert pdf_mark.is_as_made(pdf_mark.marked(sealed))
