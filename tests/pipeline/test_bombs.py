"""Files that are small and would take much: every door refuses or reads them within bounds, and says why.

`tools/bomb_files.py` makes them and has more. Each is read by a process of its own, so that what it takes is its alone.
"""

import sys
from pathlib import Path

import plans
import pytest

from perfxl.checks.arrange import MOST_OF_A_KIND
from perfxl.fast.workbook.reader import read_fast
from perfxl.pipeline.examine import examine
from perfxl.workbook.cells import Cells
from perfxl.workbook.reading import budget
from perfxl.workbook.reading.reader import read

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import bomb_files
import bombs

HOME = plans.HOME
# Those that took longest or most once, and those just below what is refused.
WORST = (
    "cells: 4 million in a row", "cells: 10,000 pasted", "styles: 10 million", "sheet: nested", "sheet: empty elements",
    "sheet: an attribute of 60 MiB", "strings: struck out", "merges: 500,000", "names: one of 60 MB",
    "workbook: 100,000 sheets of one part", "format: 200 kB of minutes", "formula: 200 kB of brackets",
    "text: 32,000 of 一", "text: of 60 MB in a cell", "archive: overlapping entries", "archive: 10 GB of noughts",
    "below: 220,000 cells in rows", "below: 150,000 words in their places", "below: 3,000 formulas of 8 kB with marks",
    "document: nested elements", "document: a table of 100,000 rows",
)  # fmt: skip


@pytest.mark.parametrize("name", WORST)
def test_a_bomb_is_told_of_within_bounds(name, tmp_path):
    (tmp_path / "out").mkdir()
    file = tmp_path / f"bomb{bomb_files.suffix(name)}"
    file.write_bytes(bomb_files.BOMBS[name]())
    came = bombs.spent(["check", str(file), "--json"])
    assert came.is_bounded, came
    assert came.status in (0, 1), came.output


@pytest.mark.parametrize("command", ["report", "click", "watch"])
@pytest.mark.parametrize("name", ["cells: 4 million in a row", "archive: overlapping entries", "cells: 10,000 pasted"])
def test_every_door_keeps_within_bounds(command, name, tmp_path):
    (tmp_path / "out").mkdir()
    file = tmp_path / "bomb.xlsx"
    file.write_bytes(bomb_files.BOMBS[name]())
    came = bombs.spent([*bombs.command(command, file), *(["--poll", "1"] if command == "watch" else [])])
    assert came.is_bounded, came


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("cells: 4 million in a row", "格子和行"),
        ("styles: 10 million", "MB"),
        ("sheet: a million attributes", "字节"),
        ("format: 200 kB of minutes", "数字格式长达200,000个字符"),
        ("formula: 200 kB of brackets", "公式长达200,000个字符"),
        ("workbook: 100,000 sheets of one part", "张工作表"),
        ("merges: 500,000", "格子和行"),
    ],
)
def test_what_is_too_much_is_named(name, what):
    (finding,) = examine(bomb_files.BOMBS[name](), "a.xlsx", HOME).findings
    assert finding.code in ("F05", "F07")
    assert what in finding.message


@pytest.mark.parametrize("name", [name for name in bomb_files.BOMBS if name.startswith("below:")][:6])
def test_what_is_refused_by_one_reader_is_refused_by_both(name):
    data = bomb_files.BOMBS[name]()
    fast = read_fast(data)
    assert isinstance(read(data), Cells)
    assert fast is None or isinstance(fast, Cells)


def test_a_form_of_sixty_projects_is_far_from_the_bounds():
    spent = budget.Budget()
    data = plans.book({})
    assert isinstance(read(data), Cells)
    assert spent.spend("xl/worksheets/sheet1.xml", b"<c/>" * (budget.MAX_IN_TREE - 1))
    with pytest.raises(budget.Excess):
        spent.spend("xl/styles.xml", b"<c/>" * (budget.MAX_IN_TREE + 1))


def test_of_very_many_findings_of_a_kind_the_first_are_listed_and_all_counted():
    found = examine(bomb_files.BOMBS["cells: 10,000 pasted"](), "a.xlsx", HOME).findings
    outside = [finding for finding in found if finding.code == "T06"]
    assert len(outside) <= 2 * MOST_OF_A_KIND
    told = [finding for finding in found if finding.code == "V30"]
    assert told
    assert (
        sum(int("".join(filter(str.isdigit, each.message.split("一共有")[1].split("处")[0]))) for each in told) >= 9_000
    )
    assert {each.severity for each in told} <= {each.severity for each in outside}
