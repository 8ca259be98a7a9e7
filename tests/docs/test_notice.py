"""NOTICE names every library that perfxl brings along, with its licence; SECURITY.md keeps to what the program does."""

import importlib
import sys
from pathlib import Path

from perfxl.storage.files import MAX_FILE

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
bombs, make_notice = (importlib.import_module(name) for name in ("bombs", "make_notice"))
NOTICE = (ROOT / "NOTICE").read_text("utf-8")


def test_every_library_that_is_brought_along_is_named_with_its_licence():
    written = {tuple(line.split()[:2]) for line in NOTICE.splitlines()}
    needed = [tuple(line.split()[:2]) for line in make_notice.notice().splitlines() if line.startswith("  ")]
    assert len(needed) > 20
    assert [each for each in needed if each not in written] == []


def test_what_the_lgpl_asks_of_a_bundle_is_said():
    assert ("docxtpl", "LGPL-2.1-only") in {tuple(line.split()[:2]) for line in NOTICE.splitlines()}
    assert "keep this file in the folder" in NOTICE


def test_the_promised_bounds_are_those_that_are_kept():
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    assert f"最多 {MAX_FILE // 2**20} MiB" in text
    assert f"不超过 {bombs.MEGABYTES} MB 内存" in text
    assert f"{bombs.SECONDS} 秒处理器时间" in text
