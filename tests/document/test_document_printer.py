"""Page numbers and PDF at the doors: `report --contents`, `report --pdf`, `doctor`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from perfxl.cli.main import main
from perfxl.document.contents.toc import numbers
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.printing import printer
from perfxl.document.printing.libreoffice import program
from perfxl.document.printing.page_numbers import source_of
from perfxl.interfaces import machine_check
from perfxl.report_type import catalog

HOME = catalog.home()
EXAMPLE = HOME / "examples" / "linxi-gongshanglian-2023.xlsx"


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "表.xlsx"
    shutil.copyfile(EXAMPLE, path)
    return path


@pytest.fixture
def no_office(monkeypatch):
    monkeypatch.setattr(printer, "program", lambda: None)


@pytest.fixture
def broken_office(monkeypatch, tmp_path):
    """An office program that does nothing at all."""
    idle = tmp_path / "soffice"
    idle.write_text("#!/bin/sh\nexit 0\n")
    idle.chmod(0o755)
    monkeypatch.setattr(printer, "program", lambda: idle)


def body(path: Path) -> str:
    return read_parts(path.read_bytes())["word/document.xml"].decode()


@pytest.mark.usefixtures("no_office")
def test_without_an_office_program_the_numbers_are_estimated_and_a_note_says_so(book, capsys):
    assert main(["report", str(book), "--draft"]) == 0
    assert "目录的页码是估算的（本机没有找到 LibreOffice 或 Word）" in capsys.readouterr().out
    assert source_of(book.with_suffix(".docx").read_bytes()) == "estimate"
    assert list(numbers(body(book.with_suffix(".docx"))).values()) == [3, 4, 5, 6, 7, 8, 9, 10]


@pytest.mark.usefixtures("no_office")
def test_an_estimate_that_was_asked_for_needs_no_note(book, capsys):
    assert main(["report", str(book), "--draft", "--contents", "estimate", "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["contents"], summary["pdf"], summary["notes"]) == ("estimate", None, [])


@pytest.mark.usefixtures("no_office")
def test_a_pdf_without_an_office_program_is_a_sentence_and_status_3(book, capsys):
    assert main(["report", str(book), "--draft", "--pdf"]) == 3
    assert "没有生成 PDF：本机没有找到 LibreOffice 或 Word" in capsys.readouterr().err
    assert book.with_suffix(".docx").exists()
    assert not book.with_suffix(".pdf").exists()


@pytest.mark.usefixtures("broken_office")
def test_a_program_that_fails_loses_no_document(book, capsys):
    assert main(["report", str(book), "--draft"]) == 0
    assert "目录的页码是估算的（LibreOffice 没有转换出 PDF）" in capsys.readouterr().out
    assert source_of(book.with_suffix(".docx").read_bytes()) == "estimate"


def test_no_contents_when_none_are_wanted(book):
    assert main(["report", str(book), "--draft", "--contents", "off"]) == 0
    assert "目　录" not in body(book.with_suffix(".docx"))


def test_the_profile_chooses_the_look(book):
    (book.parent / "plain.json").write_text('{"layout": "plain"}', "utf-8")
    profile = str(book.parent / "plain.json")
    assert main(["report", str(book), "--draft", "--contents", "estimate", "--profile", profile]) == 0
    assert 'w:left="1276"' in body(book.with_suffix(".docx"))


@pytest.mark.office
def test_the_numbers_come_from_the_program_that_is_there(book, capsys):
    if program() is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine; CI installs it")
    assert main(["report", str(book), "--draft", "--pdf", "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["contents"] == "libreoffice"
    assert Path(summary["pdf"]).read_bytes().startswith(b"%PDF-")


def test_doctor_looks_at_programs_fonts_and_rights(capsys, tmp_path):
    assert main(["doctor", "--json"]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)] == ["office", "fonts", "rights"]
    found = machine_check.symptoms(tmp_path / "absent", [])
    assert not found[-1].well
    assert "不能写入" in machine_check.text(found)
