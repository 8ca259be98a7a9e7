"""Tracked changes of a Word part accepted, and its comments left out (ECMA-376 part 1, 17.13.4 and 17.13.5)."""

from __future__ import annotations

import re

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHANGES = (
    "rPrChange", "pPrChange", "tblPrChange", "tblGridChange", "trPrChange", "tcPrChange", "sectPrChange",
    "tblPrExChange", "numberingChange",
)  # fmt: skip
_RANGES = ("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd")
_CUSTOM = tuple(
    f"customXml{kind}Range{end}" for kind in ("Ins", "Del", "MoveFrom", "MoveTo") for end in ("Start", "End")
)
_COMMENTS = ("commentRangeStart", "commentRangeEnd", "commentReference", "permStart", "permEnd")

_MARKS = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", *_CHANGES, *_RANGES, *_CUSTOM)

REVISED = re.compile(f"<w:(?:{'|'.join(_MARKS)})[ />]".encode())
"""Finds the markup of tracked changes in a part."""
COMMENTED = re.compile(f"<w:(?:{'|'.join(_COMMENTS)})[ />]".encode())
"""Finds the markup of comments, and of who may edit what."""


def accepted(root: etree._Element) -> etree._Element:
    """Return the part as it is once all changes are accepted and all comments deleted; `root` itself is changed."""
    for row in [mark.getparent() for mark in root.iterfind(f".//{_W}trPr/{_W}del")]:
        _remove(None if row is None else row.getparent())
    for cell in [mark.getparent() for mark in root.iterfind(f".//{_W}tcPr/{_W}cellDel")]:
        _remove(None if cell is None else cell.getparent())
    joined = [
        paragraph
        for paragraph in root.iter(_W + "p")
        if any(paragraph.find(f"{_W}pPr/{_W}rPr/{_W}{mark}") is not None for mark in ("del", "moveFrom"))
    ]
    for name in ("del", "moveFrom", *_CHANGES, *_RANGES, *_CUSTOM, "cellIns", "cellMerge", *_COMMENTS):
        for element in list(root.iter(_W + name)):
            _remove(element)
    for name in ("ins", "moveTo"):
        for element in list(root.iter(_W + name)):
            _unwrap(element)
    for paragraph in joined:
        _join(paragraph)
    for run in list(root.iter(_W + "r")):
        if all(child.tag == _W + "rPr" for child in run):
            _remove(run)
    return root


def _remove(element: etree._Element | None) -> None:
    parent = None if element is None else element.getparent()
    if element is not None and parent is not None:
        parent.remove(element)


def _unwrap(element: etree._Element) -> None:
    """Put what stands in an element into its place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(at, child)
    parent.remove(element)


def _join(paragraph: etree._Element) -> None:
    """Put the rest of a paragraph whose end was deleted before the text of the next one, which keeps its looks."""
    following = paragraph.getnext()
    parent = paragraph.getparent()
    if parent is None or following is None or following.tag != _W + "p":
        return
    at = 1 if len(following) and following[0].tag == _W + "pPr" else 0
    for child in reversed([child for child in paragraph if child.tag != _W + "pPr"]):
        following.insert(at, child)
    parent.remove(paragraph)
