"""The other end of the buttons: what the macro is told, in a file that it can read."""

import re
import time
from pathlib import Path

import pytest

from perfxl.cli.main import main
from perfxl.interfaces import excel_button
from perfxl.model.finding import Finding
from perfxl.pipeline.examine import Examination
from perfxl.storage.files import Surroundings

WRONG = Finding("M01", "error", "合计不对。", "请核对。", sheet="项目1", cell="D6")
DOUBTFUL = Finding("M07", "warning", "太晚。", "请确认。", sheet="项目1", cell="B4")
SAMPLE = excel_button.Answer("findings", "两行\n字", Path("/文件/a b.docx"), (WRONG,), ("项目1", "D6"))


def told(path):
    """Return the lines of a result file with their escapes undone, as the macro undoes them."""
    text = path.read_bytes().decode("ascii")
    assert text.endswith("end\r\n")
    rows = [line.split("\t") for line in text.split("\r\n")[:-1]]
    units = [[re.sub(r"\\u([0-9A-F]{4})", lambda found: chr(int(found[1], 16)), word) for word in row] for row in rows]
    return [[word.encode("utf-16-le", "surrogatepass").decode("utf-16-le") for word in row] for row in units]


def as_the_macro_writes(path):
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./:_-"
    units = str(path).encode("utf-16-be")
    codes = [int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2)]
    return "".join(chr(code) if code < 128 and chr(code) in signs else f"~{code:04X}" for code in codes)


def test_the_answer_is_plain_ascii_that_reads_back(tmp_path):
    path = tmp_path / "answer.txt"
    path.write_bytes(excel_button.lines(SAMPLE).encode("ascii"))
    assert told(path) == [
        ["perfxl 1"],
        ["status", "findings"],
        ["message", "两行\n字"],
        ["document", "/文件/a b.docx"],
        ["shown", "0"],
        ["go", "项目1", "D6"],
        ["finding", "项目1", "D6", "error", "错误 M01：合计不对。", "请核对。", "M01"],
        ["row", "项目1", "D6", "错误 M01：合计不对。", "请核对。"],
        ["end"],
    ]


def test_tabs_line_ends_backslashes_and_rare_characters_survive(tmp_path):
    path = tmp_path / "answer.txt"
    odd = "\\u4E2D\t\r\n\x7f𠮷"
    path.write_bytes(excel_button.lines(SAMPLE._replace(message=odd)).encode("ascii"))
    assert ["message", odd] in told(path)


@pytest.mark.parametrize("path", ["C:\\张三\\a b&c\"~1%TEMP%'.xlsm", "/tmp/𠮷/x.xlsm", "plain.xlsm"])
def test_paths_come_through_the_command_line(path):
    assert excel_button.unescaped(as_the_macro_writes(path)) == path


def answered(findings, *, check=True):
    return excel_button.answer(Path("x.xlsm"), lambda _: Examination(tuple(findings)), check=check)


def test_the_cursor_goes_to_the_first_error_then_to_the_first_doubt():
    assert answered([DOUBTFUL, WRONG]).go == ("项目1", "D6")
    assert answered([DOUBTFUL]).go == ("项目1", "B4")
    assert answered([]).go is None


def test_doubts_alone_do_not_count_as_wrong():
    assert answered([DOUBTFUL]).status == "done"
    assert answered([DOUBTFUL, WRONG]).status == "findings"
    assert "错误 1 处，警告 1 处" in answered([DOUBTFUL, WRONG]).message


@pytest.mark.parametrize("fault", [Surroundings("磁盘已满。"), RuntimeError("broken"), MemoryError()])
def test_whatever_goes_wrong_is_a_sentence(fault):
    def examine(_):
        raise fault

    found = excel_button.answer(Path("x.xlsm"), examine, check=False)
    assert found.status == "trouble"
    assert "。" in found.message


def test_a_sign_of_life_is_given_again_and_again(tmp_path):
    result = tmp_path / "answer.txt"
    alive = tmp_path / "answer.txt.alive"
    seen = []

    def examine(_):
        for _ in range(2):
            deadline = time.monotonic() + 5
            while not alive.exists() and time.monotonic() < deadline:
                time.sleep(0.01)
            seen.append(alive.exists())
            alive.unlink()
        assert not result.exists()
        return Examination(())

    excel_button.run(tmp_path / "x.xlsm", result, examine, check=True)
    assert seen == [True, True]
    assert [path.name for path in tmp_path.iterdir()] == ["answer.txt"]


def test_the_sign_of_life_says_how_far_the_work_is(tmp_path):
    result = tmp_path / "answer.txt"
    said = iter(["已处理 1/2 份"] * 100)
    with excel_button.alive(result, lambda: next(said)):
        deadline = time.monotonic() + 5
        while not (heard := list(tmp_path.iterdir())) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert [path.name for path in heard] == ["answer.txt.alive"]
        time.sleep(0.1)
        assert heard[0].read_text("ascii") == excel_button.escaped("已处理 1/2 份")
    assert list(tmp_path.iterdir()) == []


def test_the_command_checks_a_workbook(tmp_path):
    book, result = tmp_path / "没有.xlsm", tmp_path / "answer.txt"
    words = ["click", as_the_macro_writes(book), "--result", as_the_macro_writes(result), "--check"]
    assert main(words) == 0
    rows = told(result)
    assert rows[1] == ["status", "findings"]
    assert [row[-1] for row in rows if row[0] == "finding"] == ["F01"]


def test_people_are_sent_to_the_command_for_them(capsys):
    assert main(["click", "x.xlsm"]) == 2
    assert "perfxl check" in capsys.readouterr().err


def test_only_word_documents_are_opened(tmp_path, capsys):
    program = tmp_path / "x.sh"
    program.write_text("")
    assert main(["click", as_the_macro_writes(program), "--open"]) == 3
    assert "x.sh" in capsys.readouterr().err
