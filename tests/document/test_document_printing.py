"""Page numbers from an office program, and the estimate that stands in for one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from perfxl.document.contents.toc import numbers
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.printing import fonts, ms_word
from perfxl.document.printing.libreoffice import Office, program
from perfxl.document.printing.page_numbers import Paged, Print, PrintFault, paged, source_of
from perfxl.document.printing.pdf import pages
from perfxl.document.render import render
from perfxl.document.template.context import context

LAYOUTS = ("performance_plan.docx", "performance_plan.plain.docx")


def shown(document: bytes) -> dict[str, int]:
    return numbers(read_parts(document)["word/document.xml"].decode())


class Paper:
    """A printer for tests: says pages, remembers what it was given."""

    source = "word"

    def __init__(self, *answers):
        self.answers = list(answers)
        self.given = []

    def printed(self, document):
        self.given.append(shown(document))
        answer = self.answers[min(len(self.given), len(self.answers)) - 1]
        return Print(b"%PDF", dict(zip(shown(document), answer, strict=False)))


# --- what is done with the answer of any office program ---


def test_other_numbers_are_put_in_after_one_printing(document, plan):
    ours = document(plan)
    printer = Paper([3, 4, 4, 5, 6, 7])
    result = paged(ours, printer, pdf=False)
    assert list(shown(result.document).values()) == [3, 4, 4, 5, 6, 7]
    assert (result.source, result.pdf, source_of(result.document)) == ("word", None, "word")
    assert len(printer.given) == 1
    changed = read_parts(result.document)
    assert [name for name, part in read_parts(ours).items() if changed[name] != part] == [
        "word/document.xml", "docProps/custom.xml",
    ]  # fmt: skip


def test_a_number_with_more_digits_is_looked_at_once_more_and_no_more(document, plan):
    printer = Paper([3, 4, 4, 5, 9, 10], [3, 4, 4, 5, 10, 11], [3, 4, 4, 5, 9, 10])
    result = paged(document(plan), printer, pdf=False)
    assert len(printer.given) == 2
    assert list(printer.given[1].values()) == [3, 4, 4, 5, 9, 10]
    assert list(shown(result.document).values()) == [3, 4, 4, 5, 10, 11]


def test_a_pdf_shows_the_numbers_of_its_document(document, plan):
    ours = document(plan)
    right = Paper(list(shown(ours).values()))
    assert paged(ours, right, pdf=True).pdf == b"%PDF"
    assert len(right.given) == 1
    other = Paper([3, 4, 4, 5, 6, 7])
    paged(ours, other, pdf=True)
    assert [list(each.values()) for each in other.given] == [[3, 4, 4, 4, 5, 6], [3, 4, 4, 5, 6, 7]]


def test_a_heading_that_is_on_no_page_is_a_fault(document, plan):
    with pytest.raises(PrintFault):
        paged(document(plan), Paper([3, 4]), pdf=False)


def test_a_document_without_contents_is_not_printed_for_nothing(template, schema, plan):
    bare = render(template, context(plan, schema), contents=False)
    printer = Paper([])
    assert paged(bare, printer, pdf=False) == Paged(bare, "", None)
    assert printer.given == []
    assert paged(bare, printer, pdf=True).pdf == b"%PDF"


def test_what_is_no_pdf_has_no_pages():
    assert pages(b"") == pages(b"%PDF-1.7 broken") == {}


# --- Word, as far as its documents go ---


def test_word_is_asked_for_pages_and_a_pdf_for_the_archive():
    asked = {}

    class Marks(list):
        ShowHidden = False

    marks = Marks(
        SimpleNamespace(Name=name, Range=SimpleNamespace(Information=lambda kind, page=page: page if kind == 1 else 0))
        for name, page in (("_Toc100000001", 3), ("_GoBack", 1), ("_Toc100000002", 4))
    )
    document = SimpleNamespace(
        Bookmarks=marks, Repaginate=lambda: asked.update(repaginated=True), Close=lambda save: asked.update(saved=save),
        ExportAsFixedFormat=lambda **words: asked.update(words),
    )  # fmt: skip
    application = SimpleNamespace(Documents=SimpleNamespace(Open=lambda *words: asked.update(opened=words) or document))
    found = ms_word.lay_out(application, "a.docx", "a.pdf")
    assert found == {"_Toc100000001": 3, "_Toc100000002": 4}
    assert marks.ShowHidden
    assert (application.Visible, application.DisplayAlerts, application.AutomationSecurity) == (False, 0, 3)
    assert asked["opened"][:3] == ("a.docx", False, True)
    assert (asked["UseISO19005_1"], asked["OutputFileName"], asked["saved"]) == (True, "a.pdf", 0)


def test_word_is_not_here():
    assert not ms_word.available()


# --- fonts ---


def test_a_font_that_is_absent_is_named_with_what_stands_in_for_it(template):
    absent = fonts.absences(template, {"仿宋", "SimHei", "宋体", "Times New Roman"})
    assert fonts.said(absent) == "仿宋_GB2312（用仿宋代替）、楷体_GB2312、方正小标宋简体（用宋体代替）"


# --- LibreOffice ---


@pytest.fixture(scope="module")
def libreoffice():
    found = program()
    if found is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice or pdftotext is not installed on this machine; CI installs both")
    with Office(found, warm=True) as running:
        yield running


def plans(root, wordy):
    for path in sorted((root / "examples").glob("*.json")):
        values = json.loads(path.read_bytes(), parse_float=Decimal)
        if values["document_type"] == "performance_plan":
            yield path.stem, values
    for seed, projects in ((1, 1), (2, 10), (3, 60)):
        yield f"{projects} projects", wordy(seed, projects)


@pytest.mark.office
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_number_is_the_page_on_which_its_heading_stands(root, schema, wordy, libreoffice, layout):
    template = (root / "templates" / layout).read_bytes()
    right = total = 0
    for name, values in plans(root, wordy):
        ours = render(template, context(values, schema))
        result = paged(ours, libreoffice, pdf=True)
        assert result.pdf is not None
        assert shown(result.document) == pages(result.pdf), name
        assert headings(result.pdf) == list(shown(result.document).values()), name
        right += sum(shown(ours)[mark] == page for mark, page in shown(result.document).items())
        total += len(shown(ours))
    assert right >= 0.9 * total, f"the estimate is right {right} times out of {total}"


def headings(pdf: bytes) -> list[int]:
    """The pages of the headings of the first two levels, from the outline of the PDF, which has nothing from us."""
    reader = PdfReader(BytesIO(pdf))

    def walk(items, depth):
        for item in items:
            if isinstance(item, list):
                yield from walk(item, depth + 1)
            elif depth < 2:
                yield reader.get_destination_page_number(item) + 1

    return list(walk(reader.outline, 0))


@pytest.mark.office
def test_the_pdf_is_for_the_archive_and_has_a_title_and_an_outline(document, plan, libreoffice):
    pdf = paged(document(plan), libreoffice, pdf=True).pdf
    assert pdf is not None
    reader = PdfReader(BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "某市某局本级2025年部门预算绩效文本"
    xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert reader.outline
    used = {}
    for page in reader.pages:
        used |= page["/Resources"].get("/Font", {})
    for font in used.values():
        font = font.get_object()
        font = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        described = font["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & described.keys(), font["/BaseFont"]


@pytest.mark.office
def test_the_numbers_stand_on_paper_too(document, plan, libreoffice, tmp_path):
    plan["projects"] = [{**plan["projects"][0], "project_name": "很长的项目名称" * 5}] * 12
    result = paged(document(plan), libreoffice, pdf=True)
    path = tmp_path / "a.pdf"
    path.write_bytes(result.pdf or b"")
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    read = [int(line.rpartition("...")[2]) for line in text.splitlines() if "...." in line]
    assert read == list(shown(result.document).values())


@pytest.mark.office
def test_the_same_document_gets_the_same_bytes_from_a_warm_program_and_a_cold_one(document, plan, libreoffice):
    warm = paged(document(plan), libreoffice, pdf=False)
    found = program()
    assert found
    with Office(found) as cold:
        assert paged(document(plan), cold, pdf=False) == warm


@pytest.mark.office
def test_a_program_that_was_killed_or_hangs_loses_no_document(document, plan):
    found = program()
    if found is None:
        pytest.skip("LibreOffice is not installed on this machine; CI installs it")
    ours = document(plan)
    with Office(found, warm=True, seconds=20) as office:
        wanted = [paged(ours, office, pdf=False) for _ in range(2)][-1]
        assert office._running
        os.killpg(office._running.pid, signal.SIGKILL)
        assert paged(ours, office, pdf=False) == wanted
        office._seconds = 9  # enough for a start on a busy machine
        paged(ours, office, pdf=False)
        os.killpg(office._running.pid, signal.SIGSTOP)
        begun = time.monotonic()
        assert paged(ours, office, pdf=False) == wanted
        assert time.monotonic() - begun < 60
        group, folder = office._running, office._folder
    assert group is None or group.poll() is not None
    assert folder
    assert not folder.exists()


def test_a_program_that_does_nothing_is_a_fault(tmp_path, document, plan):
    for script in ("#!/bin/sh\nexit 0\n", "#!/bin/sh\nsleep 60\n"):
        idle = tmp_path / "soffice"
        idle.write_text(script)
        idle.chmod(0o755)
        with Office(idle, seconds=0.5) as office, pytest.raises(PrintFault):
            office.printed(document(plan))
    with Office(tmp_path / "absent", seconds=0.5) as office, pytest.raises(PrintFault):
        office.printed(document(plan))
