"""A folder full of trouble: every good workbook is made, every bad one has its line."""

import json
import os
import random
import resource
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from perfxl.batch.outcome import Settings, Task
from perfxl.batch.worker import Worker


def bomb():
    """A small archive that unpacks to 200 MB of XML."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 35_000_000)
    return target.getvalue()


@pytest.fixture(scope="module")
def troubles():
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")
    return {
        "bomb": bomb(),
        "encrypted": encrypted,
        "empty": b"",
        "text": b"a,b\n1,2\n",
        "zip": b"PK\x03\x04" + b"\0" * 99,
    }


def test_the_good_ones_are_made_and_each_bad_one_has_its_line(tmp_path, unit, troubles, tree):
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    chance = random.Random(6)
    good = [unit(number) for number in range(1, 7)]
    made, bad = [], []
    for number in range(40):
        (folder / f"好{number}.xlsx").write_bytes(chance.choice(good))
        made.append(f"好{number}.docx")
    for number in range(12):
        data = bytearray(chance.choice(good))
        for _ in range(20):
            data[chance.randrange(len(data))] = chance.randrange(256)
        name, trouble = chance.choice(list(troubles.items()))
        (folder / f"坏{number}.xlsx").write_bytes(bytes(data[: chance.randrange(100, len(data))]))
        (folder / f"{name}{number}.xlsx").write_bytes(trouble)
        bad += [f"坏{number}.xlsx", f"{name}{number}.xlsx"]
    (folder / "链接.xlsx").symlink_to("/etc/passwd")
    with (folder / "巨大.xlsx").open("wb") as huge:
        huge.truncate(2**33)
    bad += ["链接.xlsx", "巨大.xlsx"]
    words = [sys.executable, "-m", "perfxl", "batch", str(folder), "-o", str(output), "--draft", "--json"]

    def small():
        # Of each process; a bomb that went off would need more.
        resource.setrlimit(resource.RLIMIT_AS, (1500 * 2**20, 1500 * 2**20))

    run = subprocess.run(words, capture_output=True, check=False, preexec_fn=small)
    assert run.returncode == 1, run.stderr.decode()
    lines = {line["file"]: line for line in json.loads(run.stdout)["files"]}
    assert [name for name in bad if name not in lines or not (lines[name]["errors"] or lines[name]["warnings"])] == []
    assert [name for name in made if name not in tree(output)] == []
    assert {line["state"] for name, line in lines.items() if name.startswith("好")} <= {"made", "draft"}


def test_a_workbook_that_vanishes_or_becomes_a_link_is_told(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "link.xlsx").symlink_to("/etc/passwd")
    worker = Worker(Settings(tmp_path, tmp_path / "parts", tmp_path, "", False))
    assert [worker.make(Task(name, "")).state for name in ("gone.xlsx", "link.xlsx")] == ["trouble", "trouble"]


def test_a_link_in_the_output_leads_nowhere(county, output, batch, notices, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    output.mkdir()
    (output / "城区").symlink_to(tmp_path / "elsewhere")
    report = batch(county)
    assert report.status == 3
    assert os.listdir(tmp_path / "elsewhere") == []  # noqa: PTH208
    assert notices() == [("B07", "城区/第1局.xlsx"), ("B07", "城区/第2局.xlsx")]
    assert (output / "乡镇" / "第3局.docx").is_file()
