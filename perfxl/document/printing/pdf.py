"""Reads of a PDF what we need of it: the pages of the headings. The only module that knows the PDF library."""

from __future__ import annotations

import re
from io import BytesIO

_MARK = re.compile(r"Toc\d+$")  # LibreOffice 7.4 writes the underscore before it as 5F


def pages(pdf: bytes) -> dict[str, int]:
    """Return the page, from 1, of each bookmark of 目录 that the PDF has as a destination.

    Empty where the PDF cannot be read.
    """
    found = _as_libreoffice_writes(pdf)
    if found is not None:
        return found
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    found = {}
    try:
        reader = PdfReader(BytesIO(pdf))
        for name, destination in reader.named_destinations.items():
            mark = _MARK.search(name)
            number = reader.get_destination_page_number(destination)
            if mark and number is not None and number >= 0:
                found["_" + mark.group()] = number + 1
    except (PyPdfError, ValueError, KeyError, RecursionError):
        return {}
    return found


_REFERENCE = rb"(\d+) 0 R"
_ROOT, _DESTS, _PAGES = (re.compile(name + _REFERENCE) for name in (rb"/Root ", rb"/Dests ", rb"/Pages "))
_KIDS, _COUNT = re.compile(rb"/Kids\s*\[([\s\dR]*)\]"), re.compile(rb"/Count (\d+)")
_DESTINATION = re.compile(rb"/([^\s/\[\]<>()]+)\[" + _REFERENCE + rb"\s*/XYZ[^\]]*\]")
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_TABLE = re.compile(rb"xref\s+0 (\d+)\s*\n")
_ENTRY = 20  # bytes of an entry in the table of objects (ISO 32000-1, 7.5.4)


def _as_libreoffice_writes(pdf: bytes) -> dict[str, int] | None:
    """Return the pages of the bookmarks from a PDF with one table of objects and one list of pages; else None.

    A tagged document of ten projects has five thousand objects, which the library reads one by one in a tenth of a
    second; here five are.
    """
    start = _START.search(pdf, max(0, len(pdf) - 1024))
    table = _TABLE.match(pdf, int(start[1])) if start else None
    root = _ROOT.search(pdf, table.end() + _ENTRY * int(table[1])) if table else None
    if table is None or root is None:
        return None
    try:
        catalog = _object(pdf, table, root[1])
        pages_at, dests_at = _PAGES.search(catalog), _DESTS.search(catalog)
        if pages_at is None or dests_at is None:
            return None
        tree = _object(pdf, table, pages_at[1])
        dests = _object(pdf, table, dests_at[1])
    except (ValueError, IndexError):
        return None
    kids, count = _KIDS.search(tree), _COUNT.search(tree)
    numbers = re.findall(_REFERENCE, kids[1]) if kids else []
    if count is None or len(numbers) != int(count[1]):
        return None
    page = {number: at for at, number in enumerate(numbers, 1)}
    found = {}
    for name, number in _DESTINATION.findall(dests):
        mark = _MARK.search(name.decode("latin-1"))
        if mark and number in page:
            found["_" + mark.group()] = page[number]
    return found or None


def _object(pdf: bytes, table: re.Match[bytes], number: bytes) -> bytes:
    """Return the object of a number. Raises `ValueError` where the table leads elsewhere."""
    entry = table.end() + _ENTRY * int(number)
    at = int(pdf[entry : entry + 10])
    head = number + b" 0 obj"
    if pdf[at : at + len(head)] != head:
        raise ValueError("the table of objects leads elsewhere")
    return pdf[at : pdf.index(b"endobj", at)]
