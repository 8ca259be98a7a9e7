"""A finished document without its contents page, for whoever makes another one or needs none."""

from __future__ import annotations

from lxml import etree

from perfxl.document.contents.toc import PREFIX

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SECTION, _PARAGRAPH = W + "sectPr", W + "p"
_TOC = "TOC"


def take_out(body: etree._Element) -> None:
    """Take the contents page out of a body, with the bookmarks of its headings and the title in one frame with it."""
    marks = [mark for mark in body.iter(W + "bookmarkStart") if mark.get(W + "name", "").startswith(PREFIX)]
    ids = {mark.get(W + "id") for mark in marks}
    for mark in (*marks, *(mark for mark in body.iter(W + "bookmarkEnd") if mark.get(W + "id") in ids)):
        remove(mark)
    first, last = _contents(body)
    if first is None or last is None:
        return
    frame = next(first.iterancestors(W + "sdt"), None)
    if frame is not None:
        remove(frame)
        return
    inside = False
    for child in list(body):
        inside = inside or child is first
        if inside:
            _keep_section(child, body)
            body.remove(child)
        if child is last:
            break


def _contents(body: etree._Element) -> tuple[etree._Element | None, etree._Element | None]:
    """Return the first and the last paragraph of the contents page."""
    depth, begin, listed = 0, None, False
    for element in body.iter(W + "fldChar", W + "instrText"):
        if element.tag == W + "instrText":
            listed = listed or (depth == 1 and (element.text or "").split()[:1] == [_TOC])
            continue
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            depth += 1
            begin = element if depth == 1 else begin
        elif kind == "end":
            depth -= 1
            if depth == 0 and listed and begin is not None:
                return next(begin.iterancestors(_PARAGRAPH)), next(element.iterancestors(_PARAGRAPH))
    return None, None


def _keep_section(child: etree._Element, body: etree._Element) -> None:
    """Let the section that ends in a paragraph which goes end in the one before."""
    section = child.find(f"{W}pPr/{_SECTION}")
    before = child.getprevious()
    if section is not None and before is not None and before.tag == _PARAGRAPH and before.getparent() is body:
        properties_of(before).append(section)


def properties_of(paragraph: etree._Element) -> etree._Element:
    """Return the properties of a paragraph, which are made where it has none."""
    properties = paragraph.find(W + "pPr")
    if properties is None:
        properties = etree.Element(W + "pPr")
        paragraph.insert(0, properties)
    return properties


def remove(element: etree._Element) -> None:
    """Take an element out of its tree."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
