"""The console as a file, and what the program answers to its button."""

import itertools
import json
import re
import sqlite3
import warnings
from io import BytesIO
from pathlib import Path

import openpyxl
import plans
import pytest
from test_excel_button import as_the_macro_writes

from perfxl.batch.regenerate import BatchLine, Report
from perfxl.batch.run import Result
from perfxl.cli.main import main
from perfxl.interfaces import batch_console, excel_button
from perfxl.report_type import catalog
from perfxl.storage.files import CONSOLE
from tools import make_console

with warnings.catch_warnings():
    # oletools 0.60.2 calls pyparsing by names that it has replaced.
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools.olevba import VBA_Parser

HOME = catalog.home()
SHIPPED = (HOME / "templates" / f"{CONSOLE}.xlsm").read_bytes()
MACROS = make_console.macros(HOME)
# What is no trouble needs no explanation.
PLAIN = {"title", "waiting", "open", "choose"}


@pytest.fixture
def units(tmp_path):
    """A folder with a workbook that is well, one with a mistake, one that cannot be read, and the console itself."""
    folder = tmp_path / "报 送"
    (folder / "乡镇").mkdir(parents=True)
    (folder / "甲局.xlsx").write_bytes(plans.book({"unit_code": "402001", "unit_name": "甲局"}))
    wrong = plans.changed({"unit_code": "402002", "unit_name": "=乙局"})
    for number, project in enumerate(wrong["projects"]):
        project["project_code"] = f"13020025P000090000{number:02d}X"
        project["indicators"][0]["description"] = f"乙局第{number}项全年完成的数量"
    wrong["projects"][0]["project_name"] = None
    (folder / "乡镇" / "乙#局.xlsx").write_bytes(plans.write(plans.PLAN, wrong))
    (folder / "坏的.xlsx").write_bytes(b"nothing")
    (folder / f"{CONSOLE}2.xlsm").write_bytes(SHIPPED)
    return folder


@pytest.fixture
def asked(tmp_path):
    """What is typed in the cells → what the console is told, by the kind of line."""

    def ask(pace=lambda _done, _total: None, **typed):
        words = [f"{name}:{as_the_macro_writes(value)}" for name, value in typed.items()]
        rows = batch_console.answer(tmp_path / "控制台.xlsm", words, HOME, pace)
        told = {row[0]: row[1] for row in rows if row[0] not in ("put", "row")}
        told["put"] = {row[1]: row[2] for row in rows if row[0] == "put"}
        told["rows"] = [row[1:] for row in rows if row[0] == "row"]
        return told

    return ask


def test_the_shipped_console_is_what_the_sources_give():
    assert make_console.workbook(HOME) == SHIPPED, "run python -m tools.make_console"


def test_olevba_gives_the_source_back_byte_for_byte():
    found = {stream.rpartition("/")[2]: code for _, stream, _, code in VBA_Parser("x.xlsm", SHIPPED).extract_macros()}
    for name, source in MACROS.modules.items():
        assert found.pop(name) == "\r\n".join(source.splitlines()) + "\r\n"
    assert sorted(found) == ["Sheet1", "Sheet2", "ThisWorkbook"]


def test_the_source_keeps_to_what_every_program_compiles():
    for name, source in MACROS.modules.items():
        assert source.isascii(), name
        assert not re.search(r"^\s*(Declare|#If|#Const)\b", source, re.MULTILINE), name
        assert all(len(line) <= 150 for line in source.splitlines()), name


def test_every_text_the_macro_asks_for_is_there_and_no_other():
    source = "".join(MACROS.modules.values())
    assert set(re.findall(r'(?:\bPhrase\(|\w+ = )"([a-z_]+)"', source)) & set(MACROS.texts) == set(MACROS.texts)
    assert set(re.findall(r'\bPhrase\("(\w+)"\)', source)) <= set(MACROS.texts)


def test_every_button_has_its_macro_and_every_input_its_name():
    for button in MACROS.buttons:
        module, _, macro = button.macro.partition(".")
        assert f"Public Sub {macro}()" in MACROS.modules[module]
    book = openpyxl.load_workbook(BytesIO(SHIPPED))
    names = {name.partition(".")[2] for name in book.defined_names if name.startswith("asked.")}
    assert names == {"folder", "output", "control", "units", "draft", "pdf", "html", "volume", "force", "profile"}
    told = {name.partition(".")[2] for name in book.defined_names if name.startswith("told.")}
    assert told == {"sentence", "time", "summary", "returned", "results", *batch_console.COUNTS}
    sheet = book[make_console.SHEET]
    assert sheet.protection.sheet
    for name, defined in book.defined_names.items():
        if name.startswith(("asked.", "told.")):
            cells = sheet[defined.attr_text.partition("!")[2].replace("$", "")]
            corner = cells[0][0] if isinstance(cells, tuple) else cells
            assert not corner.protection.locked, name


def test_every_message_is_explained():
    page = (HOME / "docs" / "batch.md").read_text("utf-8")
    assert [key for key, text in MACROS.texts.items() if key not in PLAIN and text not in page] == []


def test_the_page_shows_it():
    page = (HOME / "docs" / "batch.md").read_text("utf-8")
    found = re.findall(r"!\[[^]]+\]\(([^)]+)\)", page)
    assert "pictures/console.png" in found
    assert all(0 < (HOME / "docs" / picture).stat().st_size < 100_000 for picture in found)
    assert f"列得下 {batch_console.ROWS} 份" in page


def test_units_that_have_to_report_letters_web_pages_and_the_volume_are_asked_for_in_cells(asked, units, tmp_path):
    (tmp_path / "名单.txt").write_text("402009,丙局\n402001,甲局\n", "utf-8")
    told = asked(folder=units, units="名单.txt", draft="是", html="是", volume="是")
    assert told["message"].startswith("“应报名单”请写全")
    told = asked(folder=units, units=tmp_path / "名单.txt", draft="是", html="是", volume="是")
    made = units.parent / "报 送-成品"
    assert [row[2] for row in told["rows"] if row[0] == "'丙局"] == ["'没有报来"]
    assert (made / "甲局.html").is_file()
    assert f"汇编：{made / '汇编.docx'}（2 份）。" in told["message"]
    assert "次序表里的“402009 丙局”没有文档。" in told["message"]
    assert told["put"]["returned"] == f'=HYPERLINK("{made / "退回"}","{made / "退回"}")'
    assert "退回意见 " in told["message"]


def test_a_console_of_an_earlier_version_is_told_of_no_cell_that_it_does_not_have(asked, units):
    assert "returned" not in asked(folder=units, draft="是")["put"]


def test_the_command_hands_it_out(tmp_path, capsys):
    assert main(["console", "-o", str(tmp_path)]) == 0
    assert (tmp_path / f"{CONSOLE}.xlsm").read_bytes() == SHIPPED
    assert "全部生成" in capsys.readouterr().out
    assert main(["console", "-o", str(tmp_path / "x.xlsx")]) == 2


def test_a_run_is_told_workbook_by_workbook_with_those_first_that_need_somebody(asked, units):
    told = asked(folder=units, output="", draft="否", pdf="否", force="否", profile="", control="")
    made = units.parent / "报 送-成品"
    assert [row[2] for row in told["rows"]] == ["'有错误，未生成", "'读不出来", "'已生成"]
    wrong, unread, well = told["rows"]
    assert wrong[0] == "'=乙局"
    assert wrong[1] == f'=HYPERLINK("{units / "乡镇" / "乙%23局.xlsx"}","乡镇/乙#局.xlsx")'
    assert wrong[3] == "#1"
    assert "项目名称" in wrong[5]
    assert wrong[6] == ""
    assert unread[0] == "'"
    assert well[3:] == ("#0", well[4], "'", f'=HYPERLINK("{made / "甲局.docx"}","甲局.docx")')
    assert (made / "甲局.docx").read_bytes().startswith(b"PK")
    assert told["status"] == "findings"
    assert told["message"].startswith("要处理 2 份，有警告 0 份，没有问题 1 份。\n共 3 份填报表，这次处理了 3 份")
    assert told["document"] == str(made / "汇总.xlsx")
    counts = {name: told["put"][name] for name in batch_console.COUNTS}
    assert counts == {
        "total": "#3", "made": "#1", "errors": "#1", "draft": "#0", "other": "#0", "same": "#0", "unread": "#1"
    }  # fmt: skip
    assert re.fullmatch(r"'\d{4}-\d\d-\d\d \d\d:\d\d，用时 .+", told["put"]["time"])


def test_options_do_what_they_say(asked, units):
    told = asked(folder=units, draft="是")
    assert told["put"]["draft"] == "#2"
    assert (units.parent / "报 送-成品" / "乡镇" / "乙#局.docx").exists()
    (units / "坏的.xlsx").unlink()
    (units / "乡镇" / "乙#局.xlsx").unlink()
    output = units.parent / "成 品"
    # There 成本指标 are no kind of 产出指标.
    told = asked(folder=units, output=output, force="是", profile="national_2021")
    assert told["message"].startswith("要处理 1 份")
    told = asked(folder=units, output=output, force="是", profile="hebei")
    assert told["status"] == "done"
    assert told["message"].startswith("√ 要处理 0 份")
    assert (output / "甲局.docx").exists()


def test_nothing_changed_is_told_as_such(asked, units):
    asked(folder=units)
    told = asked(folder=units)
    # A workbook that cannot be read stays what it is as well.
    assert told["put"]["same"] == "#3"
    assert "这次处理了 0 份" in told["message"]


def test_progress_is_told_while_the_work_lasts(asked, units):
    pace = batch_console._Pace()
    seen = []

    def watched(done, total):
        pace(done, total)
        seen.append(pace.said)

    asked(pace=watched, folder=units)
    assert re.match(r"已处理 0/3 份", seen[0])
    assert re.match(r"已处理 3/3 份", seen[-1])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "请先填写“单位文件夹”"),
        ({"folder": "  "}, "请先填写“单位文件夹”"),
        ({"folder": "没有这个文件夹"}, "写全"),
        ({"folder": "/没有/这个"}, "不存在"),
        ({"folder": __file__}, "是一个文件，应填文件夹"),
        ({"folder": "https://x.sharepoint.com/报送"}, "不能是网址"),
        ({"folder": str(HOME / "examples"), "output": __file__}, "文档放不进去"),
        ({"folder": str(HOME / "examples"), "draft": "也许"}, "“草稿也生成”应选“是”或“否”，现在是“也许”"),
        ({"folder": "{units}", "output": "/proc/成品"}, "不能写入"),
        ({"folder": "{units}", "control": "/没有.xlsx"}, "读不到控制数文件"),
        ({"folder": "{units}", "profile": "没有的配置"}, "没有的配置"),
    ],
)
def test_what_is_in_the_way_is_a_sentence(asked, units, typed, said):
    told = asked(**{name: value.replace("{units}", str(units)) for name, value in typed.items()})
    assert told["status"] == "trouble"
    assert said in told["message"]
    assert told["rows"] == []


def test_a_batch_that_is_already_running_is_told(asked, units):
    asked(folder=units)
    other = sqlite3.connect(units.parent / "报 送-成品" / ".perfxl" / "ledger.sqlite", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    told = asked(folder=units)
    other.close()
    assert told["status"] == "trouble"
    assert "另一个批量生成正在使用" in told["message"]


def test_a_fault_of_ours_is_a_sentence(asked, units, monkeypatch):
    def broken(*_words, **_options):
        raise RuntimeError("broken")

    monkeypatch.setattr(batch_console, "regenerate", broken)
    told = asked(folder=units)
    assert told["status"] == "trouble"
    assert "程序出错了" in told["message"]


def test_an_empty_folder_is_told(asked, tmp_path):
    (tmp_path / "空").mkdir()
    told = asked(folder=tmp_path / "空")
    assert told["status"] == "findings"
    assert "没有填报表" in told["message"]
    assert told["document"] == ""


def test_paths_are_taken_as_windows_copies_them_and_from_beside_the_console(asked, units, tmp_path):
    (tmp_path / "控制台.xlsm").write_bytes(SHIPPED)
    (tmp_path / "本县.json").write_text(json.dumps({"layout": "plain"}), "utf-8")
    told = asked(folder='"报 送"', output=f"“{tmp_path}/a/../成品”", profile="本县.json")
    assert told["status"] == "findings"
    assert (tmp_path / "成品" / "甲局.docx").exists()


@pytest.mark.parametrize("inside", [".", "成品"])
def test_documents_may_stand_in_the_folder_of_the_workbooks_or_below_it(asked, units, inside):
    for _ in range(2):
        told = asked(folder=units, output=units / inside)
        assert told["put"]["total"] == "#3"
        assert (units / inside / "甲局.docx").exists()


def test_more_workbooks_than_the_table_has_rows_are_left_to_the_summary(asked, units, monkeypatch):
    lines = [
        BatchLine(f"{number}.xlsx", "made", f"{number}.docx", 0, 0, 0, "") for number in range(batch_console.ROWS + 5)
    ]
    lines.insert(0, BatchLine("最急.xlsx", "errors", "", 2, 0, 0, "错。"))
    report = Report(
        Result(total=len(lines), done=len(lines)), states={"made": batch_console.ROWS + 5, "errors": 1}, lines=lines
    )
    monkeypatch.setattr(batch_console, "regenerate", lambda *_words, **_options: report)
    told = asked(folder=units)
    assert len(told["rows"]) == batch_console.ROWS
    assert told["rows"][0][5] == "'错。"
    assert "只列得下 1000 份，全部见“汇总.xlsx”" in told["message"]


def test_what_is_too_long_for_a_link_is_a_text(asked, units, monkeypatch):
    name = "/".join(["很长的名字" * 10] * 6) + ".xlsx"
    report = Report(Result(total=1), states={"unread": 1}, lines=[BatchLine(name, "unread", "", 1, 0, 0, "=1+1")])
    monkeypatch.setattr(batch_console, "regenerate", lambda *_words, **_options: report)
    (row,) = asked(folder=units)["rows"]
    assert row[1] == f"'{name}"
    assert row[5] == "'=1+1"


def test_the_answer_is_one_that_the_macro_can_read(units, tmp_path):
    result = tmp_path / "answer.txt"
    words = [
        "click",
        "console.xlsm",
        "--result",
        as_the_macro_writes(str(result)),
        "--console",
        f"folder:{as_the_macro_writes(str(units))}",
    ]
    assert main(words) == 0
    lines = result.read_bytes().decode("ascii").split("\r\n")
    assert lines[0] == excel_button.PROTOCOL
    assert lines[-2:] == ["end", ""]
    kinds = [kind for kind, _ in itertools.groupby(line.partition("\t")[0] for line in lines)]
    assert kinds == [excel_button.PROTOCOL, "status", "message", "document", "put", "row", "end", ""]
    assert not list(Path(tmp_path).glob("*.alive"))
