"""Makes the pictures of docs/guide.md, and the console's of docs/batch.md, clicked in LibreOffice on its own screen.

    python -m tools.make_guide_pictures

Needs LibreOffice, Xvfb, xdotool and ImageMagick. The pictures show the fonts of the machine that made them.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from perfxl.batch.discovery import SUMMARY
from perfxl.interfaces import results_beside
from perfxl.report_type import catalog
from perfxl.storage.files import CONSOLE
from perfxl.workbook.form.form import write
from perfxl.workbook.macros import form_buttons

HOME = catalog.home()
PICTURES = HOME / "docs" / "pictures"
PLAN = catalog.load(HOME, "performance_plan")
sys.path += [str(HOME / "tests"), str(HOME / "tests" / "workbook")]

from macro_calc import WORKING, Office  # noqa: E402 - what clicks in LibreOffice belongs to the tests
from screen import screen  # noqa: E402

_OFFICES = (
    *("农业农村局", "教育局", "卫生健康局", "交通运输局", "文化和旅游局", "市场监督管理局", "民政局", "司法局"),
    *("水务局", "公安局"),
)
_SLIPS = {"水务局": {"budget_amount": 99}, "公安局": {"project_name": None}}
_SHRUNK = ["-crop", "1500x1000+0+0", "-resize", "62%", "+dither", "-colors", "48"]


def wrong_plan() -> dict[str, object]:
    """Return a plan with slips that people make: a sum that is off, a name forgotten, a percentage as a fraction."""
    plan = json.loads((HOME / "tests" / "valid_plan.json").read_text("utf-8"))
    project = plan["projects"][0]
    project["project_name"] = None
    project["budget_amount"] = 99
    project["expenditure_schedule"]["by_dec"] = 1
    return plan


def write_units(folder: Path) -> None:
    """Write what the units of a county hand in: most of it well, two plans with slips, one file of another kind."""
    folder.mkdir()
    for number, office in enumerate(_OFFICES, 1):
        plan = json.loads((HOME / "tests" / "valid_plan.json").read_text("utf-8"))
        plan |= {"unit_code": f"{402000 + number}", "unit_name": f"某县{office}"}
        for at, project in enumerate(plan["projects"]):
            project["project_code"] = f"13020025P{number:05d}0000{at:02d}X"
            project["indicators"][0]["description"] = f"{office}全年完成的数量"
        plan["projects"][0] |= _SLIPS.get(office, {})
        (folder / f"{office}.xlsx").write_bytes(write(PLAN, plan))
    (folder / "审计局.xls").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600))


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


def console(folder: Path, display: str) -> list[Path]:
    """Return the picture of the console after a run."""
    book, shot = folder / f"{CONSOLE}.xlsm", folder / "console.png"
    write_units(folder / "报送")
    shutil.copy(HOME / "templates" / book.name, book)
    with closing(Office(folder, "window", DISPLAY=display)) as office:
        office.program(WORKING)
        typed = ["set", "控制台", "B4", str(folder / "报送")]
        run = ["click", "控制台", "全部生成", str(folder / "报送-成品" / SUMMARY[0])]
        office.run(book, typed, run, ["screenshot", str(shot)], sheet="控制台")
    return [shot]


def main() -> None:
    for make in (guide, console):
        with tempfile.TemporaryDirectory() as name, screen() as display:
            for shot in make(Path(name), display):
                target = PICTURES / shot.name
                subprocess.run(["convert", str(shot), *_SHRUNK, f"png8:{target}"], check=True)
                print(target)


if __name__ == "__main__":
    main()
