"""Makes the pictures of docs/gallery.md and docs/styles.md from the golden documents and the examples.

    python tools/make_pictures.py

Needs LibreOffice and poppler's pdftoppm. The pictures show the fonts of the machine that made them.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from perfxl.document.contents.toc import numbers
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.printing.libreoffice import Office, program
from perfxl.document.printing.page_numbers import paged
from perfxl.document.render import render
from perfxl.document.template.context import context
from perfxl.report_type import catalog
from perfxl.report_type.json_data import loads

HOME = catalog.home()
PICTURES = HOME / "docs" / "pictures"
RESOLUTION = 55  # dots an inch: readable on a screen, 15 kB a page
PLANS = (
    "beidaihe-gongshanglian-2021",
    "beidaihe-zhengxie-2021",
    "linxi-gongshanglian-2023",
    "tangshan-gongshanglian-2025",
)
LOOKS = {"standard": "performance_plan.docx", "plain": "performance_plan.plain.docx"}
SHOWN = "linxi-gongshanglian-2023"  # the plan of the styles page


def pictures(pdf: bytes, name: str, pages: dict[str, int]) -> None:
    """Write `docs/pictures/NAME-KEY.png` for each of `pages`."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.pdf"
        source.write_bytes(pdf)
        for key, page in pages.items():
            target = PICTURES / f"{name}-{key}"
            command = [
                "pdftoppm",
                "-png",
                "-gray",
                "-singlefile",
                "-r",
                str(RESOLUTION),
                "-f",
                str(page),
                "-l",
                str(page),
            ]
            subprocess.run([*command, str(source), str(target)], check=True)
            print(target.with_suffix(".png"))


def chosen(document: bytes) -> dict[str, int]:
    """Return the pages that are shown: cover, 目录, the first page of text, the first project."""
    found = list(numbers(read_parts(document)["word/document.xml"].decode()).values())
    projects = found[5:]  # after the two parts and the three sections of the first
    return {"cover": 1, "contents": 2, "text": found[1], "project": projects[0]}


def main() -> None:
    soffice = program()
    assert soffice, "LibreOffice is not installed"
    PICTURES.mkdir(parents=True, exist_ok=True)
    report_type = catalog.load(HOME, "performance_plan")
    with Office(soffice, warm=True) as office:
        for name in PLANS:
            document = (HOME / "examples" / f"{name}.docx").read_bytes()
            pictures(office.printed(document).pdf, name, chosen(document))
        values = loads((HOME / "examples" / f"{SHOWN}.json").read_bytes(), report_type)
        texts = context(values, report_type.schema)
        for look, template in LOOKS.items():
            result = paged(render((HOME / "templates" / template).read_bytes(), texts), office, pdf=True)
            assert result.pdf
            pictures(result.pdf, f"look-{look}", chosen(result.document))


if __name__ == "__main__":
    main()
