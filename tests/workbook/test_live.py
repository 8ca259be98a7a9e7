"""Findings in the running Excel: the code for it, unchanged, on a document that is open in LibreOffice."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import macro_book
import plans
import pytest
from screen import screen

from perfxl.interfaces import excel_button
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog
from perfxl.workbook.form.form import write
from perfxl.workbook.macros import running_excel

pytestmark = pytest.mark.office

HOME = catalog.home()
SCRIPT = Path(__file__).with_name("live_office.py")
GOOD = macro_book.write(plans.valid_plan())


class Office:
    """LibreOffice and xlwings over it, in a process of their own; the macro finds a program that has them too."""

    def __init__(self, folder, *words, **environment):
        self.folder, self.kept = folder, folder / "answer"
        paths = f"{HOME}:{SCRIPT.parent}"
        runner = folder / "runner"
        runner.write_text(f'#!/bin/sh\nPYTHONPATH="{paths}" exec "{sys.executable}" "{SCRIPT}" "$@"\n')
        runner.chmod(0o755)
        more = {"PERFXL_QUIET": "1", "PERFXL_RUNNER": str(runner), "PERFXL_TEST_ANSWER": str(self.kept)}
        more |= {"PYTHONPATH": paths, "LC_ALL": "C.UTF-8", **environment}
        self.script = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(folder / "profile"), *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **more},
        )  # fmt: skip

    def __call__(self, path, *steps, **more):
        self.script.stdin.write(json.dumps({"workbook": str(path), "steps": steps, **more}) + "\n")
        self.script.stdin.flush()
        answer = self.script.stdout.readline()
        assert answer, "the script ended"
        return json.loads(answer)

    def close(self):
        self.script.stdin.close()
        self.script.wait(60)
        self.script.stdout.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine; CI installs it")
    program = Office(tmp_path_factory.mktemp("live"))
    yield program
    program.close()


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "填 报&表.xlsm"
    path.write_bytes(GOOD)
    return path


def answer(path):
    return [line.split("\t") for line in path.read_text("ascii").splitlines()]


WRONG = ["set", "项目1", "E4", ""]
FIRST_AT = ("项目1", "E4")
SIGNS = {"error": "!", "warning": "?", "info": "~"}


def expected():
    """The findings that the unsaved workbook has to show."""
    data = plans.changed({"projects[0].project_name": None})
    return examine(write(plans.PLAN, data), "", HOME).findings


def shows_all(seen):
    wanted = expected()
    slips = list(excel_button.listing(wanted))
    assert [(row[0], row[1]) for row in seen["findings"]] == [
        (slip.sheet, slip.ranges[0] if slip.ranges else "") for slip in slips
    ]
    assert [row[2:4] for row in seen["findings"]] == [[slip.what, slip.hint] for slip in slips]
    for sheet in {f.sheet for f in wanted if f.cell}:
        signs = [SIGNS[f.severity] + f.cell for f in wanted if f.sheet == sheet]
        assert seen["marks"][sheet] == ",".join(signs) + ","
    assert seen["selection"].split(":")[0] == ".".join(FIRST_AT)
    assert seen["protected"] == seen["sheets"]
    assert not any(seen["changed"].values())


def test_what_is_typed_but_not_saved_counts_and_is_shown(office, book, tmp_path):
    result = tmp_path / "answer.txt"
    (seen,) = office(book, WRONG, ["live", str(book), str(result)], ["look"])
    assert book.read_bytes() == GOOD
    rows = answer(result)
    assert ["status", "findings"] in rows
    assert ["shown", "1"] in rows
    shows_all(seen)


def test_old_findings_go_when_all_is_well(office, book, tmp_path):
    result = tmp_path / "answer.txt"
    mended = ["set", "项目1", "E4", plans.valid_plan()["projects"][0]["project_name"]]
    look, click = ["look"], ["live", str(book), str(result)]
    first, second = office(book, WRONG, click, look, mended, click, look)
    assert first["findings"]
    assert second["findings"] == []
    assert second["marks"] == {}
    assert book.with_suffix(".docx").exists()


def test_more_findings_than_the_list_has_rows(office, tmp_path):
    plan = plans.valid_plan()
    rows = plan["projects"][0]["indicators"]
    plan["projects"][0]["indicators"] = [{**row, "target": f"≥{at}大于等于{at}%"} for at, row in enumerate(rows * 60)]
    path, result = tmp_path / "x.xlsm", tmp_path / "answer.txt"
    path.write_bytes(macro_book.write(plan))
    (seen,) = office(path, ["live", str(path), str(result)], ["look"])
    count = sum(row[0] == "finding" for row in answer(result))
    assert count > len(seen["findings"]) == 200
    # What is said of all findings of a kind has no cell, and so is no place.
    places = sum(row[0] == "finding" and row[2] != "" for row in answer(result))
    assert f"共有 {places} 处问题" in seen["findings"][-1][2]
    assert sum(text.count(",") for text in seen["marks"].values()) == places > 200


def test_a_real_click_comes_to_the_same(tmp_path_factory):
    """The macro starts the program, which shows the findings itself while the macro waits."""
    with screen() as display, closing(Office(tmp_path_factory.mktemp("window"), "window", DISPLAY=display)) as window:
        path = window.folder / "填报表.xlsm"
        path.write_bytes(GOOD)
        (seen,) = window(path, WRONG, ["click", "项目1", "检查", ""], ["look"], sheet="项目1")
    assert ["shown", "1"] in answer(window.kept)
    shows_all(seen)


def test_a_workbook_that_is_not_open_is_left_to_the_macro(office, book, tmp_path):
    other, result = tmp_path / "other.xlsm", tmp_path / "answer.txt"
    other.write_bytes(GOOD)
    office(book, ["live", str(other), str(result)])
    assert ["shown", "0"] in answer(result)
    assert other.with_suffix(".docx").exists()


class Stub:
    """A workbook in an Excel that refuses, or does not answer."""

    name = "x.xlsm"

    def __init__(self, save):
        self.api = self
        self.SaveCopyAs = save


def refuse(_):
    raise OSError("Call was rejected by callee")


@pytest.mark.parametrize("save", [refuse, lambda _: time.sleep(60)], ids=["refuses", "hangs"])
def test_an_excel_that_does_not_answer_is_done_without(save, monkeypatch):
    monkeypatch.setattr(running_excel, "_SECONDS", 0.3)
    screen = running_excel.Screen(Stub(save), running_excel._Errands())
    began = time.monotonic()
    assert screen.copy() is None
    assert screen.show([], {}, None, urgent=True) is False
    assert time.monotonic() - began < 2
