"""What a form has for its macros: buttons, the texts they show, and on every sheet a cell that says what to paint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from perfxl.model.addresses import Range
from perfxl.report_type.model import MARKS_NAME, THEN_LENGTH, THEN_NAME
from perfxl.workbook.form.cell_styles import HINT_COLOUR, MENDED_COLOUR, WARNING_COLOUR, WRONG_COLOUR, style
from perfxl.workbook.form.page_layout import FormSheet, absolute
from perfxl.workbook.form.todo_formulas import Counts
from perfxl.workbook.form.xlsx_writer import FormBook, Pen
from perfxl.workbook.macros.vba_project import vba_project

# How cells look by the sign before their address: errors, warnings, hints, and what the program has mended.
_LOOKS = {
    "!": {"bg_color": WRONG_COLOUR, "font_color": "#9C0006"},
    "?": {"bg_color": WARNING_COLOUR},
    "~": {"bg_color": HINT_COLOUR},
    "+": {"bg_color": MENDED_COLOUR},
}

_HEIGHT = 28  # of a button, in pixels like all sizes here
_GAP = 8
_DROP = 6  # from the upper edge of the row of the title


@dataclass(frozen=True)
class Button:
    """A button: the macro that it starts, its caption, and its width in pixels."""

    macro: str
    caption: str
    width: int
    items: bool = False  # has to do with sheets of single items


@dataclass(frozen=True)
class Macros:
    """The macros of a form: modules of VBA by name, the texts that they show by key, and the buttons."""

    modules: Mapping[str, str]
    texts: Mapping[str, str]
    buttons: tuple[Button, ...]

    def project(self, sheets: int) -> bytes:
        """Return the `vbaProject.bin` for a workbook with so many sheets, `Sheet1` and so on by their code names."""
        return vba_project(self.modules, ["ThisWorkbook", *(f"Sheet{number}" for number in range(1, sheets + 1))])


@cache
def load(home: Path) -> Macros:
    """Return the macros that stand in `home/templates/macro`."""
    folder = home / "templates" / "macro"
    described = json.loads((folder / "macro.json").read_bytes())
    return Macros(
        modules={path.stem: path.read_text("ascii") for path in sorted(folder.glob("*.bas"))},
        texts=described["texts"],
        buttons=tuple(Button(**button) for button in described["buttons"]),
    )


def write_marks(book: FormBook, pen: Pen, page: FormSheet) -> None:
    """Provide the cells into which a macro writes what to paint, `!D6,?H3,`, and what stood there; and paint by them.

    Called before any other painting, because what a check found counts for more than what the sheet itself says. A
    cell that holds something else by now has been mended, or is to be checked again, and is painted no longer.
    """
    counts = Counts(page)
    for name, at in ((MARKS_NAME, counts.marks), (THEN_NAME, counts.then)):
        pen.write(at, None, style("plain", locked=False, num_format="@"))
        book.define(name, page.reference(at), page.title)
    pen.columns([8.0], counts.marks.left, hidden=True)
    whole = Range(1, 1, page.last_row, page.last_column)
    marks, then = absolute(counts.marks), absolute(counts.then)
    here = "ADDRESS(ROW(),COLUMN(),4)"
    held = f'"|"&{here}&":"&LEN(A1)&":"&LEFT(A1,{THEN_LENGTH})&"|"'
    for sign, look in _LOOKS.items():
        found = f'ISNUMBER(FIND("{sign}"&{here}&",",{marks}))'
        pen.paint(whole, f'AND({found},OR({then}="",ISNUMBER(FIND({held},{then}))))', look)


def write_buttons(pen: Pen, page: FormSheet, macros: Macros, *, items: bool) -> None:
    """Put the buttons above the title, where the frozen rows keep them in view.

    Those that have to do with single items are there where the form has sheets for `items`.
    """
    title = next((page.place(caption.at) for caption in page.sheet.captions if caption.style == "title"), None)
    row = title.top if title else 1
    left = _GAP
    for button in macros.buttons:
        if button.items and not items:
            continue
        pen.button(Range(row, 1, row, 1), button.caption, button.macro, (left, _DROP, button.width, _HEIGHT))
        left += button.width + _GAP
