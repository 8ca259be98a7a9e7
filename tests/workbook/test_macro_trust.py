"""Whose program a button runs: a workbook must not bring its own."""

import os
import shutil

import macro_book
import plans
import pytest
from macro_calc import WORKING, Office
from screen import screen

from perfxl.cli.main import main
from perfxl.interfaces import trusted_folders
from perfxl.workbook.macros import form_buttons

pytestmark = pytest.mark.office

TEXTS = form_buttons.load(plans.HOME).texts
GOOD = macro_book.write(plans.valid_plan())
SYSTEM = "/usr/bin:/bin"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The folder of a user of this machine."""
    return tmp_path_factory.mktemp("用户")


@pytest.fixture(scope="module")
def office(tmp_path_factory, home):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine; CI installs it")
    folder = tmp_path_factory.mktemp("trust")
    program = Office(folder, PERFXL_TIMEOUT="60", PERFXL_RUNNER="", HOME=str(home), PATH=SYSTEM)
    yield program
    program.close()


@pytest.fixture
def form(tmp_path, home, monkeypatch):
    """A form with a program in the folder beside it; the user has trusted nothing and installed nothing."""
    monkeypatch.setenv("HOME", str(home))
    shutil.rmtree(home / ".local", ignore_errors=True)
    path = tmp_path / "寄来的 资料" / "填报表.xlsm"
    path.parent.mkdir()
    path.write_bytes(GOOD)
    put_program(path.parent / "perfxl", "beside")
    return path


def put_program(folder, name):
    """Write a program that leaves its name beside the folder and does its work."""
    folder.mkdir(parents=True)
    program = folder / "perfxl"
    program.write_text(f"#!/bin/sh\necho {name} >> '{folder}/../ran'\n{WORKING}\n")
    program.chmod(0o755)


def said(office, path):
    (seen,) = office.run(path, ["macro", "CheckWorkbook"], ["look"])
    return [row[2] for row in seen["findings"]]


def test_a_program_that_came_with_the_workbook_is_not_run(office, form):
    assert said(office, form) == [TEXTS["untrusted"]]
    assert not (form.parent / "ran").exists()


def test_a_folder_that_its_user_trusts_is_run_and_no_longer_when_that_is_taken_back(office, form):
    assert main(["trust", str(form.parent / "perfxl")]) == 0
    assert TEXTS["untrusted"] not in said(office, form)
    assert (form.parent / "ran").read_text() == "beside\n"
    assert main(["trust", str(form.parent / "perfxl"), "--forget"]) == 0
    assert said(office, form)[0] == TEXTS["untrusted"]
    assert (form.parent / "ran").read_text() == "beside\n"


def test_another_folder_that_is_trusted_helps_nobody(office, form, tmp_path):
    trusted_folders.trust(tmp_path)
    trusted_folders.trust(form.parent)
    assert said(office, form) == [TEXTS["untrusted"]]


def test_what_is_installed_comes_before_what_lies_beside(office, form, home):
    trusted_folders.trust(form.parent / "perfxl")
    put_program(home / ".local" / "share" / "perfxl" / "bin", "installed")
    said(office, form)
    assert (home / ".local" / "share" / "perfxl" / "ran").read_text() == "installed\n"
    assert not (form.parent / "ran").exists()


def test_where_there_is_no_program_but_the_page_its_use_is_told(office, form):
    shutil.rmtree(form.parent / "perfxl")
    assert said(office, form) == [TEXTS["no_program"]]
    (form.parent / TEXTS["page"]).write_text("<!doctype html>")
    assert said(office, form) == [f"{TEXTS['no_program']}\n\n{TEXTS['use_page']}"]


def test_the_page_is_opened_for_who_says_yes(form, tmp_path_factory, home):
    page = form.parent / TEXTS["page"]
    page.write_text("<!doctype html>")
    folder = tmp_path_factory.mktemp("page window")
    form = shutil.copytree(form.parent, folder / "收到 的") / form.name
    opener = folder / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(
        f"#!/bin/sh\nprintf '%s' \"$1\" > '{folder}/opened.part'\nmv '{folder}/opened.part' '{folder}/opened'\n"
    )
    opener.chmod(0o755)
    with screen() as display:
        words = {
            "PERFXL_RUNNER": "",
            "PERFXL_QUIET": "0",
            "HOME": str(home),
            "PATH": f"{opener.parent}{os.pathsep}{SYSTEM}",
        }
        program = Office(folder, "window", DISPLAY=display, **words)
        try:
            program.run(
                form,
                ["click", "项目1", "检查", ""],
                ["answer", TEXTS["title"]],
                ["wait", str(folder / "opened")],
                sheet="项目1",
            )
        finally:
            program.close()
    assert (folder / "opened").read_text() == (form.parent / page.name).as_uri()
