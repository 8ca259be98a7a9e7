"""The mark of PDFs that this program has handed out: a comment that says what the rest of the file was.

A comment before `startxref` moves nothing that an offset points to (ISO 32000-1, 7.5.4 and 7.5.5), and every program
that saves the file anew drops it or makes it wrong.
"""

from __future__ import annotations

import hashlib
import re

_BEFORE = b"startxref"
_MARK = re.compile(rb"%perfxl ([0-9a-f]{64})\n(?=startxref)")
_TAIL = 4096  # bytes at the end in which the last `startxref` stands


def marked(pdf: bytes) -> bytes:
    """Return a PDF with our mark; one without the end that a PDF has stays as it is."""
    at = pdf.rfind(_BEFORE, max(0, len(pdf) - _TAIL))
    if at < 0:
        return pdf
    return b"%s%%perfxl %s\n%s" % (pdf[:at], hashlib.sha256(pdf).hexdigest().encode(), pdf[at:])


def is_as_made(pdf: bytes) -> bool:
    """Whether this program has handed out a PDF, and nobody has changed or saved it since."""
    match = _MARK.search(pdf, max(0, len(pdf) - _TAIL))
    if match is None:
        return False
    return hashlib.sha256(pdf[: match.start()] + pdf[match.end() :]).hexdigest() == match[1].decode()
