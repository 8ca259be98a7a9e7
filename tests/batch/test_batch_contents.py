"""Page numbers and PDFs of many documents: asked for or not, made once, lost never."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from batch_files import documents

from perfxl.batch import ledger as ledgers
from perfxl.batch import worker
from perfxl.cli.main import main
from perfxl.document.contents.toc import numbers
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.printing import printer
from perfxl.document.printing.libreoffice import Office, program
from perfxl.document.printing.page_numbers import source_of

DOCUMENTS = ["乡镇/第3局", "乡镇/第4局", "城区/第1局", "城区/第2局"]

office = pytest.mark.office


@pytest.fixture
def real():
    if program() is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine; CI installs it")


@pytest.fixture
def stand_in(monkeypatch, tmp_path):
    """Lines of a shell script → it stands in for the office program."""

    def install(lines):
        path = tmp_path / "soffice"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o755)
        monkeypatch.setattr(printer, "program", lambda: path)

    return install


@pytest.fixture
def sources(output):
    """Where the numbers of each document come from, by the documents themselves."""

    def told():
        found = documents(output)
        return {str(path.relative_to(output).with_suffix("")): source_of(path.read_bytes()) for path in found}

    return told


@pytest.fixture
def short():
    """A folder for what is temporary: the names of sockets in it may not be long."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def all_from(source):
    return dict.fromkeys(DOCUMENTS, source)


def pdfs(output):
    found = [path.relative_to(output) for path in sorted(output.rglob("*.pdf"))]
    return [str(path.with_suffix("")) for path in found if ".perfxl" not in path.parts]


@office
@pytest.mark.usefixtures("real")
def test_auto_gives_the_numbers_of_libreoffice_once(county, output, batch, sources, tree):
    report = batch(county, contents="auto", jobs=2)
    assert (report.result.done, sources()) == (4, all_from("libreoffice"))
    before = tree(output)
    assert batch(county, contents="auto").result.done == 0
    # Numbers that are better than what is asked for stay.
    assert batch(county).result.done == 0
    assert tree(output) == before


@office
@pytest.mark.usefixtures("real")
def test_auto_redoes_what_was_estimated_and_nothing_else(county, output, batch, sources, unit):
    assert (batch(county).result.done, sources()) == (4, all_from("estimate"))
    assert (batch(county, contents="auto").result.done, sources()) == (4, all_from("libreoffice"))
    assert batch(county, contents="auto").result.done == 0
    (county / "城区" / "第2局.xlsx").write_bytes(unit(5))
    batch(county)
    assert sources() == {**all_from("libreoffice"), "城区/第2局": "estimate"}
    assert (batch(county, contents="auto").result.done, sources()) == (1, all_from("libreoffice"))


@office
@pytest.mark.usefixtures("real")
def test_a_pdf_stands_beside_each_document_and_is_made_again_when_deleted(county, output, batch, sources):
    assert batch(county, pdf=True, jobs=2).status < 2
    assert (pdfs(output), sources()) == (DOCUMENTS, all_from("libreoffice"))
    assert all(path.read_bytes().startswith(b"%PDF-") for path in output.rglob("*.pdf"))
    assert batch(county, pdf=True).result.done == 0
    (output / "城区" / "第1局.pdf").unlink()
    assert batch(county).result.done == 0
    assert batch(county, pdf=True).result.done == 1
    assert pdfs(output) == DOCUMENTS


@office
@pytest.mark.usefixtures("real")
def test_the_summaries_say_where_page_numbers_come_from_and_lead_to_the_pdf(county, output, batch):
    batch(county)
    assert told(output) == [("估算", None)] * 4
    batch(county, contents="auto", pdf=True)
    assert told(output) == [("LibreOffice", f"{name}.pdf") for name in DOCUMENTS]
    lines = [json.loads(line) for line in (output / "汇总.jsonl").read_text("utf-8").splitlines()]
    assert [(line["contents"], line["pdf"]) for line in lines] == [("libreoffice", f"{name}.pdf") for name in DOCUMENTS]
    page = (output / "汇总.html").read_text("utf-8")
    cards = json.loads(re.search(r'<script id="entries"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    assert [tuple(card[7:9]) for card in cards] == [(f"{name}.pdf", "LibreOffice") for name in DOCUMENTS]


def told(output):
    """What 汇总.xlsx says of page numbers and PDFs, unit by unit."""
    sheet = openpyxl.load_workbook(output / "汇总.xlsx")["单位"]
    links = [(row[11].value, row[12].value) for row in sheet.iter_rows(min_row=2)]
    return [(source, link and link.rpartition(',"')[2].removesuffix('")')) for source, link in links]


@office
@pytest.mark.usefixtures("real")
def test_a_pdf_of_an_older_document_is_said_and_then_made_again(county, output, batch, unit):
    batch(county, pdf=True)
    (county / "城区" / "第2局.xlsx").write_bytes(unit(5))
    (note,) = batch(county).result.notes
    assert note.startswith("城区/第2局.pdf：文档已经更新，PDF 还是以前的")
    assert batch(county, pdf=True).result.done == 1
    assert batch(county).result.notes == []


@office
@pytest.mark.usefixtures("real")
def test_a_pdf_of_somebody_else_is_never_overwritten(county, output, batch, notices):
    (output / "城区").mkdir(parents=True)
    scan = output / "城区" / "第1局.pdf"
    scan.write_bytes(b"%PDF-scanned")
    for _ in range(2):
        batch(county, pdf=True)
        assert (scan.read_bytes(), notices()) == (b"%PDF-scanned", [("B04", "城区/第1局.xlsx")])
    batch(county, pdf=True, force=True)
    assert (len(scan.read_bytes()) > 1000, notices()) == (True, [])


@office
@pytest.mark.usefixtures("real")
def test_a_kill_between_a_document_and_its_pdf_is_made_good(county, output, batch, tree, monkeypatch):
    def killed(_paper, _number):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("perfxl.batch.pdf_and_page_numbers.Paper.place", killed)
        with pytest.raises(KeyboardInterrupt):
            batch(county, pdf=True, jobs=1)
    assert pdfs(output) == []
    batch(county, pdf=True)
    assert pdfs(output) == DOCUMENTS
    assert list((output / ".perfxl" / "parts").iterdir()) == []


@office
@pytest.mark.usefixtures("real")
def test_an_office_that_is_killed_again_and_again_loses_no_document(county, output, batch, sources, monkeypatch):
    kills = []
    launched = Office._launched

    def shot(self, *words):
        process = launched(self, *words)
        if len(kills) < 3 and "--convert-to" in words:
            kills.append(process.pid)
            threading.Timer(0.1, end, [process.pid]).start()
        return process

    def end(group):
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)

    monkeypatch.setattr(Office, "_launched", shot)
    report = batch(county, contents="auto", jobs=1)
    assert (len(kills), report.result.done, sorted(sources())) == (3, 4, DOCUMENTS)
    batch(county, contents="auto", jobs=1)
    assert sources() == all_from("libreoffice")


def test_an_office_that_hangs_loses_no_document(county, batch, sources, stand_in, monkeypatch):
    stand_in("sleep 60")
    monkeypatch.setattr(worker, "_SECONDS", 0.2)
    report = batch(county, contents="auto", jobs=1)
    assert (report.result.done, sources(), report.status < 2) == (4, all_from("estimate"), True)
    hung, given_up = report.result.notes[:2]
    assert "等 3 份：目录的页码是估算的（LibreOffice 在0.2秒内没有完成转换）" in hung
    assert "办公软件接连几次没有排出页面" in given_up


@office
@pytest.mark.usefixtures("real")
def test_a_failing_office_does_not_undo_better_numbers(county, output, batch, sources, stand_in):
    batch(county, pdf=True)
    for path in output.rglob("*.pdf"):
        path.unlink()
    stand_in("exit 0")
    report = batch(county, pdf=True)
    assert (report.status, sources()) == (3, all_from("libreoffice"))
    assert "没有生成 PDF：LibreOffice 没有转换出 PDF" in report.result.troubles[0]


def test_without_an_office_program_the_documents_are_made_and_the_status_is_3(county, output, monkeypatch, capsys):
    monkeypatch.setattr(printer, "program", lambda: None)
    words = ["batch", str(county), "-o", str(output), "--draft"]
    assert main([*words, "--pdf"]) == 3
    assert "没有生成 PDF：本机没有找到 LibreOffice 或 Word" in capsys.readouterr().out
    assert len(documents(output)) == 4
    assert main([*words, "--contents", "auto"]) < 2
    said = capsys.readouterr().out
    assert "目录的页码是估算的（本机没有找到 LibreOffice 或 Word）" in said
    assert "这次处理了 0 份" in said


def test_without_contents_there_is_no_contents_page(county, output, batch):
    batch(county, contents="off")
    assert batch(county, contents="off").result.done == 0
    for path in documents(output):
        assert numbers(read_parts(path.read_bytes())["word/document.xml"].decode()) == {}
    assert batch(county).result.done == 4


def test_a_ledger_of_the_first_version_is_carried_over(county, output, batch, tree, notices):
    batch(county)
    before = tree(output)
    old = sqlite3.connect(output / ".perfxl" / "ledger.sqlite")
    old.executescript("DROP TABLE pdf; ALTER TABLE workbook DROP COLUMN numbers; ALTER TABLE content DROP COLUMN rows")
    old.execute("PRAGMA user_version = 1")
    old.close()
    assert (batch(county).result.done, tree(output), notices()) == (0, before, [])
    new = sqlite3.connect(output / ".perfxl" / "ledger.sqlite")
    assert new.execute("PRAGMA user_version").fetchone() == (ledgers._VERSION,)
    new.close()


@office
@pytest.mark.usefixtures("real")
@pytest.mark.parametrize("stopped", [False, True])
def test_no_office_program_outlives_a_batch(county, output, short, stopped):
    words = [sys.executable, "-m", "perfxl", "batch", str(county), "-o", str(output), "--draft", "--pdf", "--jobs", "2"]
    run = subprocess.Popen(
        words, env={**os.environ, "TMPDIR": str(short)}, stdout=subprocess.DEVNULL, start_new_session=True
    )
    if stopped:
        while not documents(output):
            assert run.poll() is None
            time.sleep(0.02)
        os.killpg(run.pid, signal.SIGINT)
    # The last document may be done before the signal arrives.
    assert run.wait(120) in ([0, 1, 3] if stopped else [0, 1])
    assert [path.name for path in short.iterdir() if path.name.startswith("perfxl-office")] == []
    assert running(str(short)) == []


def running(word):
    """Command lines of programs that bear a word."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
    return [line for line in found if word in line and "perfxl-office" in line]
