"""Chapters bound into one document: a cover, one contents page, and behind it every document as it is by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from xml.sax.saxutils import escape

from lxml import etree

from perfxl.document.assembly import core, with_contents
from perfxl.document.contents.pagination import PageLayout
from perfxl.document.contents.paragraph_styles import shapes
from perfxl.document.contents.toc import ESTIMATE, SOURCE
from perfxl.document.contents.toc_field import prepared
from perfxl.document.package.docx_zip import CORE_PROPERTIES, DOCUMENT
from perfxl.document.package.properties import with_property
from perfxl.document.volume.chapter import Chapter, UniqueNumbers, VolumeFault, chapter
from perfxl.document.volume.related_parts import VolumePackage, parsed
from perfxl.document.volume.styles import StyleSheet, W
from perfxl.storage.zip_archive import write_parts

LEVELS = 3  # that the contents page lists: documents, parts, headings
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN = f'<w:document xmlns:w="{_SPACE}" xmlns:r="{_RELATIONS}"><w:body>'
_CLOSE = "</w:body></w:document>"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_RUN = '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'
_FIELD = (
    '<w:p><w:pPr>{style}</w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
    ' TOC \\o "1-{levels}" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    '</w:p><w:p><w:pPr>{end}</w:pPr><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
_TINY = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'


class Bound:
    """A volume: the .docx, what the contents page calls its documents, and why others are not in it, by number."""

    def __init__(self, document: bytes, titles: Sequence[str], faults: Sequence[tuple[int, str]]) -> None:
        self.document, self.titles, self.faults = document, titles, faults


def bound(documents: Iterable[bytes], title: str, *, levels: int = LEVELS) -> Bound:
    """Return finished documents as one, in the given order, under a cover that says `title`.

    Every document keeps its looks and page set-up, and pages are counted from the cover on. Its own contents page is
    left out; the one of the volume lists the documents and their headings, `levels` of them, with estimated numbers.
    Raises `VolumeFault` where no document is left.
    """
    package, sheet, numbers = VolumePackage(), StyleSheet(), UniqueNumbers()
    chapters: list[Chapter] = []
    faults: list[tuple[int, str]] = []
    for number, document in enumerate(documents):
        try:
            chapters.append(chapter(document, package, sheet, numbers))
        except VolumeFault as fault:
            faults.append((number, str(fault)))
    if not chapters:
        raise VolumeFault("没有一份文档能合订")
    styles = sheet.root()
    front = parsed((_OPEN + _front(title, styles, levels, chapters[0].section) + _CLOSE).encode())
    rules = prepared(front, styles)
    body = front.find(W + "body")
    assert body is not None
    assert rules is not None
    pieces = [etree.tostring(child, encoding="unicode", with_tail=False) for child in body]
    pieces = [piece.replace(f' xmlns:w="{_SPACE}"', "").replace(f' xmlns:r="{_RELATIONS}"', "") for piece in pieces]
    for at, one in enumerate(chapters):
        pieces.append(one.body)
        last = at == len(chapters) - 1
        end = _section(one.section)
        pieces.append(end if last else f"<w:p><w:pPr>{_TINY}{end}</w:pPr></w:p>")
    xml = with_contents(_OPEN + "".join(pieces) + _CLOSE, rules, PageLayout(shapes(styles)), True)
    return Bound(
        _packed(xml, title, package, styles, even=any(one.even for one in chapters)),
        [one.title for one in chapters],
        faults,
    )


def _front(title: str, styles: etree._Element, levels: int, section: etree._Element) -> str:
    """Return the cover and the contents page, which have the page set-up of the first document."""
    names = {
        _value(style, "name").lower(): style.get(W + "styleId", "")
        for style in styles.iter(W + "style")
        if style.get(W + "type") == "paragraph"
    }
    entry = _style(names.get("toc 1", ""))
    cover, heading = (_style(names.get(name, "")) for name in ("title", "toc heading"))
    return (
        f'<w:p><w:pPr>{cover}<w:spacing w:before="4200"/></w:pPr>{_RUN.format(escape(title))}</w:p>'
        f"<w:p><w:pPr>{heading}<w:pageBreakBefore/></w:pPr>{_RUN.format('目　录')}</w:p>"
        + _FIELD.format(style=entry, end=_TINY, levels=levels)
        + f"<w:p><w:pPr>{_TINY}{_section(section)}</w:pPr></w:p>"
    )


def _style(style_id: str) -> str:
    return f'<w:pStyle w:val="{escape(style_id)}"/>' if style_id else ""


def _section(section: etree._Element) -> str:
    text = etree.tostring(deepcopy(section), encoding="unicode", with_tail=False)
    return text.replace(f' xmlns:w="{_SPACE}"', "").replace(f' xmlns:r="{_RELATIONS}"', "")


def _packed(xml: str, title: str, package: VolumePackage, styles: etree._Element, *, even: bool) -> bytes:
    """Return the .docx of a body, with the parts that it leads to."""
    odd = "<w:evenAndOddHeaders/>" if even else ""
    settings = (
        f'{_DECLARATION}<w:settings xmlns:w="{_SPACE}"><w:zoom w:percent="100"/>{odd}'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting'
        ' w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        "</w:settings>"
    )
    sheet = etree.tostring(styles, xml_declaration=True, encoding="UTF-8", standalone=True)
    package.add(DOCUMENT, _DECLARATION.encode() + xml.encode(), _WORD.format("document.main"))
    package.add("word/styles.xml", sheet, _WORD.format("styles"))
    package.add("word/settings.xml", settings.encode(), _WORD.format("settings"))
    package.add(CORE_PROPERTIES, core(title), "application/vnd.openxmlformats-package.core-properties+xml")
    package.link("styles", "styles.xml")
    package.link("settings", "settings.xml")
    parts = package.finished(DOCUMENT)
    parts["_rels/.rels"] = (
        f'{_DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="{DOCUMENT}"/><Relationship Id="rId2" Type='
        '"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"'
        f' Target="{CORE_PROPERTIES}"/></Relationships>'
    ).encode()
    return write_parts(with_property(parts, SOURCE, ESTIMATE))


def _value(element: etree._Element, name: str) -> str:
    child = element.find(W + name)
    return child.get(W + "val", "") if child is not None else ""
