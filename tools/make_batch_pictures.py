"""Makes the pictures of docs/batch.md: the console after a run, the summary, a letter, and what a unit has changed.

    python -m tools.make_batch_pictures

Needs LibreOffice, Xvfb, xdotool, ImageMagick, poppler and Chromium. The pictures show the fonts of the machine that
made them.
"""

import json
import shutil
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from perfxl.batch.discovery import SUMMARY
from perfxl.batch.output_folder import RESENT, RETURNED
from perfxl.batch.regenerate import regenerate
from perfxl.batch.run import Options
from perfxl.document.printing import libreoffice
from perfxl.storage.files import CONSOLE
from perfxl.workbook.form.form import write
from tools.make_guide_pictures import HOME, PICTURES, PLAN, WORKING, Office, screen, shrink

_OFFICES = (
    *("农业农村局", "教育局", "卫生健康局", "交通运输局", "文化和旅游局", "市场监督管理局", "民政局", "司法局"),
    *("水务局", "公安局"),
)
_SLIPS = {"水务局": {"budget_amount": 99}, "公安局": {"project_name": None}}
_LIST = "应报名单.txt"
_MENDED, _PURPOSE = "公安局", "用于执法装备购置15万元、维护21万元。"


def plan_of(number: int, office: str, slips: dict[str, dict[str, object]]) -> dict[str, object]:
    """Return the plan of a unit, with its slips."""
    plan = json.loads((HOME / "tests" / "valid_plan.json").read_text("utf-8"))
    plan |= {"unit_code": f"{402000 + number}", "unit_name": f"某县{office}"}
    for at, project in enumerate(plan["projects"]):
        project["project_code"] = f"13020025P{number:05d}0000{at:02d}X"
        project["indicators"][0]["description"] = f"{office}全年完成的数量"
    plan["projects"][0] |= slips.get(office, {})
    return dict(plan)


def write_units(folder: Path) -> None:
    """Write what the units of a county hand in, most of it well, and the list of those that have to report."""
    folder.mkdir()
    for number, office in enumerate(_OFFICES, 1):
        (folder / f"{office}.xlsx").write_bytes(write(PLAN, plan_of(number, office, _SLIPS)))
    (folder / "审计局.xls").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600))
    names = [f"{402000 + number},某县{office}" for number, office in enumerate((*_OFFICES, "财政局"), 1)]
    (folder.parent / _LIST).write_text("\n".join(names), "utf-8")


def console(folder: Path, display: str) -> Path:
    """Return the picture of the console after a run."""
    book, shot = folder / f"{CONSOLE}.xlsm", folder / "console.png"
    shutil.copy(HOME / "templates" / book.name, book)
    with closing(Office(folder, "window", DISPLAY=display)) as office:
        office.program(WORKING)
        typed = [["set", "控制台", "B4", str(folder / "报送")], ["set", "控制台", "B7", str(folder / _LIST)]]
        run = ["click", "控制台", "全部生成", str(folder / "报送-成品" / SUMMARY[0])]
        office.run(book, *typed, run, ["screenshot", str(shot)], sheet="控制台")
    return shot


def send_again(folder: Path) -> Path:
    """Have a unit send its mended form, run once more, and return the folder of what is made."""
    number = _OFFICES.index(_MENDED) + 1
    plan = plan_of(number, _MENDED, {_MENDED: {"use_of_funds": _PURPOSE}})
    (folder / "报送" / f"{_MENDED}.xlsx").write_bytes(write(PLAN, plan))
    output = folder / "报送-成品"
    regenerate(folder / "报送", output, Options(HOME, units=folder / _LIST), lambda _done, _total: None)
    return output


def paper(document: bytes, target: Path, said: str, crop: str) -> None:
    """Write the page of a document that says something as a picture, or a part of it in ImageMagick's words."""
    program = libreoffice.program()
    assert program
    with libreoffice.Office(program) as office, tempfile.TemporaryDirectory() as name:
        source, shot = Path(name) / "a.pdf", Path(name) / "a"
        source.write_bytes(office.printed(document).pdf)
        text = subprocess.run(["pdftotext", str(source), "-"], check=True, capture_output=True).stdout.decode()
        page = next(number for number, words in enumerate(text.split("\f"), 1) if said in "".join(words.split()))
        words = ["pdftoppm", "-png", "-singlefile", "-r", "75", "-f", str(page), "-l", str(page)]
        subprocess.run([*words, str(source), str(shot)], check=True)
        subprocess.run(
            ["convert", f"{shot}.png", "-crop", crop, "+repage", "+dither", "-colors", "32", f"png8:{target}"],
            check=True,
        )
    print(target)


def page(path: Path, target: Path) -> None:
    """Write a page of the web as a picture."""
    with tempfile.TemporaryDirectory() as name:
        shot = Path(name) / "a.png"
        words = ["--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1000,760", f"--screenshot={shot}"]
        subprocess.run(["chromium", *words, path.as_uri()], check=True, capture_output=True)
        subprocess.run(
            ["convert", str(shot), "-resize", "80%", "+dither", "-colors", "48", f"png8:{target}"], check=True
        )
    print(target)


def main() -> None:
    with tempfile.TemporaryDirectory() as name, screen() as display:
        folder = Path(name)
        write_units(folder / "报送")
        shrink(console(folder, display), PICTURES / "console.png")
        letter = next((folder / "报送-成品" / RETURNED).rglob(f"{_MENDED}*.docx")).read_bytes()
        output = send_again(folder)
        page(output / SUMMARY[2], PICTURES / "batch-summary.png")
        paper(letter, PICTURES / "batch-letter.png", _MENDED, "620x520+0+0")
        changed = next((output / RESENT).rglob("*.docx")).read_bytes()
        paper(changed, PICTURES / "batch-changes.png", _PURPOSE, "620x480+0+0")


if __name__ == "__main__":
    main()
