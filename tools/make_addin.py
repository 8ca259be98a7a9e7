"""Makes templates/perfxl.xlam, the Excel add-in, from the text of its macros. The same text gives the same bytes.

    python -m tools.make_addin [TARGET]

An add-in is a workbook with macros of another content type; its ribbon is a part of the package ([MS-CUSTOMUI2]).
"""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from perfxl.model.addresses import Range
from perfxl.report_type import catalog
from perfxl.report_type.model import TEXTS_NAME
from perfxl.workbook.form.cell_styles import style
from perfxl.workbook.form.page_layout import absolute, quoted
from perfxl.workbook.form.xlsx_writer import FormBook, Pen
from perfxl.workbook.macros import form_buttons
from perfxl.workbook.macros.vba_project import vba_project

TITLE = "绩效文本"
_SHEET = "文字"
_RIBBON = "customUI/customUI14.xml"
_WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_RELATED = (
    '<Relationship Id="rIdRibbon" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"'
    f' Target="{_RIBBON}"/>'
)


def modules(home: Path) -> dict[str, str]:
    """Return the modules of the add-in: those of the form, and those of the ribbon."""
    more = {path.stem: path.read_text("ascii") for path in sorted((home / "templates/macro/addin").glob("*.bas"))}
    return {**form_buttons.load(home).modules, **more}


def texts(home: Path) -> dict[str, str]:
    """Return what the macros of the add-in say, by key."""
    described = json.loads((home / "templates/macro/addin/addin.json").read_bytes())
    return {**form_buttons.load(home).texts, **described["texts"]}


def addin(home: Path) -> bytes:
    """Return the add-in."""
    book = FormBook(TITLE, datetime(2000, 1, 1))
    pen = book.sheet(_SHEET, "Sheet1")
    write_texts(book, pen, _SHEET, texts(home))
    book.embed(vba_project(modules(home), ["ThisWorkbook", "Sheet1"]))
    return _with_ribbon(book.close(), (home / "templates/macro/addin/customUI14.xml").read_bytes())


def write_texts(book: FormBook, pen: Pen, sheet: str, texts: Mapping[str, str]) -> None:
    """Write what the macros say on a sheet of its own, where they look for it."""
    for row, words in enumerate(texts.items(), 1):
        for column, word in enumerate(words, 1):
            pen.write(Range(row, column, row, column), word, style("plain", num_format="@"))
    pen.columns([24.0, 100.0])
    book.define(TEXTS_NAME, f"{quoted(sheet)}!{absolute(Range(1, 1, len(texts), 2))}")


def _with_ribbon(workbook: bytes, ribbon: bytes) -> bytes:
    """Return the workbook as an add-in with a ribbon of its own."""
    target = BytesIO()
    with ZipFile(BytesIO(workbook)) as source, ZipFile(target, "w", ZIP_DEFLATED) as made:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "[Content_Types].xml":
                part = _replaced(part, _WORKBOOK, _ADDIN)
            elif entry.filename == "_rels/.rels":
                part = _replaced(part, "</Relationships>", _RELATED + "</Relationships>")
            made.writestr(_entry(entry.filename), part)
        made.writestr(_entry(_RIBBON), ribbon)
    return target.getvalue()


def _replaced(part: bytes, old: str, new: str) -> bytes:
    text = part.decode()
    if text.count(old) != 1:
        raise SystemExit(f"{old} is not there once")
    return text.replace(old, new).encode()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    return entry


def main() -> None:
    home = catalog.home()
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else home / "templates" / "perfxl.xlam"
    target.write_bytes(addin(home))
    print(target)


if __name__ == "__main__":
    main()
