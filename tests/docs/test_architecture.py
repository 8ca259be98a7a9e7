"""docs/architecture.md speaks of modules that exist, and its picture is the one that the code gives."""

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def test_every_module_that_is_named_is_there():
    named = [name for name in re.findall(r"`([a-z_/]+\.(?:py|json))`", PAGE) if "/" in name]
    assert len(named) > 25
    places = (ROOT, ROOT / "perfxl")
    assert [name for name in named if not any((place / name).is_file() for place in places)] == []


def test_the_picture_is_fresh():
    tool = runpy.run_path(str(ROOT / "tools" / "make_architecture.py"))
    assert tool["PICTURE"].read_text("utf-8") == tool["drawing"](), "run python -m tools.make_architecture"
