"""The defined names in `workbook.xml`: a form has three hundred, read by one expression, twice as fast as by expat."""

from __future__ import annotations

import re
from collections.abc import Sequence

from perfxl.fast.workbook.xml_parts import UnusualXml, checked, keeping, root, unescaped
from perfxl.workbook.reading.defined_names import Names, named

_BEGIN = b"<definedNames>"
_END = b"</definedNames>"
_TRUTH = '="(?:true|false|1|0)"'
_SHEET = ' localSheetId="([0-9]++)"'
# As XlsxWriter, openpyxl and Excel write it or as LibreOffice does, or all the rest.
_NAME = re.compile(
    rf'<definedName(?: name="([^"<&]++)"(?:{_SHEET})?+(?: hidden{_TRUTH})?+'
    rf'|(?: function{_TRUTH})?+(?: hidden{_TRUTH})?+(?:{_SHEET})?+ name="([^"<&]++)"(?: vbProcedure{_TRUTH})?+)'
    rf">([^<]*+)</definedName>|((?s:.)+)"
)


def parted(part: bytes) -> tuple[bytes, bytes]:
    """Return `workbook.xml` without its defined names, and these; the whole and nothing where that takes expat."""
    start, end = part.find(_BEGIN), part.find(_END)
    if not 0 < start < end:
        return part, b""
    rest, block = part[:start] + part[end + len(_END) :], part[start + len(_BEGIN) : end]
    try:
        root(rest, b"workbook")
    except UnusualXml:
        return part, b""
    # No comments, no second namespace: nothing in which the names would mean something else.
    if b"<!" in rest or rest.count(b"<?") > 1 or rest.count(b' xmlns="') > 1:
        return part, b""
    return rest, block


@keeping(16)
def names_in(block: bytes, titles: Sequence[str]) -> Names | None:
    """Return the names of a workbook with sheets of these titles, or None where they are written in no common way.

    The forms of an office were copied from one file, and so were their names. Raises `UnusualXml` where they are no
    XML.
    """
    found = _NAME.findall(checked(block))
    if found and found[-1][-1]:
        return None
    return named(
        (
            (name or other_name, sheet or other_sheet, unescaped(text) if "&" in text or "\r" in text else text)
            for name, sheet, other_sheet, other_name, text, _ in found
        ),
        titles,
    )
