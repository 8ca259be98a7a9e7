"""Makes the pictures of docs/guide.md, clicked in LibreOffice on its own screen.

    python -m tools.make_guide_pictures

Needs LibreOffice, Xvfb, xdotool and ImageMagick. The pictures show the fonts of the machine that made them.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from perfxl.interfaces import results_beside
from perfxl.report_type import catalog
from perfxl.workbook.form.form import write
from perfxl.workbook.macros import form_buttons

HOME = catalog.home()
PICTURES = HOME / "docs" / "pictures"
PLAN = catalog.load(HOME, "performance_plan")
sys.path += [str(HOME / "tests"), str(HOME / "tests" / "workbook")]

from macro_calc import WORKING, Office  # noqa: E402 - what clicks in LibreOffice belongs to the tests
from screen import screen  # noqa: E402

_SHRUNK = ["-crop", "1500x1000+0+0", "-resize", "62%", "+dither", "-colors", "48"]


def wrong_plan() -> dict[str, object]:
    """Return a plan with slips that people make: a sum that is off, a name forgotten, a percentage as a fraction."""
    plan = json.loads((HOME / "tests" / "valid_plan.json").read_text("utf-8"))
    project = plan["projects"][0]
    project["project_name"] = None
    project["budget_amount"] = 99
    project["expenditure_schedule"]["by_dec"] = 1
    return plan


def guide(folder: Path, display: str) -> list[Path]:
    """Return pictures of the form and of what its buttons do."""
    book = folder / "填报表.xlsm"
    book.write_bytes(write(PLAN, wrong_plan(), macros=form_buttons.load(HOME)))
    shots = [folder / f"guide-{what}.png" for what in ("form", "message", "findings", "list", "opinion")]
    with closing(Office(folder, "window", DISPLAY=display, PERFXL_QUIET="0")) as office:
        office.program(WORKING)
        office.run(
            book,
            ["screenshot", str(shots[0])],
            ["click", "项目1", "检查", ""],
            ["screenshot", str(shots[1])],
            ["answer", "绩效文本"],
            ["screenshot", str(shots[2])],
            ["show", "检查"],
            ["screenshot", str(shots[3])],
            sheet="项目1",
        )
        made = results_beside.make(book, book.read_bytes(), HOME, book.stem)
        office.run(made.opinion, ["screenshot", str(shots[4])], sheet="检查意见")
    return shots


def shrink(shot: Path, target: Path) -> None:
    """Write a picture of the screen as small as it may be in the docs."""
    subprocess.run(["convert", str(shot), *_SHRUNK, f"png8:{target}"], check=True)
    print(target)


def main() -> None:
    with tempfile.TemporaryDirectory() as name, screen() as display:
        for shot in guide(Path(name), display):
            shrink(shot, PICTURES / shot.name)


if __name__ == "__main__":
    main()
