"""The commands, as people and programs call them: what they print, write and return."""

import json
import os
import resource
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from perfxl.cli.main import main
from perfxl.report_type import catalog

HOME = catalog.home()
EXAMPLE = HOME / "examples" / "tangshan-gongshanglian-2025.xlsx"
DEFECTIVE = HOME / "examples" / "linxi-gongshanglian-2023.xlsx"


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "工 商联’s & “表”.xlsx"
    path.write_bytes(EXAMPLE.read_bytes())
    return path


def test_a_blank_form_is_made_for_a_year(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "performance_plan", "--projects", "2", "--year", "2026"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["部门预算绩效文本.xlsx"]
    capsys.readouterr()
    assert main(["data", "部门预算绩效文本.xlsx"]) == 0
    assert json.loads(capsys.readouterr().out) == {"document_type": "performance_plan", "fiscal_year": 2026}


def test_a_blank_form_is_told_what_is_missing_and_nothing_else(tmp_path, capsys):
    path = tmp_path / "x.xlsx"
    main(["new", "performance_plan", "-o", str(path)])
    capsys.readouterr()
    assert main(["check", str(path), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["code"], f["sheet"], f["cell"], f["field"]) for f in findings] == [
        ("D01", "基本信息", "C4", "fiscal_year"),
        ("D01", "基本信息", "C7", "unit_code"),
        ("D01", "基本信息", "C8", "unit_name"),
        ("D01", "第一部分", "C5", "overall_goal"),
        ("D01", "第一部分", "B68", "activity_goals"),
        ("D01", "第一部分", "C131", "safeguard_measures"),
        ("D01", "项目1", "", "projects"),
    ]


def test_the_report_stands_beside_the_workbook_and_the_workbook_is_untouched(book, capsys):
    before = book.read_bytes()
    assert main(["report", str(book), "--draft", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert Path(result["document"]) == book.with_suffix(".docx")
    assert sorted(path.name for path in book.parent.iterdir()) == [book.with_suffix(".docx").name, book.name]
    assert book.read_bytes() == before


def test_errors_stop_a_report_but_not_a_draft(tmp_path, capsys):
    output = tmp_path / "x.docx"
    assert main(["report", str(DEFECTIVE), "-o", str(output)]) == 1
    assert not output.exists()
    assert "没有生成" in capsys.readouterr().out
    assert main(["report", str(DEFECTIVE), "-o", str(output), "--draft"]) == 0
    assert output.exists()


def test_several_files_are_checked_in_one_list(capsys):
    assert main(["check", str(EXAMPLE), str(DEFECTIVE), "--json"]) == 1
    results = json.loads(capsys.readouterr().out)
    assert [Path(result["file"]) for result in results] == [EXAMPLE, DEFECTIVE]
    assert set(results[0]) == {"file", "document_type", "profile", "findings", "errors", "warnings"}


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["chek", "data"], "没有“chek”这个命令，是不是“check”？"),
        (["check"], "缺少"),
        (["check", "x.xlsx", "--jsn"], "不认识"),
        (["new", "plan"], "没有文种"),
        (["new", "performance_plan", "--projects", "0"], "1到200"),
        (["new", "performance_plan", "--projects", "多"], "应是整数"),
        (["new", "performance_plan", "-o", "x.xls"], ".xlsx"),
        (["fill", "performance_plan", "没有.json", "-o", "x.xlsx"], "读不到"),
        (["report", "x.xlsx", "-o", "x.doc"], ".docx"),
        (["explain", "Z99"], "没有代码"),
    ],
)
def test_a_wrong_command_is_answered_in_chinese_with_status_2(command, words, capsys):
    assert main(command) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"{", "不是 JSON"),
        ("{}".encode("utf-16"), "UTF-8"),
        (b"[]", "对象"),
        (b'{"fiscal_yaer": 2025}', "fiscal_yaer：表格里没有这一栏"),
        (b'{"projects": [{"indicators": [{"targt": 1}]}]}', "projects[0].indicators[0].targt"),
        (b'{"overall_goal": "x"}', "列表"),
        (b'{"unit_name": true}', "文字或数字"),
        (b'{"unit_name": NaN}', "NaN"),
        (b'{"unit_name": "\\ud800"}', "半个字符"),
        (b'{"document_type": "x"}', "performance_plan"),
        (json.dumps({"unit_name": "长" * 32768}).encode(), "32767"),
        (b"[" * 100_000, "嵌套太深"),
    ],
)
def test_data_that_do_not_fit_are_refused_whole(text, words, tmp_path, capsys):
    (tmp_path / "data.json").write_bytes(text)
    assert main(["fill", "performance_plan", str(tmp_path / "data.json"), "-o", str(tmp_path / "x.xlsx")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "x.xlsx").exists()


def test_an_explanation_says_cause_cure_and_example(capsys):
    assert main(["explain", "m01"]) == 0
    out = capsys.readouterr().out
    assert [line.strip()[:2] for line in out.splitlines()] == ["M0", "提示", "原因", "改法", "举例", "依据"]


def test_an_output_folder_that_is_missing_is_the_surroundings_fault(book, tmp_path, capsys):
    assert main(["report", str(book), "--draft", "-o", str(tmp_path / "没有" / "x.docx")]) == 3
    assert "不存在" in capsys.readouterr().err


def test_an_output_that_is_a_folder_is_said_to_be_one(book, tmp_path, capsys):
    (tmp_path / "x.docx").mkdir()
    assert main(["report", str(book), "--draft", "-o", str(tmp_path / "x.docx")]) == 3
    assert "是一个文件夹" in capsys.readouterr().err


def command(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "perfxl", *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )


def test_a_full_disk_leaves_the_old_file_and_nothing_else(book):
    document = book.with_suffix(".docx")
    document.write_bytes(b"yesterday")

    def small_disk():
        # The kernel refuses to let a file of this process grow beyond 4 kB, as a full disk would.
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    result = command(
        "report", book, "--draft", preexec_fn=small_disk, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    )
    assert (result.returncode, "磁盘空间不足" in result.stderr) == (3, True)
    assert document.read_bytes() == b"yesterday"
    assert len(list(book.parent.iterdir())) == 2


@contextmanager
def as_nobody(folder):
    """Without the rights of root, which nothing can be forbidden to."""
    for parent in (folder, *folder.parents[:4]):
        parent.chmod(0o755)
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_without_write_permission_is_named(tmp_path, capsys):
    folder = tmp_path / "只读"
    folder.mkdir()
    (folder / "x.xlsx").write_bytes(EXAMPLE.read_bytes())
    main(["report", str(folder / "x.xlsx"), "--draft", "-o", str(tmp_path / "warm.docx")])
    folder.chmod(0o555)
    with as_nobody(tmp_path):
        folder_is_closed = not os.access(folder, os.W_OK, effective_ids=True)
        status = main(["report", str(folder / "x.xlsx"), "--draft"])
    assert folder_is_closed
    assert (status, "没有权限写入" in capsys.readouterr().err) == (3, True)
    assert [path.name for path in folder.iterdir()] == ["x.xlsx"]


def test_an_unreadable_file_is_the_surroundings_fault(tmp_path, capsys):
    path = tmp_path / "x.xlsx"
    path.write_bytes(EXAMPLE.read_bytes())
    path.chmod(0)
    with as_nobody(tmp_path):
        status = main(["check", str(path)])
    assert (status, "没有权限读取" in capsys.readouterr().out) == (3, True)


def test_a_fault_of_a_template_is_told_to_its_author(book, tmp_path):
    types = tmp_path / "types"
    (types / "schemas").mkdir(parents=True)
    (types / "templates").mkdir()
    schema = HOME / "schemas" / "performance_plan.schema.json"
    (types / "schemas" / schema.name).write_bytes(schema.read_bytes())
    (types / "templates" / "performance_plan.docx").write_bytes(b"broken")
    result = command("--types", types, "report", book, "--draft")
    assert result.returncode == 2
    assert "填报表不用改" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_fault_of_ours_is_told_without_a_traceback(capsys, monkeypatch):
    def broken(_):
        raise ZeroDivisionError("nothing to divide by")

    monkeypatch.setattr("perfxl.cli.main._run", broken)
    assert main(["types"]) == 4
    assert capsys.readouterr().err.startswith("程序出错了")


def test_a_closed_pipe_is_no_trouble():
    shell = f"'{sys.executable}' -m perfxl data '{EXAMPLE}' | head -c 10"
    result = subprocess.run(["bash", "-o", "pipefail", "-c", shell], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_broken_pipe_of_our_own_is_no_reader_who_has_left(monkeypatch, capsys):
    def breaks(_words):
        raise BrokenPipeError("a worker is dead")

    monkeypatch.setattr("perfxl.cli.main._run", breaks)
    assert main(["types"]) == 4
    assert "程序出错了" in capsys.readouterr().err


def test_data_come_from_standard_input_too(tmp_path):
    data = (HOME / "examples" / "linxi-gongshanglian-2023.json").read_text("utf-8")
    result = command("fill", "performance_plan", "-", "-o", tmp_path / "x.xlsx", input=data)
    assert result.returncode == 0
    assert json.loads(command("data", tmp_path / "x.xlsx").stdout) == json.loads(data)


def test_nothing_asked_gives_the_help_in_chinese(capsys):
    with pytest.raises(SystemExit) as end:
        main([])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("用法：perfxl")


def test_a_workbook_alone_is_checked(book, capsys):
    assert main([str(book), "--json"]) == main(["check", str(book), "--json"])
    once, again = capsys.readouterr().out.split("\n}\n")[:2]
    assert once == again


def test_a_type_may_be_called_by_its_title(tmp_path, capsys):
    for name, kind in (("id.xlsx", "performance_plan"), ("title.xlsx", "部门预算绩效文本")):
        assert main(["new", kind, "--year", "2026", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / "id.xlsx").read_bytes() == (tmp_path / "title.xlsx").read_bytes()
    assert main(["new", "绩效", "-o", str(tmp_path / "x.xlsx")]) == 2
    assert "performance_plan（部门预算绩效文本）" in capsys.readouterr().err


def test_several_workbooks_are_told_in_a_line_each(tmp_path, capsys):
    words = ["report", str(EXAMPLE), str(DEFECTIVE), "--draft", "--contents", "estimate", "-o", str(tmp_path / "out")]
    assert main(words) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert len(lines) == 5
    assert lines[0].startswith(f"{EXAMPLE}  警告 ")
    assert lines[1] == f"已生成：{tmp_path / 'out' / EXAMPLE.with_suffix('.docx').name}"
    assert lines[-1] == "共 2 份，生成了 2 份。问题在哪一格、怎么改，请看：perfxl check 填报表"
