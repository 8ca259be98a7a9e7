"""What changed from one Word document to another, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from perfxl.document.contents.toc import PREFIX
from perfxl.document.package.docx_zip import DOCUMENT, read_parts
from perfxl.pipeline.comparison.alignment import in_order
from perfxl.pipeline.comparison.changes import Change, Kind
from perfxl.pipeline.comparison.inline_content import W, text

_LEAST = 0.35  # of the likeness of two paragraphs, from which one is the other's new version


class _Line(NamedTuple):
    """A paragraph outside of tables, or a row of one with its cells."""

    text: str
    heading: str
    label: str
    cells: tuple[str, ...] = ()


def word_changes(old: bytes, new: bytes) -> list[Change]:
    """Return every difference between the texts of two .docx, in the order of the new one.

    `item` is the heading above, `label` the paragraph, or the row or cell of a table. The contents page is left out: it
    follows from the headings. Raises `ValueError` where one of them is no .docx.
    """
    before, after = list(_lines(old)), list(_lines(new))
    found: list[Change] = []
    for left, right in in_order([line.text for line in before], [line.text for line in after], _LEAST):
        gone, come = (None if left is None else before[left]), (None if right is None else after[right])
        if gone is None or come is None:
            found.append(_whole(gone, come))
        elif gone.cells and len(gone.cells) == len(come.cells):
            found += (
                _change("changed", come, f"{come.label}第{at}格", was, now)
                for at, (was, now) in enumerate(zip(gone.cells, come.cells, strict=True), 1)
                if was != now
            )
        elif gone.text != come.text:
            found.append(_change("changed", come, come.label, gone.text, come.text))
    return found


def _whole(gone: _Line | None, come: _Line | None) -> Change:
    line = come or gone
    assert line is not None
    return _change("removed" if come is None else "added", line, line.label, _said(gone), _said(come))


def _change(kind: Kind, line: _Line, label: str, old: str, new: str) -> Change:
    return Change(kind, line.heading, label, old, new, (), None, None)


def _said(line: _Line | None) -> str:
    if line is None:
        return ""
    return "；".join(cell for cell in line.cells if cell) if line.cells else line.text


def _lines(document: bytes) -> Iterator[_Line]:
    """Yield what a document says, paragraph by paragraph and row by row."""
    parts = read_parts(document)
    if DOCUMENT not in parts:
        raise ValueError("not a readable .docx: no body")
    root = etree.fromstring(parts[DOCUMENT], etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    heading = ""
    number = row = 0
    for element in root.iter(W + "p", W + "tbl", W + "tr"):
        if element.tag == W + "tbl":
            row = 0
        elif element.tag == W + "tr":
            row += 1
            cells = tuple("\n".join(map(text, cell.iterfind(W + "p"))) for cell in element.iterfind(W + "tc"))
            yield _Line("\t".join(cells), heading, f"表格第{row}行", cells)
        else:
            number += 1
            said = text(element)
            if next(element.iterancestors(W + "tc"), None) is not None or not said.strip() or said.startswith("\0"):
                continue
            if any((mark.get(W + "name") or "").startswith(PREFIX) for mark in element.iter(W + "bookmarkStart")):
                heading = said
            yield _Line(said, heading, f"第{number}段")
