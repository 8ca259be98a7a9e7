"""The buttons in LibreOffice: what a click does, also in nasty folders and with a program in trouble."""

import shutil
import subprocess

import macro_book
import openpyxl
import pytest
from macro_calc import WORKING, Office
from screen import screen

from perfxl.interfaces import excel_button
from perfxl.pipeline.cell_repairs import cell_repairs
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog
from perfxl.report_type.json_data import loads
from perfxl.workbook.form.cell_styles import WRONG_COLOUR
from perfxl.workbook.macros import form_buttons

pytestmark = pytest.mark.office

HOME = catalog.home()
MACROS = form_buttons.load(HOME)
TYPE = catalog.load(HOME, "performance_plan")

# What the program does, and the text that people then read. The fourth word is the file for the answer.
TROUBLES = {
    "no_answer": "exit 3",  # crashed, or too old to know the command
    "gone": ': > "$4.alive"; exit 9',  # killed at work
    "too_long": 'for i in $(seq 60); do : > "$4.alive"; sleep 0.5; done',  # hanging
    "bad_answer": 'printf "perfxl 99\\r\\nend\\r\\n" > "$4.part"; mv "$4.part" "$4"',  # newer than the form
}
FOLDERS = [
    "with  blanks",
    'it\'s a "quote"',
    "a&b;c|d$HOME`x`%TEMP%~1",
    "绩效 填报（２０２５年）“测试”",
    "/".join(["一个名字很长的文件夹" * 5] * 5),
]


def values(**changes):
    """Return the data of a plan without errors, changed in its first project."""
    found = loads((HOME / "examples" / "tangshan-gongshanglian-2025.json").read_bytes(), TYPE)
    found["projects"] = [{**found["projects"][0], **changes}, *found["projects"][1:3]]
    return found


SIGNS = {"error": "!", "warning": "?", "info": "~"}
GOOD_PROJECT = values()["projects"][0]
MANY = GOOD_PROJECT["indicators"] * 50
GOOD = macro_book.write(values())
WRONG = macro_book.write(values(project_code="13020024P00XXX0003T", project_name=""))


def findings_of(book):
    return examine(book, "", HOME).findings


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine; CI installs it")
    program = Office(tmp_path_factory.mktemp("macro"), PERFXL_TIMEOUT="16")
    yield program
    program.close()


@pytest.fixture
def book(office, tmp_path):
    """Return a function that saves a workbook and gives its path; the program works."""
    office.program(WORKING)

    def save(data, folder="."):
        path = tmp_path / folder / "填报表.xlsm"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return save


def cells(findings):
    return [(row[0], row[1]) for row in findings]


def listed(findings):
    """Return the rows in which the sheet lists findings: sheet, link, what, how, more links."""
    rows = []
    for slip in excel_button.listing(findings):
        ranges = [*slip.ranges, "", "", "", ""]
        # A sign that begins a formula gets a blank before it.
        rows.append([slip.sheet, ranges[0], slip.what, slip.hint, *ranges[1:4]])
    return rows


def test_libreoffice_gives_the_source_back(office, book):
    (seen,) = office.run(book(GOOD), ["look"])
    for name, source in MACROS.modules.items():
        # It takes the attribute lines for its own, and puts an option of its own first.
        body = [line for line in source.splitlines() if not line.startswith("Attribute ")]
        assert seen["modules"][name].rstrip().endswith("\n".join(body).strip())


def test_a_filled_form_becomes_a_document(office, book):
    path = book(GOOD)
    (seen,) = office.run(path, ["macro", "GenerateWordReport"], ["look"])
    assert path.with_suffix(".docx").read_bytes().startswith(b"PK")
    assert seen["findings"] == listed(findings_of(GOOD))
    assert sorted(p.name for p in path.parent.iterdir()) == ["填报表.docx", "填报表.xlsm"]


def test_a_wrong_form_shows_every_finding_and_changes_nothing_that_is_locked(office, book):
    path = book(WRONG)
    (seen,) = office.run(path, ["macro", "GenerateWordReport"], ["look"])
    wanted = findings_of(WRONG)
    assert not path.with_suffix(".docx").exists()
    assert seen["findings"] == listed(wanted)
    assert seen["findings"][0][2].startswith("错误")
    for sheet in {f.sheet for f in wanted}:
        signs = [SIGNS[f.severity] + f.cell for f in wanted if f.sheet == sheet]
        assert seen["marks"][sheet] == ",".join(signs) + ","
    first = next(f for f in wanted if f.severity == "error")
    assert seen["selection"].split(":")[0] == f"{first.sheet}.{first.cell}"
    assert seen["protected"] == seen["sheets"]
    # What was computed from these cells may change as well; nothing that was written stands in a locked one.
    assert not any(seen["changed"].values())


def test_what_was_typed_since_the_last_saving_counts_and_old_findings_go(office, book):
    path = book(WRONG)
    mend = [["set", "项目1", "B4", GOOD_PROJECT["project_code"]], ["set", "项目1", "E4", GOOD_PROJECT["project_name"]]]
    first, second = office.run(
        path, ["macro", "CheckWorkbook"], ["look"], *mend, ["macro", "CheckWorkbook"], ["look"]
    )  # fmt: skip
    assert ("项目1", "B4") in cells(first["findings"])
    assert ("项目1", "B4") not in cells(second["findings"])
    assert not any("!" in text for text in second["marks"].values())
    assert second["findings"] == listed(findings_of(path.read_bytes()))


def test_one_slip_in_many_cells_is_one_line_with_links_to_each(office, book):
    indicators = [{**indicator, "target_basis": ""} for indicator in GOOD_PROJECT["indicators"]]
    (seen,) = office.run(
        book(macro_book.write(values(indicators=indicators))), ["macro", "CheckWorkbook"], ["look"]
    )  # fmt: skip
    first = seen["findings"][0]
    assert first[:2] == ["项目1", f"H23:H{22 + len(indicators)}"]
    assert first[2] == f"错误 K04：“指标值确定依据”没有填写。（{len(indicators)}处）"


def test_more_findings_than_the_list_has_rows_are_all_painted(office, book):
    indicators = [{**indicator, "target": f"≥{number}大于等于{number}%"} for number, indicator in enumerate(MANY)]
    data = macro_book.write(values(indicators=indicators))
    wanted = findings_of(data)
    (seen,) = office.run(book(data), ["macro", "CheckWorkbook"], ["look"])
    shown = seen["findings"]
    assert len(shown) == 200 < len(listed(wanted))
    assert shown[-1] == ["", "", MACROS.texts["more"].format(count=len(wanted)), "", "", "", ""]
    assert shown[:-1] == listed(wanted)[:199]
    assert sum(text.count(",") for text in seen["marks"].values()) == sum(bool(f.sheet and f.cell) for f in wanted)


def test_a_mended_cell_loses_its_colour_and_the_status_says_what_was_found(office, book, tmp_path):
    path, saved = book(WRONG), tmp_path / "saved.xlsx"
    named = ["set", "项目1", "E4", "另一个名称"]
    office.run(path, ["macro", "CheckWorkbook"], named, ["store", str(saved)])
    (sheet,) = (page for page in examined(saved) if page.title == "项目1")
    # Conditional formats compare what the marked cells held then, written beside the marks, with what they hold.
    held = sheet[sheet.defined_names["findings.then"].value.rpartition("!")[2]].value
    assert "|E4:0:|" in held
    assert "|B4:19:13020024P00XXX0003T|" in held
    assert "上次检查：本表错误" in sheet["A3"].value


def examined(path):
    """Return the sheets of a workbook with the results that LibreOffice computed."""
    return openpyxl.load_workbook(path, data_only=True).worksheets


def test_repairs_are_made_in_the_cells_told_and_taken_back(office, book):
    indicators = [{**indicator, "target_basis": "国办发[2021]12号"} for indicator in GOOD_PROJECT["indicators"]]
    path = book(macro_book.write(values(indicators=indicators, use_of_funds="用于培训,按照国办发[2021]12号文件执行。")))
    repairs, left = cell_repairs(examine(path.read_bytes(), "", HOME))
    mended, undone = office.run(
        path, ["macro", "MendWorkbook"], ["look"], ["macro", "TakeBackChanges", "PerfXLMend"], ["look"]
    )
    assert {("项目1", "B6"), ("项目1", "H23")} <= {(repair.sheet, repair.cell) for repair in repairs}
    assert mended["findings"][: len(repairs)] == [
        [r.sheet, r.cell, r.told, "不合适就点“撤销改正”。", "", "", ""] for r in repairs
    ]
    assert mended["findings"][len(repairs) :] == listed(left)
    assert "+B6," in mended["marks"]["项目1"]
    changed = [cell for cell in mended["changed"] if cell.startswith("项目1.") and cell.count(".") == 1]
    assert {f"项目1.{r.cell}" for r in repairs if r.sheet == "项目1"} <= set(changed)
    assert not any(mended["changed"].values())
    # What is left in other cells is the list, which was emptied, and the store of what stood there before.
    assert [cell for cell in undone["changed"] if not cell.startswith("检查.")] == []
    assert undone["findings"] == []


def test_a_new_project_is_one_click_and_told_on_the_sheet_of_findings(office, book, tmp_path):
    path, saved = book(GOOD), tmp_path / "saved.xlsx"
    office.run(path, ["macro", "AddItem", "PerfXLItem"], ["set", "项目4", "E4", "新的"], ["store", str(saved)])
    sheets = {sheet.title: sheet for sheet in examined(saved)}
    (row,) = (row for row in sheets["检查"].iter_rows(min_row=200, values_only=True) if row[0] == "项目4")
    assert row[1] == "去填写"
    assert row[2].startswith("待处理 6 处")
    assert row[3] == "新的绩效目标表"
    assert row[4] == 6


@pytest.mark.parametrize("folder", FOLDERS)
def test_nasty_folders(office, book, folder):
    path = book(GOOD, folder)
    office.run(path, ["macro", "GenerateWordReport"])
    assert path.with_suffix(".docx").exists()


@pytest.mark.parametrize("key", TROUBLES)
def test_a_program_in_trouble_is_told(office, book, key):
    path = book(GOOD)
    office.program(TROUBLES[key])
    (seen,) = office.run(path, ["macro", "GenerateWordReport"], ["look"])
    assert seen["findings"] == [["", "", MACROS.texts[key], "", "", "", ""]]
    assert not path.with_suffix(".docx").exists()


def test_a_missing_program_is_told(office, book):
    path = book(GOOD)
    office.program("")
    (seen,) = office.run(path, ["macro", "CheckWorkbook"], ["look"])
    assert seen["findings"] == [["", "", MACROS.texts["no_program"], "", "", "", ""]]


def test_a_form_that_was_never_saved_is_told(office, book):
    (seen,) = office.run(book(GOOD), ["macro", "CheckWorkbook"], ["look"], template=True)
    assert seen["findings"] == [["", "", MACROS.texts["unsaved"], "", "", "", ""]]


def test_a_fault_of_ours_comes_back_as_a_sentence(office, book):
    path = book(GOOD)
    path.with_suffix(".docx").mkdir()
    (seen,) = office.run(path, ["macro", "GenerateWordReport"], ["look"])
    assert "是一个文件夹" in seen["findings"][0][2]
    assert seen["findings"][1:] == listed(findings_of(GOOD))
    assert seen["selection"].startswith("检查.")


def pixels(path, colour):
    raw = subprocess.run(["convert", str(path), "-depth", "8", "rgb:-"], check=True, capture_output=True).stdout
    wanted = bytes.fromhex(colour.removeprefix("#"))
    return sum(raw[at : at + 3] == wanted for at in range(0, len(raw), 3))


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    """LibreOffice with a window on a screen of its own, macro security high, the folder trusted."""
    with screen() as display:
        program = Office(tmp_path_factory.mktemp("window"), "window", DISPLAY=display)
        program.program(WORKING)
        yield program
        program.close()


def test_a_real_click_paints_the_cells_or_makes_the_document(window):
    pictures = HOME / "out"
    pictures.mkdir(exist_ok=True)
    before, after, done = (pictures / f"macro-{name}.png" for name in ("before", "findings", "document"))
    wrong, good = window.folder / "错的.xlsm", window.folder / "对的.xlsm"
    wrong.write_bytes(WRONG)
    good.write_bytes(GOOD)
    steps = [["screenshot", str(before)], ["click", "项目1", "检查", ""], ["screenshot", str(after)], ["look"]]
    (seen,) = window.run(wrong, *steps, sheet="项目1")
    assert seen["findings"] == listed(findings_of(WRONG))
    assert pixels(after, WRONG_COLOUR) > pixels(before, WRONG_COLOUR) + 1000
    document = good.with_suffix(".docx")
    click = ["click", "基本信息", "生成Word报告", str(document)]
    (seen,) = window.run(good, click, ["screenshot", str(done)], ["look"], sheet="基本信息")
    assert document.read_bytes().startswith(b"PK")
    assert seen["selection"].startswith("基本信息.")
