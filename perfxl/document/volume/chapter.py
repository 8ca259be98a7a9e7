"""One document as a chapter of a volume: its body with the volume's styles, links and numbers."""

from __future__ import annotations

import re
from itertools import count

from lxml import etree

from perfxl.document.contents.toc_removal import properties_of, remove, take_out
from perfxl.document.package.docx_zip import DOCUMENT, read_parts
from perfxl.document.volume.related_parts import VolumePackage, kinds_of, links_of, parsed, resolved
from perfxl.document.volume.styles import StyleSheet, W, lower

STYLES, SETTINGS = "word/styles.xml", "word/settings.xml"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SECTION, _PARAGRAPH = W + "sectPr", W + "p"
_UNABLE = {
    "word/footnotes.xml": "脚注",
    "word/endnotes.xml": "尾注",
    "word/numbering.xml": "自动编号",
}
_NOTES = re.compile(rb"<w:(?:footnoteReference|endnoteReference|numPr)[ >/]")
_DROPPED = ("commentRangeStart", "commentRangeEnd", "commentReference", "proofErr", "lastRenderedPageBreak")
_SPACES = re.compile(r' xmlns:[wr]="[^"]*"')
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


class VolumeFault(Exception):
    """A document cannot be taken into a volume; the message is a Chinese clause that says why."""


class Chapter:
    """A document ready for the volume. `title` is what the contents page calls it, `body` its XML.

    `section` is the page set-up of its end, which is still to be put behind it, and `even` says whether its pages on
    the left differ from those on the right.
    """

    def __init__(self, title: str, body: str, section: etree._Element, even: bool) -> None:
        self.title, self.body, self.section, self.even = title, body, section, even


class UniqueNumbers:
    """Numbers that are there once in a volume: of bookmarks, of pictures, of names."""

    def __init__(self) -> None:
        self.mark, self.picture = count(1), count(1)
        self.names: set[str] = set()


def chapter(document: bytes, package: VolumePackage, sheet: StyleSheet, numbers: UniqueNumbers) -> Chapter:
    """Return a document as a chapter; its styles and the parts that it leads to are taken in.

    Raises `VolumeFault` where it holds what cannot be numbered anew, or is no .docx.
    """
    try:
        parts = read_parts(document)
        root = parsed(parts[DOCUMENT])
    except (ValueError, KeyError, etree.XMLSyntaxError) as fault:
        raise VolumeFault("不是能读的 Word 文档（.docx）") from fault
    body = root.find(W + "body")
    if body is None or STYLES not in parts:
        raise VolumeFault("不是能读的 Word 文档（.docx）")
    if _NOTES.search(parts[DOCUMENT]):
        found = "、".join(word for part, word in _UNABLE.items() if part in parts)
        raise VolumeFault(f"用了{found or '自动编号'}，合不进去")
    _clean(body)
    title = _headed(body)
    sheet.rename(body, sheet.take(parts[STYLES]))
    _renumber(body, numbers)
    _link(body, parts, package)
    even = SETTINGS in parts and parsed(parts[SETTINGS]).find(W + "evenAndOddHeaders") is not None
    section = body.find(_SECTION)
    if section is not None:
        body.remove(section)
    else:
        section = etree.Element(_SECTION)
    for each in (section, *body.iter(_SECTION)):
        _join_on(each)
    text = "".join(etree.tostring(child, encoding="unicode", with_tail=False) for child in body)
    return Chapter(title, _SPACES.sub("", text), section, even)


def _clean(body: etree._Element) -> None:
    """Take out the contents page, the bookmarks of its headings, and what is of no use in a volume."""
    for element in [each for each in body.iter() if each.tag in [W + name for name in _DROPPED]]:
        remove(element)
    take_out(body)


def _headed(body: etree._Element) -> str:
    """Make the first paragraph that says something the heading of the chapter, all others lower ones; return it."""
    title = ""
    for paragraph in body.iter(_PARAGRAPH):
        level = paragraph.find(f"{W}pPr/{W}outlineLvl")
        if level is not None:
            lower(level)
        said = "".join(text.text or "" for text in paragraph.iter(W + "t")).strip()
        if said and not title and next(paragraph.iterancestors(W + "tbl"), None) is None:
            title = said
            properties = properties_of(paragraph)
            for old in properties.findall(W + "outlineLvl"):
                properties.remove(old)
            own = etree.Element(W + "outlineLvl")
            own.set(W + "val", "0")
            behind = next((child for child in properties if child.tag in _BEHIND), None)
            properties.append(own) if behind is None else behind.addprevious(own)
    return title


_BEHIND = frozenset(W + name for name in ("divId", "cnfStyle", "rPr", "sectPr", "pPrChange"))


def _renumber(body: etree._Element, numbers: UniqueNumbers) -> None:
    """Give bookmarks and pictures numbers and names that no other chapter has."""
    renamed: dict[str, str] = {}
    ids: dict[str, str] = {}
    for mark in body.iter(W + "bookmarkStart"):
        number = str(next(numbers.mark))
        ids[mark.get(W + "id", "")] = number
        name = mark.get(W + "name", "")
        new = name if name not in numbers.names else f"{name[:30]}_{number}"
        numbers.names.add(new)
        renamed[name] = new
        mark.set(W + "id", number)
        mark.set(W + "name", new)
    for mark in body.iter(W + "bookmarkEnd"):
        mark.set(W + "id", ids.get(mark.get(W + "id", ""), str(next(numbers.mark))))
    for link in body.iter(W + "hyperlink"):
        if (anchor := link.get(W + "anchor")) in renamed:
            link.set(W + "anchor", renamed[anchor])
    for picture in body.iter(_WP + "docPr"):
        picture.set("id", str(next(numbers.picture)))


def _link(body: etree._Element, parts: dict[str, bytes], package: VolumePackage) -> None:
    """Let the body lead to its parts by the ids that they have in the volume."""
    links, kinds = links_of(parts, DOCUMENT), kinds_of(parts)
    for element in body.iter():
        for name, mark in list(element.attrib.items()):
            if not str(name).startswith(_R) or mark not in links:
                continue
            kind, target, external = links[str(mark)]
            if external:
                element.set(name, package.link(kind, target, external=True))
            elif (inner := resolved(DOCUMENT, target)) in parts:
                element.set(name, package.taken(parts, kinds, kind, inner))


def _join_on(section: etree._Element) -> None:
    """Let the pages of a section go on counting, and begin on a new page."""
    for number in section.findall(W + "pgNumType"):
        if W + "start" in number.attrib:
            del number.attrib[W + "start"]
        if not number.attrib:
            section.remove(number)
