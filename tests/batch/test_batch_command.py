"""`perfxl batch`: what it says, what it returns, and what it needs of the machine."""

import json
import os
import pty
import subprocess
import sys

import pytest
from batch_files import documents

from perfxl.batch import messages
from perfxl.batch.progress import Progress, sentence
from perfxl.cli.main import main


def command(*words, **options):
    line = [sys.executable, "-m", "perfxl", "batch", *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, check=False, **options)


def test_the_command_says_what_was_done_and_what_is_to_mend(county, output, capsys):
    (county / "坏的.xlsx").write_bytes(b"nothing")
    assert main(["batch", str(county), "-o", str(output), "--draft"]) == 1
    said = capsys.readouterr().out
    assert "坏的.xlsx  读不出来，错误 1 处：这不是 Excel 工作簿" in said
    assert "共 5 份填报表，这次处理了 5 份" in said
    main(["batch", str(county), "-o", str(output), "--draft"])
    assert "（没有变化）" in capsys.readouterr().out


def test_json_is_one_value_with_every_workbook(county, output, capsys):
    (county / "坏的.xlsx").write_bytes(b"nothing")
    assert main(["batch", str(county), "-o", str(output), "--draft", "--json"]) == 1
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert captured.err == ""
    assert (told["workbooks"], told["processed"], len(told["files"])) == (5, 5, 5)
    assert {"file": "坏的.xlsx", "state": "unread", "document": None, "errors": 1, "warnings": 0} in told["files"]


def test_an_empty_folder_is_well(tmp_path, output, capsys):
    (tmp_path / "空").mkdir()
    assert main(["batch", str(tmp_path / "空"), "-o", str(output)]) == 0
    assert "共 0 份" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["没有这个文件夹", "-o", "x"], "不存在"),
        ([".", "-o", "x", "--jobs", "0"], "--jobs"),
        ([".", "-o", __file__], "不是文件夹"),
        ([".", "-o", "x", "--control", "没有.csv"], "读不到"),
        (["."], "缺少"),
    ],
)
def test_wrong_words_are_answered_in_chinese(words, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["batch", *words]) in (2, 3)
    assert said in capsys.readouterr().err


def test_progress_is_one_line_on_a_terminal(county, output):
    here, there = pty.openpty()
    line = [sys.executable, "-m", "perfxl", "batch", str(county), "-o", str(output), "--draft", "--jobs", "1"]
    run = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=there)
    os.close(there)
    said = b""
    while True:
        try:
            block = os.read(here, 4096)
        except OSError:  # the other end is closed
            break
        if not block:
            break
        said += block
    run.wait()
    os.close(here)
    last = said.decode().replace("\r\n", "\n").split("\r")[-1]
    assert "已处理 4/4 份，每秒" in last


def test_a_run_goes_on_where_nobody_reads_its_progress(county, output):
    reader, writer = os.pipe()
    os.close(reader)
    line = [sys.executable, "-m", "perfxl", "batch", str(county), "-o", str(output), "--draft", "--jobs", "1"]
    run = subprocess.run(line, stdout=subprocess.PIPE, stderr=writer, check=False)
    os.close(writer)
    assert (run.returncode, len(documents(output))) == (0, 4)
    assert "共 4 份填报表" in run.stdout.decode()


def test_progress_is_quiet_without_a_stream(capsys):
    Progress(None)(1, 1)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (30, 120, 1.0, "已处理 30/120 份，每秒 30 份，还要 3 秒"),
        (1, 1000, 1.0, "已处理 1/1000 份，每秒 1.0 份，还要 17 分钟"),
        (5, 5, 0.0, "已处理 5/5 份，每秒 0.0 份"),
    ],
)
def test_progress_says_count_rate_and_time_left(done, total, seconds, said):
    assert sentence(done, total, seconds) == said


MEASURE = """
import resource, sys
from perfxl.cli.main import main
status = main(["batch", sys.argv[1], "-o", sys.argv[2], "--draft", "--jobs", sys.argv[3]])
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss), own, file=sys.stderr)
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_memory_does_not_grow_with_the_number_of_workbooks(tmp_path, unit, jobs):
    peaks = []
    for count in (10, 400):
        folder = tmp_path / f"in{count}"
        folder.mkdir()
        for number in range(count):
            (folder / f"{number}.xlsx").write_bytes(unit(number % 10 + 1))
        words = [sys.executable, "-c", MEASURE, str(folder), str(tmp_path / f"out{count}"), str(jobs)]
        run = subprocess.run(words, capture_output=True, text=True, check=True)
        peaks.append([int(word) for word in run.stderr.strip().splitlines()[-1].split()])
    (few, few_own), (many, many_own) = peaks
    assert many < 1.2 * few
    assert many_own < 1.2 * few_own


@pytest.mark.parametrize(
    ("address", "guarded"),
    [
        ("127.0.0.1:8786", True),
        ("tcp://localhost:8786", True),
        ("tcp://[::1]:8786", True),
        ("tls://10.0.0.5:8786", True),
        ("10.0.0.5:8786", False),
        ("tcp://0.0.0.0:8786", False),
        ("tcp://finance.example:8786", False),
        ("tcp://[broken", False),
    ],
)
def test_a_scheduler_that_everybody_can_speak_with_is_refused_unless_asked_for_by_name(
    county, output, capsys, address, guarded
):
    """It runs whatever it is sent."""
    assert messages.is_guarded(address) == guarded
    if not guarded:
        assert main(["batch", str(county), "-o", str(output), "--scheduler", address]) == 2
        assert "--open-network" in capsys.readouterr().err
        assert not output.exists()
