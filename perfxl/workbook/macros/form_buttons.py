"""What a form has for its macros: buttons, the texts they show, and on every sheet a cell that says what to paint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from perfxl.model.addresses import Range
from perfxl.report_type.model import MARKS_NAME
from perfxl.workbook.form.cell_styles import MISSING_COLOUR, WRONG_COLOUR, style
from perfxl.workbook.form.page_layout import FormSheet, absolute
from perfxl.workbook.form.todo_formulas import Counts
from perfxl.workbook.form.xlsx_writer import FormBook, Pen
from perfxl.workbook.macros.vba_project import vba_project

# How cells look by the sign before their address: errors, and whatever else there is to say.
_LOOKS = {"!": {"bg_color": WRONG_COLOUR, "font_color": "#9C0006"}, "?": {"bg_color": MISSING_COLOUR}}

_HEIGHT = 28  # of a button, in pixels like all sizes here
_GAP = 8
_DROP = 9  # from the upper edge of the row of the title


@dataclass(frozen=True)
class Button:
    """A button: the macro that it starts, its caption, and its width in pixels."""

    macro: str
    caption: str
    width: int


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
    """Provide the cell into which a macro writes what to paint, `!D6,!F17,?H3,`, and paint by it.

    Called before any other painting, because what a check found counts for more than what the sheet itself says.
    """
    at = _marks(page)
    pen.write(at, None, style("plain", locked=False))
    pen.columns([8.0], at.left, hidden=True)
    book.define(MARKS_NAME, page.reference(at), page.title)
    whole = Range(1, 1, page.last_row, page.last_column)
    for sign, look in _LOOKS.items():
        pen.paint(whole, f'ISNUMBER(FIND("{sign}"&ADDRESS(ROW(),COLUMN(),4)&",",{absolute(at)}))', look)


def write_buttons(pen: Pen, page: FormSheet, macros: Macros) -> None:
    """Put the buttons at the left end of the row of the title, where the frozen rows keep them in view."""
    title = next((page.place(caption.at) for caption in page.sheet.captions if caption.style == "title"), None)
    row = title.top if title else 1
    left = _GAP
    for button in macros.buttons:
        pen.button(Range(row, 1, row, 1), button.caption, button.macro, (left, _DROP, button.width, _HEIGHT))
        left += button.width + _GAP


def _marks(page: FormSheet) -> Range:
    """Return the cell of the marks, beside the counts of the page."""
    column = Counts(page).total.left + 1
    return Range(1, column, 1, column)
