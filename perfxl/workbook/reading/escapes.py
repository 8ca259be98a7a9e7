"""What a text or a formula of the file means: the one opinion that both readers have of it."""

from __future__ import annotations

import re
import unicodedata

from perfxl.workbook.cells import Kind

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# What Excel and WPS show where a formula fails, LibreOffice's numbers included, and where a column is too narrow.
_ERROR = re.compile(
    r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!"
    r"|EXTERNAL!|PYTHON!|##+)|Err:[0-9]{3}"
)
_PICTURE = re.compile(r"\b(DISPIMG|IMAGE)\s*\(")
_PICTURE_ALONE = re.compile(r"(?s)=?(_xlfn\.)?DISPIMG\(.*\)")
SIGNS_OF_NO_TEXT = ("#", "＃", "Err:", "DISPIMG")
"""One of them is in every text that `kind_of_text` takes for something else."""


def shown(text: str) -> str:
    """Return a text as people see it in the cell: `_x000D_` is how the file writes what XML cannot hold."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def reaches_outside(formula: str) -> bool:
    """Whether a formula takes something from another workbook: `=[1]表!A1`."""
    before, mark, _ = formula.rpartition("!")
    # Brackets with something between them; an expression for it would go through the rest again for each of them.
    return bool(mark) and any("[" in inside[:-1] for inside in before.split("]")[:-1])


def is_picture(formula: str) -> bool:
    """Whether what a formula shows is a picture: `DISPIMG("ID_…",1)` of WPS, `IMAGE("https://…")` of Excel 365."""
    return "(" in formula and _PICTURE.search(formula) is not None


def kind_of_text(text: str) -> Kind:
    """Return what a text is: `error` where it is an error value as text, `picture` where it is the formula of one.

    Copied as values from a sheet that failed, #N/A is a text that looks like any other.
    """
    if not any(sign in text for sign in SIGNS_OF_NO_TEXT):
        return "typed"
    alone = text.strip()
    if _PICTURE_ALONE.fullmatch(alone):
        return "picture"
    plain = unicodedata.normalize("NFKC", alone)
    return "error" if _ERROR.fullmatch(plain) or _ERROR.fullmatch(plain.upper()) else "typed"
