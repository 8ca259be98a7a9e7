"""Makes the pictures of docs/guide.md: the form and its buttons, clicked in LibreOffice on a screen of its own.

    python -m tools.make_guide_pictures

Needs LibreOffice, Xvfb, xdotool and ImageMagick. The pictures show the fonts of the machine that made them.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from perfxl import beside, catalog
from perfxl.workbook import buttons
from perfxl.workbook.form import write

HOME = catalog.home()
PICTURES = HOME / "docs" / "pictures"
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


def main() -> None:
    report_type = catalog.load(HOME, "performance_plan")
    with tempfile.TemporaryDirectory() as name, screen() as display:
        folder = Path(name)
        book = folder / "填报表.xlsm"
        book.write_bytes(write(report_type, wrong_plan(), macros=buttons.load(HOME)))
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
            made = beside.make(book, book.read_bytes(), HOME, book.stem)
            office.run(made.opinion, ["screenshot", str(shots[4])], sheet="检查意见")
        for shot in shots:
            target = PICTURES / shot.name
            subprocess.run(["convert", str(shot), *_SHRUNK, f"png8:{target}"], check=True)
            print(target)


if __name__ == "__main__":
    main()
