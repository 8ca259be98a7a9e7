"""Workbooks dropped on an icon: results beside them, and an icon that passes on every path."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import plans
import pytest

from perfxl.cli.main import main
from perfxl.interfaces import desktop_icon
from perfxl.report_type import catalog
from perfxl.workbook.form import findings_workbook

HOME = catalog.home()


def test_a_dropped_workbook_gets_its_document_and_its_findings(tmp_path, capsys):
    path = tmp_path / "填 报&表.xlsx"
    path.write_bytes(plans.book({}))
    assert main(["drop", str(path), "--quiet"]) == 0
    assert "已生成 Word 文档“填 报&表.docx”" in capsys.readouterr().out
    assert sorted(found.name for found in tmp_path.iterdir()) == [
        "填 报&表.docx",
        "填 报&表.xlsx",
        "填 报&表.检查意见.xlsx",
    ]
    assert findings_workbook.source_of((tmp_path / "填 报&表.检查意见.xlsx").read_bytes())


def test_each_of_several_is_told_and_the_worst_counts(tmp_path, capsys):
    good, wrong, gone = (tmp_path / f"{name}.xlsx" for name in ("good", "wrong", "gone"))
    good.write_bytes(plans.book({}))
    wrong.write_bytes(plans.book({"unit_name": None}))
    assert main(["drop", "--quiet", *map(str, (good, wrong, gone))]) == 3
    out = capsys.readouterr().out
    assert "没有生成 Word 文档。请先改正错误。" in out
    assert "读不到" in out
    assert good.with_suffix(".docx").exists()
    assert not wrong.with_suffix(".docx").exists()


def test_what_was_made_is_opened_and_the_words_stay_until_a_key(tmp_path, monkeypatch, capsys):
    path, opened = tmp_path / "x.xlsx", []
    path.write_bytes(plans.book({}))
    monkeypatch.setattr(desktop_icon, "open_in_program", opened.append)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdin, "readline", lambda: "\n", raising=False)
    assert main(["drop", str(path)]) == 0
    assert opened == [path.with_suffix(".docx")]
    assert "按回车键关闭" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ('C:\\Windows\\system32\\cmd.exe /c ""C:\\张三\\图标.cmd" C:\\a&b.xlsx"', ["C:\\a&b.xlsx"]),
        (
            'cmd.exe /c ""C:\\a b\\i.cmd" "C:\\a b\\填 报.xlsx" D:\\100%!x^.xlsm"',
            ["C:\\a b\\填 报.xlsx", "D:\\100%!x^.xlsm"],
        ),
        ('cmd.exe /c ""C:\\i.cmd" "C:\\a b.xlsx""', ["C:\\a b.xlsx"]),
        ('cmd.exe /c ""C:\\i.cmd" "', []),
        ("", []),
    ],
)
def test_paths_are_taken_out_of_the_raw_command_line(line, paths):
    assert desktop_icon.paths_in(line) == [Path(path) for path in paths]


def test_nothing_dropped_is_told(capsys, monkeypatch):
    monkeypatch.delenv("PERFXL_DROPPED", raising=False)
    assert main(["drop"]) == 2
    assert "拖到图标上" in capsys.readouterr().err


def test_the_icon_of_windows_is_a_batch_file_that_hands_over_the_raw_command_line():
    text = desktop_icon.windows_icon(["C:\\100% 张三\\python.exe", "-m", "perfxl"]).decode()
    assert '"C:\\100%% 张三\\python.exe" "-m" "perfxl" drop\r\n' in text
    assert "!cmdcmdline!" in text
    assert text.count("\n") == text.count("\r\n")
    assert text.endswith("exit\r\n")


def test_the_icon_of_linux_starts_the_program_with_every_path(tmp_path, capsys):
    assert main(["icon", str(tmp_path)]) == 0
    (icon,) = tmp_path.glob("*.desktop")
    assert icon.name in capsys.readouterr().out
    # The value of Exec is a string, whose backslashes are written twice, and then quoted as for a shell.
    (line,) = [line for line in icon.read_text().splitlines() if line.startswith("Exec=")]
    words = shlex.split(line.removeprefix("Exec=").replace("\\\\", "\\").replace("%%", "%"))
    assert words[-1] == "%F"
    book = tmp_path / "a & b.xlsx"
    book.write_bytes(plans.book({}))
    subprocess.run([*words[:-1], "--quiet", str(book)], check=True, cwd=HOME, capture_output=True)
    assert book.with_suffix(".docx").exists()


def test_odd_characters_in_the_path_of_the_program_survive_the_desktop_entry():
    text = desktop_icon.linux_icon(['/a b/$x`"\\%/python']).decode()
    (line,) = [line for line in text.splitlines() if line.startswith("Exec=")]
    (word,) = re.findall(r'"((?:\\\\[`"$]|\\\\\\\\|[^"\\])*)"', line)
    word = word.replace("\\\\", "\\").replace("%%", "%")
    assert re.sub(r'\\(["`$\\])', r"\1", word) == '/a b/$x`"\\%/python'


def test_the_add_in_is_put_where_excel_looks_for_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert main(["addin"]) == 0
    assert (tmp_path / "Microsoft/AddIns/perfxl.xlam").read_bytes() == (HOME / "templates/perfxl.xlam").read_bytes()
    monkeypatch.delenv("APPDATA")
    assert main(["addin"]) == 2
    assert "文件夹" in capsys.readouterr().err
