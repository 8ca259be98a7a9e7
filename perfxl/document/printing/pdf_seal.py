"""What a PDF says of where it comes from: the same words as its Word document, in the catalog of the PDF.

ISO 32000-1, 14.5 has a place there for what a program keeps for itself (PieceInfo), and PDF/A (ISO 19005-2) allows it.
It is added behind the end as an update (7.5.6), so that nothing else moves. Programs that save a whole PDF keep it; one
that takes its pages into another PDF loses it.
"""

from __future__ import annotations

import re
import zlib

NAME = "perfxl"
PIECES, PRIVATE = "/PieceInfo", "/Private"
_TAIL = 4096  # bytes at the end in which the last trailer stands
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*(?:%[^\n]*\n)?$", re.DOTALL)
_SIZE, _ROOT = re.compile(rb"/Size\s+(\d+)"), re.compile(rb"/Root\s+(\d+)\s+0\s+R")
_KEPT = (re.compile(rb"/Info\s+\d+\s+0\s+R"), re.compile(rb"/ID\s*\[[^\]]*\]"))
_MADE = re.compile(rb"/CreationDate\s*(\(D:[^()]*\))")
_NO_DATE = b"(D:19800101000000Z)"
_ENTRY = b"%010d 00000 n \n"  # of the table of objects: 20 bytes


def sealed(pdf: bytes, said: bytes) -> bytes:
    """Return a PDF that holds what its document says of its origin; as it is where it is built in an unusual way."""
    parts = _catalog(pdf)
    if parts is None:
        return pdf
    trailer, root, catalog, before = parts
    size = _SIZE.search(trailer)
    assert size is not None  # `_catalog` has looked
    new = int(size[1])
    made = _MADE.search(pdf, max(0, before - 65536))
    date = made[1] if made else _NO_DATE
    packed = zlib.compress(said)
    stored = b"%d 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n" % (new, len(packed))
    stored += packed + b"\nendstream\nendobj\n"
    pieces = b"%b<</%b<</LastModified%b%b %d 0 R>>>>" % (PIECES.encode(), NAME.encode(), date, PRIVATE.encode(), new)
    changed = b"%d 0 obj\n%b%b>>\nendobj\n" % (root, catalog.removesuffix(b">>"), pieces)
    begin = len(pdf)
    table = begin + len(changed) + len(stored)
    entries = [(root, begin), (new, begin + len(changed))]
    listed = b"".join(b"%d 1\n" % number + _ENTRY % at for number, at in entries)
    kept = b"\n".join(match[0] for pattern in _KEPT if (match := pattern.search(trailer)))
    end = b"trailer\n<</Size %d/Root %d 0 R\n%b\n/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        new + 1, root, kept, before, table,
    )  # fmt: skip
    return b"".join((pdf, changed, stored, b"xref\n", listed, end))


def _catalog(pdf: bytes) -> tuple[bytes, int, bytes, int] | None:
    """Return the trailer, the number of the catalog, its dictionary, and where the table of objects stands.

    None where there is no plain table, or no plain catalog, or where it has a seal.
    """
    tail = max(0, len(pdf) - _TAIL)
    start = _START.search(pdf, tail)
    trailer = _TRAILER.search(pdf[tail : start.start()]) if start else None
    root = _ROOT.search(trailer[1]) if trailer else None
    if start is None or trailer is None or root is None or _SIZE.search(trailer[1]) is None or not pdf.endswith(b"\n"):
        return None
    if not pdf.startswith(b"xref", int(start[1])):
        return None
    head = b"%b 0 obj" % root[1]
    at = pdf.rfind(head)
    end = pdf.find(b"endobj", at)
    if at < 1 or end < 0 or pdf[at - 1 : at].isdigit():
        return None
    catalog = pdf[at + len(head) : end].strip()
    plain = catalog.startswith(b"<<") and catalog.endswith(b">>") and re.search(rb"/Type\s*/Catalog", catalog)
    if not plain or PIECES.encode() in catalog:
        return None
    return trailer[1], int(root[1]), catalog, int(start[1])
