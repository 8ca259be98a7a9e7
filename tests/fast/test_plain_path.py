"""Without the accelerators: the same findings, data and documents, byte for byte, by the four libraries alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from batch_files import documents

from perfxl.report_type import catalog

HOME = catalog.home()
EXAMPLES = sorted((HOME / "examples").glob("*.xlsx"))
SCRIPT = """
import contextlib, io, sys
from pathlib import Path
from perfxl.__main__ import main
loaded, told = [], []
for words in (["check", "--json"], ["data"], ["report", "--draft", "--contents", "estimate", "--json"]):
    sys.argv = ["perfxl", words[0], *sys.argv[1:], *words[1:]]
    with contextlib.redirect_stdout(io.StringIO()) as answer:
        main()
    told.append(answer.getvalue())
    sys.argv = ["perfxl", sys.argv[2]]
sys.stderr.write(" ".join(sorted(sys.modules)))
sys.stdout.write("".join(told))
"""
LIBRARIES = {"openpyxl", "jsonschema", "docxtpl"}


def outcome(example, folder, source=HOME, **environment):
    """Return what the commands print on an example, the document that they make, and the modules that they load."""
    folder.mkdir()
    book = folder / "填报表.xlsx"
    book.write_bytes(example.read_bytes())
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, book.name], cwd=folder, check=True, capture_output=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(source), **environment},
    )  # fmt: skip
    return run.stdout, book.with_suffix(".docx").read_bytes(), set(run.stderr.split())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_plain_path_gives_the_same(example, tmp_path):
    fast = outcome(example, tmp_path / "fast")
    plain = outcome(example, tmp_path / "plain", PERFXL_PLAIN="1")
    assert plain[:2] == fast[:2]
    assert plain[2] >= LIBRARIES
    assert not any(name.startswith("perfxl.fast.") for name in plain[2])


def test_the_accelerators_are_at_work_where_nothing_is_said(tmp_path):
    outcome(EXAMPLES[0], tmp_path / "first")
    loaded = outcome(EXAMPLES[0], tmp_path / "second")[2]
    assert {"perfxl.fast.workbook.reader", "perfxl.fast.template.program", "perfxl.fast.patterns"} <= loaded
    assert not {"openpyxl", "docxtpl"} & loaded


@pytest.fixture(scope="module")
def without_annex(tmp_path_factory):
    """A copy of the program from which the accelerators were taken away."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("perfxl", "schemas", "templates", "profiles"):
        shutil.copytree(HOME / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "fast"))
    assert not (copy / "perfxl" / "fast").exists()
    return copy


def test_without_the_annex_everything_still_works(without_annex, tmp_path):
    example = EXAMPLES[0]
    assert outcome(example, tmp_path / "copy", without_annex)[:2] == outcome(example, tmp_path / "whole")[:2]


def test_without_the_annex_a_folder_is_made_as_well(without_annex, tmp_path):
    units = tmp_path / "报送"
    units.mkdir()
    for example in EXAMPLES[:3]:
        shutil.copy(example, units)
    output = tmp_path / "成品"
    words = [sys.executable, "-m", "perfxl", "batch", str(units), "-o", str(output), "--draft", "--jobs", "2"]
    environment = {**os.environ, "PYTHONPATH": str(without_annex)}
    run = subprocess.run(words, cwd=tmp_path, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert run.returncode == 1, run.stderr  # the originals have errors
    assert len(documents(output)) == 3


def test_nothing_is_kept_for_the_plain_path(tmp_path, monkeypatch):
    from perfxl.storage import cache

    monkeypatch.setenv("PERFXL_CACHE", str(tmp_path / "kept"))
    monkeypatch.setenv("PERFXL_PLAIN", "1")
    cache.keep("thing", b"key", b"content")
    assert not Path(tmp_path / "kept").exists()
    monkeypatch.delenv("PERFXL_PLAIN")
    cache.keep("thing", b"key", b"content")
    assert cache.kept("thing", b"key") == b"content"
    monkeypatch.setenv("PERFXL_PLAIN", "1")
    assert cache.kept("thing", b"key") is None
