"""Makes the pictures of the page in docs/guide.md, taken in Chromium.

    python -m tools.make_page_pictures [绩效文本.html]

Makes the page first unless one is given. Needs Node, Chromium and ImageMagick. Fonts are those of the machine.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from perfxl.report_type import catalog
from perfxl.workbook.form.form import write
from tools import make_page, page_parts

sys.path.append(str(page_parts.ROOT / "tests" / "page"))

from browser import Browser

HOME = catalog.home()
PICTURES = HOME / "docs" / "pictures"
PLAN = catalog.load(HOME, "performance_plan")
_SHRUNK = ["-resize", "74%", "+dither", "-colors", "48"]


def plan(**changes: object) -> bytes:
    """Return the workbook of a plan with its first project changed."""
    data = json.loads((HOME / "tests" / "valid_plan.json").read_text("utf-8"))
    data["projects"][0] |= changes
    return write(PLAN, data)


def main() -> None:
    with tempfile.TemporaryDirectory() as name, closing(Browser(page_parts.node_modules())) as browser:
        folder = Path(name)
        page = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else folder / make_page.TARGET
        if not page.exists():
            page.write_bytes(make_page.page())
        workbook = folder / "2025年预算绩效填报表.xlsx"
        browser.open(file=str(page), width=1100, height=640)
        browser.wait(selector="body[data-ready=yes]", state="attached")
        shots = [folder / f"page-{shown}.png" for shown in ("start", "findings", "done")]
        browser.picture(path=str(shots[0]))
        for shot, data in ((shots[1], plan(project_name=None, budget_amount=99)), (shots[2], plan())):
            workbook.write_bytes(data)
            browser.evaluate(expression="document.getElementById('result').replaceChildren()")
            browser.choose(selector="#files", files=[str(workbook)])
            browser.wait(selector="#result .verdict")
            browser.evaluate(expression="document.activeElement.blur()")
            browser.size(width=1100, height=820)
            browser.picture(path=str(shot))
        for shot in shots:
            target = PICTURES / shot.name
            subprocess.run(["convert", str(shot), *_SHRUNK, f"png8:{target}"], check=True)
            print(target)


if __name__ == "__main__":
    main()
