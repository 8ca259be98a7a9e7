"""A Word document with tracked changes: accepted the new text, rejected the old one, by rule and in LibreOffice."""

import copy
import zipfile
from io import BytesIO
from pathlib import Path

import plans
import pytest
from lxml import etree
from pipeline.comparison.versions import rewritten, varied, word

from perfxl.document.audit import paragraphs
from perfxl.pipeline.comparison.tracked_changes import tracked
from perfxl.report_type import catalog

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
EXAMPLES = catalog.home() / "examples"


def texts(document):
    return [line for line in paragraphs(document) if line.strip()]


def decided(document, *, accepted):
    """The texts of the body after all changes are accepted or rejected, by the rules of ECMA-376 (17.13.5)."""
    with zipfile.ZipFile(BytesIO(document)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    goes, stays = (W + "del", W + "ins") if accepted else (W + "ins", W + "del")
    lines, pending = [], ""
    gone_rows = {row for row in root.iter(W + "tr") if row.find(f"{W}trPr/{goes}") is not None}
    for paragraph in root.iter(W + "p"):
        if any(row in gone_rows for row in paragraph.iterancestors(W + "tr")):
            continue
        for piece in paragraph.iter(W + "t", W + "delText", W + "tab", W + "br"):
            changes = {each.tag for each in piece.iterancestors(W + "ins", W + "del")}
            if goes in changes or next(piece.iterancestors(W + "pPr"), None) is not None:
                continue
            if piece.tag in (W + "t", W + "delText"):
                assert (piece.tag == W + "delText") == (W + "del" in changes), etree.tostring(paragraph)
            pending += {W + "tab": "\t", W + "br": "\n"}.get(piece.tag, piece.text or "")
        if paragraph.find(f"{W}pPr/{W}rPr/{goes}") is None:
            lines.append(pending)
            pending = ""
    assert pending == "", "the last paragraph's end cannot go"
    assert stays != goes
    return [line for line in lines if line.strip()]


def body(document):
    """The texts of a document's body, those of 目录 included."""
    return decided(document, accepted=True)


def without_numbers(lines):
    """Lines without the page numbers of 目录, which are always those of the new version."""
    return [line.rpartition("\t")[0] if line.rpartition("\t")[2].isdigit() else line for line in lines]


@pytest.mark.parametrize("seed", range(50))
def test_accepted_it_is_the_new_text_and_rejected_the_old_one(seed):
    old, new, _ = varied(seed)
    before, after = word(old), word(new)
    result = tracked(before, after)
    assert decided(result, accepted=True) == body(after)
    assert without_numbers(decided(result, accepted=False)) == without_numbers(body(before))


@pytest.mark.parametrize("pair", [("beidaihe-gongshanglian-2021", "tangshan-gongshanglian-2025")])
def test_documents_that_have_little_in_common_are_no_trouble(pair):
    before, after = ((EXAMPLES / f"{name}.docx").read_bytes() for name in pair)
    result = tracked(before, after)
    assert decided(result, accepted=True) == body(after)
    assert without_numbers(decided(result, accepted=False)) == without_numbers(body(before))


def test_a_document_beside_itself_has_no_changes():
    document = word(plans.valid_plan())
    with zipfile.ZipFile(BytesIO(tracked(document, document))) as archive:
        assert b"<w:ins " not in archive.read("word/document.xml")


def test_a_word_that_changed_is_the_only_change():
    old = plans.valid_plan()
    new = copy.deepcopy(old)
    new["projects"][0]["budget_amount"] = 99.5
    with zipfile.ZipFile(BytesIO(tracked(word(old), word(new)))) as archive:
        xml = archive.read("word/document.xml").decode()
    assert (xml.count("<w:ins "), xml.count("<w:del ")) == (1, 1)
    assert ">36.00</w:delText>" in xml


def test_what_was_tracked_before_counts_as_accepted():
    old, new, _ = varied(1)
    once = tracked(word(old), word(new))
    again = tracked(once, word(new))
    with zipfile.ZipFile(BytesIO(again)) as archive:
        assert b"<w:ins " not in archive.read("word/document.xml")


@pytest.mark.office
@pytest.mark.parametrize(
    "versions", [varied(0)[:2], varied(3)[:2], varied(7)[:2], rewritten(), rewritten()[::-1]],
    ids=["0", "3", "7", "rewritten", "rewritten back"],
)  # fmt: skip
def test_libreoffice_accepts_and_rejects_it_as_word_does(office, versions):
    before, after = map(word, versions)
    result = tracked(before, after)
    for command, wanted in (("AcceptAllTrackedChanges", after), ("RejectAllTrackedChanges", before)):
        saved = office.decided(result, f".uno:{command}")
        # It shows each line of 目录 with its tab, and in the footer the number of a page.
        kept = [line for line in texts(saved) if "\t" not in line and not line.startswith("— ")]
        assert kept == [line for line in texts(wanted) if not line.startswith("— ")]


def test_what_is_no_document_is_said(tmp_path: Path):
    with pytest.raises(ValueError, match=r"\.docx"):
        tracked(b"x", word(plans.valid_plan()))
