"""What stands in a sheet's XML before its data and after them: which columns are hidden, which cells are merged."""

import re

from perfxl.fast.workbook.xml_parts import MAIN, UnusualXml, elements, keeping, known, root
from perfxl.model.addresses import Range
from perfxl.workbook.reading.budget import check_merges

_PREFIXES = re.compile(rb'xmlns:\w+="[^"]*"')
_MERGES = re.compile(rb'<mergeCells(?: count="[0-9]+")?>((?:<mergeCell ref="[^"]*"/>)+)</mergeCells>')
_MERGE = re.compile(rb'ref="([^"]*)"')
_MOST_HIDDEN = 100_000
_COLUMNS = known(col="min max width style hidden bestFit customWidth phonetic outlineLevel collapsed")
_TRUE = ("1", "true")
_NO_WIDTH = re.compile(r"0(?:\.0*)?")

Merges = tuple[frozenset[tuple[int, int]], tuple[Range, ...]]
"""The places that merged ranges hide, and these ranges."""

NO_MERGES: Merges = (frozenset(), ())


@keeping(128)
def before_data(head: bytes) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """Return the namespaces of a sheet and its hidden columns, from what comes before its data.

    Raises `UnusualXml` where it is malformed.
    """
    columns = elements(head + b"</worksheet>", "worksheet", _COLUMNS)
    if b"<row" in head or b"mergeCell" in head:
        raise UnusualXml("rows before the data")  # which openpyxl would take for data
    hidden = tuple(
        (int(given["min"]), int(given["max"]))
        for _, given, _ in columns
        if given.get("hidden", "0") in _TRUE or _NO_WIDTH.fullmatch(given.get("width", ""))
    )
    return root(head, b"worksheet")[0], hidden


@keeping(128)
def after_data(rest: bytes, namespaces: bytes) -> Merges:
    """Return what is merged, from what follows the data of a sheet. Raises `UnusualXml`.

    openpyxl drops what is hidden, and nobody sees it in Excel.
    """
    opening = b"<worksheet " + b" ".join((b'xmlns="' + MAIN.encode() + b'"', *_PREFIXES.findall(namespaces))) + b">"
    elements(opening + rest, "worksheet")
    if b"<row " in rest or b"<row>" in rest or b"<col " in rest:
        raise UnusualXml("rows after the data")
    block = _MERGES.search(rest)
    if rest.count(b"<mergeCells") > 1 or rest.count(b"<mergeCell ") != (len(_MERGE.findall(block[1])) if block else 0):
        raise UnusualXml("merged cells twice")
    if block is None and b"mergeCell" in rest:
        raise UnusualXml("merged cells in an unknown form")
    merged = tuple(Range.parse(address.decode()) for address in _MERGE.findall(block[1])) if block else ()
    check_merges(len(merged))
    if any(at.top > at.bottom or at.left > at.right for at in merged):
        raise UnusualXml("merged cells from the end to the beginning")
    if sum((at.bottom - at.top + 1) * (at.right - at.left + 1) for at in merged) > _MOST_HIDDEN:
        raise UnusualXml("whole columns merged")
    hidden = frozenset(
        (row, column)
        for at in merged
        for row in range(at.top, at.bottom + 1)
        for column in range(at.left, at.right + 1)
        if (row, column) != (at.top, at.left)
    )
    return hidden, merged
