"""The second run: only what changed is made, and nobody's work is lost."""

import json
import os
import re
import shutil
import time

import pytest
from batch_files import documents

from perfxl.report_type import catalog

HOME = catalog.home()


@pytest.fixture
def home(tmp_path):
    """A copy of the report types that a test may change."""
    folder = tmp_path / "types"
    for name in ("schemas", "templates", "profiles"):
        shutil.copytree(HOME / name, folder / name)
    return folder


def states(report):
    return {line.path: line.state for line in report.lines}


def older(folder):
    """Give every file a date that has settled: a file of this very moment might still be changing."""
    for path in folder.rglob("*.xlsx"):
        os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 10 * 10**9))


def test_every_workbook_gets_a_document_in_the_same_tree(county, output, batch, tree):
    report = batch(county)
    assert (report.result.total, report.result.done) == (4, 4)
    beside = [name for name in tree(output) if name.startswith("退回/")]
    assert len(beside) == 2 * 4
    assert sorted(tree(output).keys() - beside) == [
        *("乡镇/第3局.docx", "乡镇/第4局.docx", "城区/第1局.docx", "城区/第2局.docx"),
        *("汇总.html", "汇总.jsonl", "汇总.xlsx"),
    ]


def test_nothing_is_touched_where_nothing_changed(county, output, batch):
    older(county)
    batch(county)
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*.*") if ".perfxl" not in path.parts}
    report = batch(county)
    assert (report.result.total, report.result.done, report.result.changed) == (4, 0, False)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_file_with_another_date_and_the_same_content_is_not_made_again(county, batch):
    batch(county)
    for path in county.rglob("*.xlsx"):
        os.utime(path, (time.time() + 60, time.time() + 60))
    assert batch(county).result.done == 0


def test_a_changed_workbook_is_made_and_no_other(county, output, batch, tree, unit):
    batch(county)
    before = tree(output)
    (county / "城区" / "第2局.xlsx").write_bytes(
        unit(2, overall_goal=["把工作做得更细更实，全年完成各项任务，服务好群众和企业。"])
    )
    assert batch(county).result.done == 1
    after = tree(output)
    changed = {name for name in after if after[name] != before.get(name)}
    assert {name for name in changed if name.endswith(".docx")} == {
        *("城区/第2局.docx", "修改对照/城区/第2局.修改对照.docx")
    }
    assert "汇总.jsonl" in changed


def test_a_change_that_keeps_size_and_date_is_seen_while_the_file_is_fresh(county, batch):
    path = county / "城区" / "第1局.xlsx"
    batch(county)
    known = path.stat()
    data = bytearray(path.read_bytes())
    data[10] ^= 1  # the time in the first entry: another file of the same length
    path.write_bytes(data)
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert batch(county).result.done == 1


def test_a_mended_template_remakes_its_type(county, home, output, batch, tree):
    batch(county, home)
    before = tree(output)
    template = next((home / "templates").glob("*plan.docx"))
    other = next((home / "templates").glob("*plan.plain.docx"))
    template.write_bytes(other.read_bytes())
    assert batch(county, home).result.done == 4
    made = [path.relative_to(output).as_posix() for path in documents(output)]
    assert all(tree(output)[name] != before[name] for name in made)


def test_a_changed_profile_remakes_what_it_rules(county, home, batch):
    batch(county, home)
    path = home / "profiles" / "hebei.json"
    profile = json.loads(path.read_text("utf-8"))
    profile["rules"] = {**profile.get("rules", {}), "K21": "off"}
    path.write_text(json.dumps(profile, ensure_ascii=False), "utf-8")
    assert batch(county, home).result.done == 4


def test_a_changed_option_remakes_everything(county, batch):
    batch(county)
    assert batch(county, draft=False).result.done == 4


def test_a_deleted_document_is_made_again_and_said(county, output, batch, notices):
    batch(county)
    (output / "城区" / "第1局.docx").unlink()
    report = batch(county)
    assert report.result.done == 1
    assert (output / "城区" / "第1局.docx").is_file()
    assert ("B10", "城区/第1局.xlsx") in notices()


def test_an_edited_document_is_kept_and_said(county, output, batch, notices):
    batch(county)
    document = output / "城区" / "第1局.docx"
    document.write_bytes(b"by hand")
    assert batch(county).result.done == 0
    assert document.read_bytes() == b"by hand"
    assert ("B05", "城区/第1局.xlsx") in notices()


def test_an_edited_document_is_kept_where_its_workbook_changed_too(county, output, batch, notices, unit):
    batch(county)
    document = output / "城区" / "第1局.docx"
    document.write_bytes(b"by hand")
    (county / "城区" / "第1局.xlsx").write_bytes(
        unit(1, overall_goal=["新的总体目标，写得比原来更细一些，也更实在一些，便于考核。"])
    )
    report = batch(county)
    assert (document.read_bytes(), states(report)["城区/第1局.xlsx"], report.status) == (b"by hand", "kept", 1)
    assert ("B04", "城区/第1局.xlsx") in notices()
    # It is said until somebody decides.
    batch(county)
    assert ("B04", "城区/第1局.xlsx") in notices()
    batch(county, force=True)
    assert document.read_bytes()[:2] == b"PK"
    assert notices() == []


def test_a_document_of_somebody_else_is_never_overwritten(county, output, batch, notices):
    (output / "城区").mkdir(parents=True)
    (output / "城区" / "第1局.docx").write_bytes(b"older than the ledger")
    batch(county)
    assert (output / "城区" / "第1局.docx").read_bytes() == b"older than the ledger"
    assert notices() == [("B04", "城区/第1局.xlsx")]


def test_a_lost_ledger_changes_no_document(county, output, batch, tree):
    batch(county)
    before = tree(output)
    shutil.rmtree(output / ".perfxl")
    assert batch(county).result.done == 4
    assert tree(output) == before


def test_the_document_of_a_removed_workbook_is_kept(county, output, batch, notices):
    batch(county)
    (county / "乡镇" / "第3局.xlsx").unlink()
    report = batch(county)
    assert report.result.removed == 1
    assert states(report)["乡镇/第3局.xlsx"] == "gone"
    assert (output / "乡镇" / "第3局.docx").is_file()
    assert notices() == [("B08", "乡镇/第3局.xlsx")]


def test_a_removed_workbook_may_come_back(county, batch, notices):
    batch(county)
    path = county / "乡镇" / "第3局.xlsx"
    data = path.read_bytes()
    path.unlink()
    batch(county)
    path.write_bytes(data)
    report = batch(county)
    assert (report.result.done, states(report)["乡镇/第3局.xlsx"] in ("made", "draft"), notices()) == (0, True, [])


def test_an_old_document_is_told_from_a_new_one(county, output, batch, notices):
    batch(county)
    (county / "城区" / "第1局.xlsx").write_bytes(b"broken")
    report = batch(county)
    assert states(report)["城区/第1局.xlsx"] == "unread"
    assert (output / "城区" / "第1局.docx").is_file()
    assert notices() == [("B06", "城区/第1局.xlsx")]


def test_a_file_that_is_too_large_to_read_is_looked_at_once(county, batch):
    with (county / "巨大.xlsx").open("wb") as huge:
        huge.truncate(2**30)
    older(county)
    assert states(batch(county))["巨大.xlsx"] == "unread"
    assert batch(county).result.done == 0


def test_a_summary_that_is_missing_is_written_again(county, output, batch, tree):
    batch(county)
    before = tree(output)
    (output / "汇总.html").unlink()
    batch(county)
    assert tree(output) == before


def test_one_process_and_several_give_the_same_bytes(county, output, batch, tree):
    batch(county, jobs=1)
    before = tree(output)
    shutil.rmtree(output)
    batch(county, jobs=3)
    assert tree(output) == before


def test_the_summary_says_the_same_whatever_was_done_in_between_but_for_what_has_changed(county, output, batch, tree):
    batch(county)
    before = tree(output)
    page = (output / "汇总.html").read_text("utf-8")
    path = county / "城区" / "第1局.xlsx"
    data = path.read_bytes()
    path.write_bytes(b"broken")
    batch(county)
    path.write_bytes(data)
    batch(county)
    after = tree(output)
    assert {name for name in before if before[name] != after[name]} == {"汇总.xlsx", "汇总.html"}
    changed = re.sub(r"<section><h2>和上次比.*?</section>", "", (output / "汇总.html").read_text("utf-8"))
    assert changed == page
