"""Planted beside workbooks or in the output: rules, rows of the ledger, links. None is obeyed, and it is said."""

import json
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from perfxl.batch.discovery import PRIVATE
from perfxl.batch.output_folder import RETURNED
from perfxl.batch.regenerate import regenerate
from perfxl.batch.run import Options
from perfxl.batch.serialization import digest
from perfxl.batch.summary.entries import link
from perfxl.document.origin import RULES, is_as_made
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.package.properties import read_property
from perfxl.report_type import catalog
from perfxl.storage.files import Surroundings

LENIENT = {"based_on": "hebei", "rules": {"M03": "off", "V20": "off", "V09": "off"}}
LEDGER = Path(PRIVATE) / "ledger.sqlite"


@pytest.fixture
def planted(county, unit):
    """A unit with an error in its plan, and rules beside it that would pass over it."""
    path = county / "乡镇" / "第3局.xlsx"
    wrong = {"projects[0].budget_amount": 0, "projects[0].fiscal_funds": 0}
    path.write_bytes(unit(3, **wrong, profile="own"))
    for name in ("own", "own.json"):
        (path.parent / name).write_text(json.dumps(LENIENT), "utf-8")
    return path


def rewritten(output, *statements):
    """Change the ledger as somebody might who may write there."""
    with sqlite3.connect(output / LEDGER) as ledger:
        for statement in statements:
            ledger.execute(*statement)
    ledger.close()


def entries(output):
    return [json.loads(line) for line in (output / "汇总.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("jobs", [1, 2])
def test_rules_that_a_unit_brings_along_count_for_nothing(county, planted, output, batch, jobs):
    report = batch(county, draft=False, jobs=jobs)
    (line,) = [line for line in report.lines if line.path.endswith("第3局.xlsx")]
    assert (line.state, line.document) == ("errors", "")
    (entry,) = [entry for entry in entries(output) if entry["file"].endswith("第3局.xlsx")]
    assert {"V09", "M03"} <= {finding["code"] for finding in entry["findings"]}
    assert entry["profile"] == "hebei"
    assert not (output / "乡镇" / "第3局.docx").exists()


def test_the_summary_and_the_document_say_by_which_rules(county, output, batch, unit):
    (county / "乡镇" / "第4局.xlsx").write_bytes(unit(4, profile="national_2021"))
    batch(county)
    assert {entry["file"]: entry["profile"] for entry in entries(output)} == {
        "城区/第1局.xlsx": "hebei",
        "城区/第2局.xlsx": "hebei",
        "乡镇/第3局.xlsx": "hebei",
        "乡镇/第4局.xlsx": "national_2021",
    }
    parts = read_parts((output / "乡镇" / "第4局.docx").read_bytes())
    assert read_property(parts, RULES) == "national_2021"


def test_a_row_moves_nothing_of_the_user_into_the_output(county, output, batch, tmp_path):
    batch(county)
    secret = tmp_path / "私人.docx"
    secret.write_bytes(b"private")
    for part in (str(secret), f"../../../{secret.name}", "../ledger.sqlite", ".", ""):
        known = digest(secret.read_bytes())
        rewritten(output, ("UPDATE workbook SET intended = ?, part = ?", (known, part)))
        batch(county)
        assert secret.read_bytes() == b"private"
        assert not any(path.read_bytes() == b"private" for path in output.rglob("*.docx"))


@pytest.mark.parametrize("way", ["../外面.docx", "{}", "城区/../../外面.docx"])
def test_a_row_puts_nothing_outside_the_output(county, output, batch, tmp_path, way):
    batch(county)
    outside = tmp_path / "外面.docx"
    part = output / PRIVATE / "parts" / "abc-1.docx"
    part.write_bytes(b"planted")
    document = os.fsencode(way.format(outside))
    rewritten(
        output,
        (
            "UPDATE workbook SET document = ?, intended = ?, part = 'abc-1.docx' WHERE id = 1",
            (document, digest(b"planted")),
        ),
    )
    before = sorted(tmp_path.iterdir())
    batch(county)
    assert sorted(tmp_path.iterdir()) == before
    assert not any(path.read_bytes() == b"planted" for path in tmp_path.rglob("*") if path.is_file())


def test_a_row_makes_no_document_of_others_ours(county, output, batch, unit):
    batch(county)
    (county / "城区" / "第1局.xlsx").write_bytes(unit(8))
    document = output / "城区" / "第1局.docx"
    document.write_bytes(b"worked on for weeks")
    known = document.stat()
    rewritten(
        output,
        (
            "UPDATE workbook SET output = ?, output_size = ?, output_mtime = ? WHERE id = 1",
            (digest(document.read_bytes()), known.st_size, known.st_mtime_ns),
        ),
    )
    report = batch(county)
    assert document.read_bytes() == b"worked on for weeks"
    assert report.states.get("kept") == 1


def test_with_the_ledger_lost_documents_of_ours_are_known_all_the_same(county, output, batch, unit):
    batch(county)
    edited = output / "城区" / "第1局.docx"
    edited.write_bytes(edited.read_bytes() + b" ")
    (output / LEDGER).unlink()
    (county / "城区" / "第2局.xlsx").write_bytes(unit(7))
    report = batch(county)
    assert report.states == {"draft": 3, "kept": 1}
    assert "第7局".encode() in read_parts((output / "城区" / "第2局.docx").read_bytes())["word/document.xml"]
    assert edited.read_bytes().endswith(b" ")


@pytest.mark.parametrize("way", ["../../私人.docx", "{}", "链接/私人.docx"])
def test_a_row_removes_nothing_outside_our_own_folders(county, output, batch, tmp_path, way):
    batch(county)
    secret = tmp_path / "私人.docx"
    secret.write_bytes(b"private")
    (output / RETURNED).mkdir(exist_ok=True)
    (output / RETURNED / "链接").symlink_to(tmp_path)
    path = os.fsencode(f"{RETURNED}/{way.format(secret)}")
    rewritten(output, ("INSERT INTO side VALUES (?, ?, x'', x'61')", (path, digest(b"private"))))
    batch(county, force=True)
    assert secret.read_bytes() == b"private"


@pytest.mark.parametrize("what", [PRIVATE, f"{PRIVATE}/parts", f"{PRIVATE}/ledger.sqlite"])
def test_a_link_in_the_place_of_our_own_is_not_followed(county, output, batch, tmp_path, what):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    kept = elsewhere / "kept.sqlite"
    kept.write_bytes(b"")
    link_at = output / what
    link_at.parent.mkdir(parents=True, exist_ok=True)
    link_at.symlink_to(kept if what.endswith("sqlite") else elsewhere)
    with pytest.raises(Surroundings, match="快捷方式"):
        batch(county)
    assert [path.name for path in elsewhere.iterdir()] == ["kept.sqlite"]
    assert kept.read_bytes() == b""


SPOILT = [
    "UPDATE workbook SET path = 'text' WHERE id = 1",
    "UPDATE workbook SET state = 'splendid' WHERE id = 1",
    "UPDATE workbook SET money = 'much' WHERE id = 1",
    "UPDATE workbook SET errors = 'many' WHERE id = 1",
    "UPDATE workbook SET document = NULL WHERE id = 1",
    "UPDATE content SET findings = x'00000010ffff'",
    "UPDATE content SET rows = x'ffffffffff'",
    "UPDATE content SET data = 'text'",
    "INSERT INTO notice VALUES ('plan', x'61', 'B01', 'no json')",
    "INSERT INTO notice VALUES ('across', x'61', 'B01', '{}')",
    "INSERT INTO told VALUES (x'61', '', 'splendid', 0, 0, x'')",
    "INSERT INTO pdf (id, document) VALUES (1, 'text')",
    "DROP TABLE workbook",
    "DROP TABLE content",
    "ALTER TABLE workbook DROP COLUMN document",
    "CREATE TRIGGER planted AFTER UPDATE ON workbook BEGIN UPDATE workbook SET state = 'made'; END",
    "CREATE VIEW planted AS SELECT 1",
]


@pytest.mark.parametrize("statement", SPOILT)
def test_a_ledger_that_is_not_as_we_left_it_is_said_to_be_damaged(county, output, batch, tree, statement, unit):
    batch(county)
    rewritten(output, (statement,))
    before = {name: found for name, found in tree(output).items() if name.endswith(".docx")}
    (county / "城区" / "第9局.xlsx").write_bytes(unit(9))  # something to do, so that all is read
    with pytest.raises(Surroundings, match="损坏了"):
        batch(county)
    after = {name: found for name, found in tree(output).items() if name.endswith(".docx")}
    assert before.items() <= after.items()


@pytest.mark.skipif(os.name == "nt", reason="modes say nothing on Windows, where folders hand down their rights")
def test_ledger_and_summaries_are_not_for_everybody(county, output, batch):
    old = os.umask(0o022)
    try:
        (output / PRIVATE).mkdir(parents=True, mode=0o755)
        batch(county)
    finally:
        os.umask(old)
    closed = [output / name for name in ("汇总.xlsx", "汇总.jsonl", "汇总.html")]
    closed += [output / PRIVATE, *(output / PRIVATE).iterdir()]
    assert [path.name for path in closed if stat.S_IMODE(path.stat().st_mode) & 0o007] == []
    assert stat.S_IMODE((output / "城区" / "第1局.docx").stat().st_mode) == 0o644


@pytest.mark.parametrize("name", ["\\\\machine\\share\\x.xlsx", "http:x.xlsx", "javascript:alert(1).xlsx", "x#y%.xlsx"])
def test_no_name_of_a_workbook_leads_to_another_machine(tmp_path, unit, name):
    """The folder is the output as well, so that links have nothing before the name."""
    (tmp_path / name).write_bytes(unit(1))
    regenerate(tmp_path, tmp_path, Options(catalog.home(), draft=True), lambda _done, _total: None)
    way = link(name, tmp_path, tmp_path)
    assert not way.startswith(("\\", "/", "http", "java"))
    assert "\\" not in way
    page = (tmp_path / "汇总.html").read_text("utf-8")
    assert way in page
    (document,) = tmp_path.glob("*.docx")
    assert is_as_made(document.read_bytes())
