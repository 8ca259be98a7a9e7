"""The console in LibreOffice: what its buttons do, also in nasty folders and with a program in trouble."""

import os
import shutil
import time
from contextlib import closing, contextmanager
from pathlib import Path

import openpyxl
import plans
import pytest
from macro_calc import WORKING, Office
from screen import screen

from perfxl.interfaces import batch_console, excel_button
from perfxl.report_type import catalog
from perfxl.storage.files import CONSOLE
from tools import make_console

pytestmark = pytest.mark.office

HOME = catalog.home()
SHIPPED = HOME / "templates" / f"{CONSOLE}.xlsm"
MACROS = make_console.macros(HOME)
SHEET = make_console.SHEET
MODULE = "PerfXLConsole"
FOLDER, OUTPUT, DRAFT = ([SHEET, cell] for cell in ("B4", "B5", "B8"))
RUN = ["macro", "GenerateAll", MODULE]

# What the program does, and the text that people then read. The fourth word is the file for the answer.
TROUBLES = {
    "no_answer": "exit 3",  # crashed, or too old to know the words
    "gone": ': > "$4.alive"; exit 9',  # killed at work
    "too_long": 'for i in $(seq 60); do : > "$4.alive"; sleep 0.5; done',  # hanging
    "bad_answer": 'printf "perfxl 99\\r\\nend\\r\\n" > "$4.part"; mv "$4.part" "$4"',  # newer than the console
}
NASTY = "a&b;c|d$HOME`x`%TEMP%~1 'it' \"绩效 填报\"（２０２５年）#1"


@contextmanager
def running(folder, *words, **environment):
    """LibreOffice with a program that works, and with one to open files that only notes in `folder` what it opened."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine; CI installs it")
    opener = folder / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f"#!/bin/sh\nprintf %s \"$1\" > '{folder}/opened'\n")
    opener.chmod(0o755)
    with closing(Office(folder, *words, PATH=f"{opener.parent}:{os.environ['PATH']}", **environment)) as program:
        program.program(WORKING)
        yield program


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with running(tmp_path_factory.mktemp("console"), PERFXL_TIMEOUT="60") as program:
        yield program


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    """LibreOffice with a macro that does not wait for long."""
    with running(tmp_path_factory.mktemp("impatient"), PERFXL_TIMEOUT="16") as program:
        yield program


@pytest.fixture
def place(office, tmp_path):
    """A folder with a name that is hard on programs; in it the console, and a folder of workbooks."""
    office.program(WORKING)
    return furnished(tmp_path / NASTY)


def furnished(folder):
    units = folder / "报送"
    units.mkdir(parents=True)
    shutil.copy(SHIPPED, folder / SHIPPED.name)
    (units / "甲局.xlsx").write_bytes(plans.book({"unit_code": "402001", "unit_name": "甲局"}))
    wrong = {"unit_code": "402002", "unit_name": "=乙局", "projects[0].project_name": None}
    (units / "乙局.xlsx").write_bytes(plans.book(wrong))
    (units / "坏的.xlsx").write_bytes(b"nothing")
    return folder


def opened(folder):
    """What was opened, as soon as something was."""
    noted = folder / "opened"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (noted.exists() and noted.read_text()):
        time.sleep(0.1)
    return noted.read_text()


def states(seen):
    return {row[1]: row[2] for row in seen["findings"]}


def links(path):
    """The formulas of the table, as LibreOffice saved them: that of the workbook, and that of the document."""
    book = openpyxl.load_workbook(path)
    table = book[SHEET][book.defined_names["told.results"].attr_text.partition("!")[2].replace("$", "")]
    return {row[1].value: row[6].value for row in table if row[1].value}


def link(path):
    """The formula of the link to a file."""
    way = str(path).replace("%", "%25").replace("#", "%23").replace('"', '""')
    return f'=HYPERLINK("{way}","{path.name}")'


def test_a_folder_becomes_documents_and_a_table_of_results(office, place, tmp_path):
    units, saved = place / "报送", tmp_path / "saved.xlsx"
    (seen,) = office.run(place / SHIPPED.name, ["set", *FOLDER, str(units)], RUN, ["look"], ["store", str(saved)])
    made = place / "报送-成品"
    assert (made / "甲局.docx").read_bytes().startswith(b"PK")
    assert (made / "汇总.xlsx").exists()
    assert states(seen) == {"甲局.xlsx": "已生成", "乙局.xlsx": "有错误，未生成", "坏的.xlsx": "读不出来"}
    rows = {row[1]: row for row in seen["findings"]}
    assert rows["甲局.xlsx"][6] == "甲局.docx"
    assert rows["乙局.xlsx"][0].strip() == "=乙局"
    assert "项目名称" in rows["乙局.xlsx"][5]
    numbers = {name: seen["told"][name] for name in ("total", "made", "errors", "unread")}
    assert numbers == {"total": "3", "made": "1", "errors": "1", "unread": "1"}
    assert seen["told"]["sentence"].startswith("要处理 3 份")
    assert seen["told"]["summary"] == str(made / "汇总.xlsx")
    assert links(saved)[link(units / "甲局.xlsx")] == link(made / "甲局.docx")
    assert seen["protected"] == seen["sheets"]
    assert not any(seen["changed"].values())
    # The console itself is never saved.
    assert (place / SHIPPED.name).read_bytes() == SHIPPED.read_bytes()


def test_what_an_earlier_run_told_goes_first(office, place):
    units = place / "报送"
    steps = [["set", *FOLDER, str(units)], RUN, ["look"], ["set", *FOLDER, "/没有/这个"], RUN, ["look"]]
    first, second = office.run(place / SHIPPED.name, *steps)
    assert len(first["findings"]) == 3
    assert second["findings"] == []
    assert {name: text for name, text in second["told"].items() if text} == {
        "sentence": "单位文件夹“/没有/这个”不存在。请核对，或者点右边的“选择文件夹”。"
    }


def test_options_and_folders_beside_the_console_count(office, place):
    steps = [["set", *FOLDER, "报送"], ["set", *OUTPUT, "成 品"], ["set", *DRAFT, "是"]]
    (seen,) = office.run(place / SHIPPED.name, *steps, RUN, ["look"])
    assert states(seen)["乙局.xlsx"] == "已生成草稿"
    assert (place / "成 品" / "乙局.docx").exists()


def test_a_console_that_was_never_saved_works_on_a_folder_that_is_written_out(office, place):
    here, there = ["set", *FOLDER, "报送"], ["set", *FOLDER, str(place / "报送")]
    steps = [RUN, ["look"], here, RUN, ["look"], there, RUN, ["look"]]
    blank, beside, whole = office.run(place / SHIPPED.name, *steps, template=True)
    assert "请先填写“单位文件夹”" in blank["told"]["sentence"]
    assert "写全" in beside["told"]["sentence"]
    assert len(whole["findings"]) == 3


def test_as_many_workbooks_as_the_table_has_rows_are_listed(office, place):
    row = ("row", "'某局", link(Path("/x.xlsx")), "'已生成", "#0", "#2", "", link(Path("/x.docx")))
    rows = [("status", "done"), ("message", "√"), *[row] * batch_console.ROWS]
    prepared = office.folder / "answer.txt"
    prepared.write_text(excel_button.text(rows), "ascii")
    office.program(f'cp "{prepared}" "$4.part"; mv "$4.part" "$4"')
    began = time.monotonic()
    (seen,) = office.run(place / SHIPPED.name, RUN, ["look"])
    assert seen["findings"] == [["某局", "x.xlsx", "已生成", "0", "2", "", "x.docx"]] * batch_console.ROWS
    assert time.monotonic() - began < 120


@pytest.mark.parametrize("key", TROUBLES)
def test_a_program_in_trouble_is_told(place, key, impatient):
    impatient.program(TROUBLES[key])
    (seen,) = impatient.run(place / SHIPPED.name, ["set", *FOLDER, str(place / "报送")], RUN, ["look"])
    assert seen["told"]["sentence"] == MACROS.texts[key]
    assert seen["findings"] == []


def test_a_missing_program_is_told(office, place):
    office.program("")
    (seen,) = office.run(place / SHIPPED.name, ["set", *FOLDER, str(place / "报送")], RUN, ["look"])
    assert seen["told"]["sentence"] == MACROS.texts["no_program"]


def test_the_summary_is_opened_or_its_absence_told(office, place):
    open_it = ["macro", "OpenSummary", MODULE]
    (seen,) = office.run(place / SHIPPED.name, open_it, ["look"], ["set", *FOLDER, str(place / "报送")], RUN, open_it)
    assert seen["told"]["sentence"] == MACROS.texts["no_summary"]
    assert opened(office.folder) == str(place / "报送-成品" / "汇总.xlsx")


def test_without_a_dialog_the_folder_has_to_be_typed(office, place):
    (seen,) = office.run(place / SHIPPED.name, ["macro", "ChooseOutput", MODULE], ["look"])
    assert seen["told"]["sentence"] == MACROS.texts["no_dialog"]
    assert seen["selection"].startswith(f"{SHEET}.B5")


def test_a_folder_is_chosen_and_generated_and_the_summary_opened_with_the_mouse(tmp_path):
    place = furnished(tmp_path / "console")
    units, summary = place / "units", place / "units-成品" / "汇总.xlsx"
    (place / "报送").rename(units)  # the keyboard of the screen has no Chinese
    steps = [
        ["press", SHEET, "选择文件夹"],
        ["answer", "Select path", str(units)],
        ["click", SHEET, "全部生成", str(summary)],
        ["answer", f"^{CONSOLE}$"],
        ["look"],
    ]
    with screen() as display, running(tmp_path, "window", DISPLAY=display, PERFXL_QUIET="0") as office:
        (seen,) = office.run(place / SHIPPED.name, *steps, sheet=SHEET)
    assert states(seen)["甲局.xlsx"] == "已生成"
    assert opened(tmp_path) == str(summary)
