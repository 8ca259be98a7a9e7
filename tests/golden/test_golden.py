"""The documents of the example workbooks against those that are kept: `perfxl report examples/*.xlsx --draft`.

What is compared is XML, part by part, with one element a line. Where it differs, the document lies in
`tests/golden/actual/`. `pytest tests/golden --accept-golden` takes it over, and fails all the same: look at the change
of the outline (`tests/golden/*.md`) before it is committed.
"""

from __future__ import annotations

import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from golden.outline import outline
from lxml import etree
from products import document

from perfxl.document.contents.toc import SOURCE, numbers, renumbered
from perfxl.document.package.properties import with_property
from perfxl.document.printing.printer import Press
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog

HOME = catalog.home()
HERE = Path(__file__).parent
ACTUAL = HERE / "actual"
BODY = "word/document.xml"
NAMES = sorted(path.stem for path in (HOME / "examples").glob("*.xlsx"))


def kept(name: str) -> bytes:
    return (HOME / "examples" / f"{name}.docx").read_bytes()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lined(xml: bytes) -> list[str]:
    """Return canonical XML with one tag or text a line."""
    canonical = etree.tostring(etree.fromstring(xml), method="c14n").decode()
    return canonical.replace("<", "\n<").replace(">", ">\n").split("\n")


def made(name: str) -> bytes:
    examination = examine((HOME / "examples" / f"{name}.xlsx").read_bytes(), name, HOME)
    assert examination.record
    assert examination.report_type
    result, lost = document(examination.record, examination.report_type, draft=True)
    assert lost == []
    return result


@pytest.fixture(scope="module", params=NAMES)
def example(request, accept):
    name = request.param
    ours = made(name)
    if accept:
        with Press() as press:
            finished = press.finish(ours)
        assert finished.source in ("libreoffice", ""), "the kept documents have their page numbers from LibreOffice"
        (HOME / "examples" / f"{name}.docx").write_bytes(finished.document)
        (HERE / f"{name}.md").write_text(outline(parts(finished.document)[BODY]), "utf-8")
        pytest.fail("accepted: look at the change of the outline, then run again without --accept-golden")
    return name, ours


def test_the_document_is_the_kept_one(example):
    name, ours = example
    wanted = parts(kept(name))
    # The kept numbers are LibreOffice's; here they stand where ours stood, since not every machine has it.
    found, kept_numbers = parts(ours), numbers(wanted[BODY].decode())
    assert numbers(found[BODY].decode()).keys() == kept_numbers.keys()
    if kept_numbers:
        found = with_property(found, SOURCE, "libreoffice")
        found[BODY] = renumbered(found[BODY].decode(), kept_numbers).encode()
    different = [part for part in sorted({*wanted, *found}) if wanted.get(part) != found.get(part)]
    if different:
        ACTUAL.mkdir(exist_ok=True)
        (ACTUAL / f"{name}.docx").write_bytes(ours)
        (ACTUAL / f"{name}.md").write_text(outline(found[BODY]), "utf-8")
    for part in different:
        assert lined(found.get(part, b"<absent/>")) == lined(wanted.get(part, b"<absent/>")), part


def test_the_outline_tells_what_is_in_the_document(example):
    name, _ = example
    assert outline(parts(kept(name))[BODY]) == (HERE / f"{name}.md").read_text("utf-8")


@pytest.mark.office
def test_the_page_numbers_are_those_of_libreoffice(example):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine; CI installs it")
    name, ours = example
    with Press() as press:
        finished = press.finish(ours)
    assert numbers(parts(finished.document)[BODY].decode()) == numbers(parts(kept(name))[BODY].decode())
    assert list(parts(finished.document).items()) == list(parts(kept(name)).items())
