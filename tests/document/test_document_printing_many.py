"""Many documents through one office program: in order, each once, and the one that hangs is found."""

from __future__ import annotations

import pytest

from perfxl.document.contents.toc import numbers
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.printing import libreoffice_profile, pdf
from perfxl.document.printing.libreoffice import GIVEN_UP, Office, program
from perfxl.document.printing.page_numbers import PrintFault
from perfxl.document.printing.printer import Press
from perfxl.storage.zip_archive import write_parts

# Converts what it is given, in order, as LibreOffice does; words in the documents tell it what to do.
_SCRIPT = """#!/bin/sh
out=""; before=""
for word in "$@"; do [ "$before" = --outdir ] && out="$word"; before="$word"; done
echo "$@" >> "{log}"
for word in "$@"; do
  case "$word" in *.docx)
    if grep -q HANG "$word"; then sleep 60; fi
    if grep -q CRASH "$word"; then exit 1; fi
    if grep -q SKIP "$word"; then continue; fi
    name=$(basename "$word" .docx)
    printf '%%PDF-1.7\\n' > "$out/$name.pdf"; cat "$word" >> "$out/$name.pdf"; printf '\\n%%%%EOF' >> "$out/$name.pdf"
  esac
done
"""


@pytest.fixture
def office(tmp_path):
    """An office program that does what the documents say, and the calls that it had."""
    script = tmp_path / "soffice"
    log = tmp_path / "log"
    script.write_text(_SCRIPT.format(log=log))
    script.chmod(0o755)
    with Office(script, seconds=4) as program:
        program.log = log
        yield program


def told(result):
    return "fault" if isinstance(result, PrintFault) else result.pdf.split(b"\n")[1].decode()


def named(count, **special):
    return [special.get(f"n{number}", f"number {number}").encode() for number in range(count)]


def test_the_papers_come_in_the_order_of_the_documents(office):
    assert [told(result) for result in office.printing(named(20))] == [f"number {number}" for number in range(20)]
    assert len(office.log.read_text().splitlines()) < 20


@pytest.mark.parametrize("trouble", ["HANG", "CRASH", "SKIP"])
@pytest.mark.parametrize("at", [0, 5, 11])
def test_one_that_fails_is_found_and_tried_once_more_by_itself(office, trouble, at):
    found = [told(result) for result in office.printing(named(12, **{f"n{at}": trouble}))]
    assert found == ["fault" if number == at else f"number {number}" for number in range(12)]
    alone = [line for line in office.log.read_text().splitlines() if line.endswith("/document.docx")]
    assert len(alone) == 1


def test_a_program_that_always_fails_is_given_up_after_three(office):
    found = list(office.printing(named(9, **{f"n{number}": "CRASH" for number in range(9)})))
    assert [str(fault) == GIVEN_UP for fault in found] == [False] * 3 + [True] * 6


def test_documents_are_made_while_others_are_printed(office):
    made = []

    def documents():
        for document in named(30):
            made.append(document)
            yield document

    printing = office.printing(documents())
    next(printing)
    assert 0 < len(made) < 30
    assert len([*printing]) == 29


@pytest.mark.office
def test_real_documents_are_printed_once_where_the_estimate_is_right(document, plan, monkeypatch):
    if program() is None:
        pytest.skip("LibreOffice is not installed on this machine; CI installs it")
    given: list[str] = []
    launched = Office._launched

    def noted(self, *words):
        given.extend(word for word in words if word.endswith(".docx"))
        return launched(self, *words)

    monkeypatch.setattr(Office, "_launched", noted)
    ours = [document({**plan, "unit_name": f"第{number}局"}) for number in range(5)]
    wrong = read_parts(ours[2])
    xml = wrong["word/document.xml"].decode()
    first = next(iter(numbers(xml).values()))
    wrong["word/document.xml"] = xml.replace(f"<w:t>{first}</w:t>", f"<w:t>{first + 5}</w:t>", 1).encode()
    ours[2] = write_parts(wrong)
    with Press(warm=True) as press:
        finished = press.finish_all(iter(ours), pdf=True)
        alone = press.finish(ours[0], pdf=True)
    assert len(given) == len(ours) + 1 + 1
    assert [one.source for one in finished] == ["libreoffice"] * 5
    assert finished[0].document == alone.document
    for one in finished:
        shown = numbers(read_parts(one.document)["word/document.xml"].decode())
        assert pdf.pages(one.pdf) == shown


@pytest.mark.office
def test_the_short_way_through_a_pdf_finds_what_the_library_finds(document, plan, monkeypatch):
    found = program()
    if found is None:
        pytest.skip("LibreOffice is not installed on this machine; CI installs it")
    with Office(found) as office:
        paper = office.printed(document(plan))
    quick = pdf._as_libreoffice_writes(paper.pdf)
    assert quick
    monkeypatch.setattr(pdf, "_as_libreoffice_writes", lambda _pdf: None)
    assert pdf.pages(paper.pdf) == quick
    assert pdf.pages(b"%PDF-1.7\nno pdf\n%%EOF") == {}


def test_a_damaged_pdf_has_no_short_way():
    for damaged in (
        b"",
        b"%PDF",
        b"xref\n0 2\nstartxref\n0\n%%EOF",
        b"xref\n0 1\n" + b"0" * 20 + b"/Root 9 0 R startxref\n0\n%%EOF",
    ):
        assert pdf._as_libreoffice_writes(damaged) is None


def test_a_profile_is_kept_and_forgotten(tmp_path, monkeypatch):
    monkeypatch.setenv("PERFXL_CACHE", str(tmp_path / "cache"))
    ours = tmp_path / "profile"
    (ours / "user").mkdir(parents=True)
    (ours / "user" / "settings.xcu").write_text("x")
    (ours / ".lock").write_text("x")
    program_file = tmp_path / "soffice"
    program_file.write_text("x")
    libreoffice_profile.keep(ours, program_file)
    assert libreoffice_profile.restore(tmp_path / "new", program_file)
    assert sorted(path.name for path in (tmp_path / "new").rglob("*")) == ["settings.xcu", "user"]
    libreoffice_profile.forget(program_file)
    assert not libreoffice_profile.restore(tmp_path / "another", program_file)
