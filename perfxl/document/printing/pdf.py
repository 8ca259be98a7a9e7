"""Reads of a PDF what we need of it: the pages of the headings. The only module that knows the PDF library."""

from __future__ import annotations

import re
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_MARK = re.compile(r"Toc\d+$")  # LibreOffice 7.4 writes the underscore before it as 5F


def pages(pdf: bytes) -> dict[str, int]:
    """Return the page, from 1, of each bookmark of 目录 that the PDF has as a destination.

    Empty where the PDF cannot be read.
    """
    found: dict[str, int] = {}
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
