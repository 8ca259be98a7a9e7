"""目录: entries, bookmarks and page numbers, as Word writes them when somebody updates the field.

A template has a contents page where it has a TOC field; which headings it lists the field itself says, in Word's own
words (`TOC \\o "1-2" \\h \\z \\u`). The template's entries are only there to be looked at. No `w:updateFields` and no
`w:dirty`: Word would ask the reader a question at every opening, and WPS and LibreOffice ignore them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

SOURCE = "perfxl.contents"  # the custom property that says where the numbers come from
ESTIMATE = "estimate"

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"{{{_NAMESPACE}}}"
_BOOKMARK = "_Toc"
_FIRST_NUMBER = 100_000_001  # nine digits, as in Word's own names

_SWITCH = re.compile(r'\\([A-Za-z])\s*(?:"([^"]*)")?')
_RANGE = re.compile(r"\s*(\d)\s*-\s*(\d)\s*$")
_PAGE_REFERENCE = re.compile(r"\s*PAGEREF\s+(\S+)")
_BLANKS = frozenset({_W + "tab", _W + "br", _W + "cr"})
_BODY_TEXT = 9  # the outline level of what is no heading


@dataclass(frozen=True)
class Rules:
    """What a template's TOC field lists: `levels` by style, direct outline levels if `direct`, `styles` of entries."""

    levels: Mapping[str, int]
    direct: bool
    lowest: int
    highest: int
    styles: Mapping[int, str]


@dataclass(frozen=True)
class Entry:
    """A heading that 目录 lists: its paragraph, its bookmark, and the text node that holds its number."""

    heading: etree._Element
    bookmark: str
    number: etree._Element


def rules(document: etree._Element, styles: etree._Element | None) -> Rules | None:
    """Return what the contents page of a template lists, or None where it has none."""
    field = _Field.find(document)
    if field is None or styles is None:
        return None
    switches = dict(_SWITCH.findall(field.code))
    known = {style.get(_W + "styleId", ""): style for style in styles.iter(_W + "style")}
    names = {style_id: _value(style, "name").lower() for style_id, style in known.items()}
    by_name = {name: style_id for style_id, name in names.items()}
    # Without a switch that says what to list, Word lists its nine headings.
    headings, outline = "o" in switches or not switches.keys() & {"u", "t"}, "u" in switches
    span = _RANGE.match(switches.get("o", ""))
    lowest, highest = (int(span[1]), int(span[2])) if span else (1, 9)
    levels: dict[str, int] = {}
    for style_id, name in names.items():
        level = _outline(style_id, known) + 1 if outline else 0
        if headings and re.fullmatch(r"heading [1-9]", name):
            level = int(name[-1])
        if lowest <= level <= highest:
            levels[style_id] = level
    pairs = re.split("[,;，；]", switches.get("t", ""))
    for name, number in zip(pairs[::2], pairs[1::2], strict=False):
        if name.strip().lower() in by_name and number.strip().isdigit():
            levels[by_name[name.strip().lower()]] = int(number)
    entries = {level: by_name[f"toc {level}"] for level in range(1, 10) if f"toc {level}" in by_name}
    return Rules(levels, outline, lowest, highest, entries)


def emptied(document: etree._Element) -> None:
    """Take out of a template what Word has put into its contents page and bookmarked for it.

    Somebody may have updated the field in the template; then its entries repeat the tags of the headings.
    """
    field = _Field.find(document)
    if field is not None:
        field.clear()
        _without_bookmarks(document)


def removed(document: etree._Element) -> None:
    """Take the contents page away, with its title where both stand in one frame (Word's 目录 gallery)."""
    field = _Field.find(document)
    if field is None:
        return
    frame = field.first.getparent()
    while frame is not None and frame.tag != _W + "sdt":
        frame = frame.getparent()
    doomed = [frame] if frame is not None else field.paragraphs
    for element in doomed:
        _drop(element)


def filled(document: etree._Element, listed: Rules) -> list[Entry]:
    """Write the entries of 目录, mark the headings, and return both, in the order of the document.

    The numbers are 1 until somebody knows better. Bookmarks are named in the order of the headings, so that the same
    document always has the same ones.
    """
    field = _Field.find(document)
    if field is None:
        return []
    found = [
        (paragraph, level, text)
        for paragraph, level in _headings(document, listed)
        if (text := _text(paragraph))  # Word lists no empty heading
    ]
    taken = [int(mark.get(_W + "id", "0")) for mark in document.iter(_W + "bookmarkStart")]
    first_id = max(taken, default=-1) + 1
    entries: list[Entry] = []
    lines: list[etree._Element] = []
    for index, (paragraph, level, text) in enumerate(found):
        bookmark = f"{_BOOKMARK}{_FIRST_NUMBER + index}"
        _mark(paragraph, first_id + index, bookmark)
        line, number = _line(listed.styles.get(level, ""), text, bookmark)
        lines.append(line)
        entries.append(Entry(paragraph, bookmark, number))
    field.fill(lines)
    return entries


def numbers(document: etree._Element) -> dict[str, etree._Element]:
    """Return the text node of the number of each entry of a finished document, by bookmark."""
    found: dict[str, etree._Element] = {}
    for link in document.iter(_W + "hyperlink"):
        code = "".join(text.text or "" for text in link.iter(_W + "instrText"))
        reference = _PAGE_REFERENCE.match(code)
        shown = list(link.iter(_W + "t"))
        if reference and shown:
            found[reference[1]] = shown[-1]
    return found


def written(document: etree._Element) -> bytes:
    """Return the part, with the declaration that Word writes."""
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8", standalone=True)


class _Field:
    """The TOC field of a document: its code, and the paragraphs from its beginning to its end."""

    def __init__(self, begin: etree._Element, code: str, end: etree._Element) -> None:
        self.code = code
        self.begin = begin
        self.end = end
        self.first, self.last = _paragraph_of(begin), _paragraph_of(end)

    @classmethod
    def find(cls, document: etree._Element) -> _Field | None:
        depth, code, begin = 0, "", None
        for element in document.iter(_W + "fldChar", _W + "instrText"):
            if element.tag == _W + "instrText":
                code += (element.text or "") if begin is not None and depth == 1 else ""
                continue
            kind = element.get(_W + "fldCharType")
            if kind == "begin":
                depth += 1
                if depth == 1:
                    begin, code = element, ""
            elif kind == "end":
                depth -= 1
                if depth == 0 and begin is not None and re.match(r"\s*TOC(?![^\s\\])(?!.*\\[ac])", code):
                    field = cls(begin, code, element)
                    return field if field.first.getparent() is field.last.getparent() else None
        return None

    @property
    def paragraphs(self) -> list[etree._Element]:
        """The paragraphs of the field, first and last included."""
        found = [self.first]
        while found[-1] is not self.last:
            following = found[-1].getnext()
            assert following is not None
            found.append(following)
        return found

    def clear(self) -> None:
        """Leave the field without entries: its code and the two ends."""
        for paragraph in self.paragraphs[1:-1]:
            _drop(paragraph)
        if self.last is not self.first:
            _keep(self.last, [_run_of(self.end)])
        kept, inside, separated = [], False, False
        for run in self.first.iter(_W + "r"):
            mark = run.find(_W + "fldChar")
            kind = mark.get(_W + "fldCharType") if mark is not None else ""
            inside = inside or mark is self.begin
            if (inside and not separated) or mark is self.end:
                kept.append(run)
            separated = separated or (inside and kind == "separate")
        _keep(self.first, kept)

    def fill(self, lines: Sequence[etree._Element]) -> None:
        """Put the entries into a cleared field: the first into its first paragraph, where the code stands."""
        if not lines:
            return
        first, *others = lines
        _drop_properties(self.first)
        where = self.first.index(_run_of(self.end)) if self.last is self.first else len(self.first)
        content = list(first)
        self.first.insert(0, content[0])
        for number, element in enumerate(content[1:], 1):
            self.first.insert(where + number, element)
        after = self.first
        for line in others:
            after.addnext(line)
            after = line
        if self.last is self.first and others:
            after.append(_run_of(self.end))


def _headings(document: etree._Element, listed: Rules) -> Iterable[tuple[etree._Element, int]]:
    for properties in document.iter(_W + "pPr"):
        style = properties.find(_W + "pStyle")
        level = listed.levels.get(style.get(_W + "val", ""), 0) if style is not None else 0
        direct = properties.find(_W + "outlineLvl") if listed.direct else None
        if direct is not None:
            level = int(direct.get(_W + "val", _BODY_TEXT)) + 1
            level = level if listed.lowest <= level <= listed.highest else 0
        paragraph = properties.getparent()
        if level and paragraph is not None and paragraph.tag == _W + "p":
            yield paragraph, level


def _text(paragraph: etree._Element) -> str:
    """Return the text of a heading as an entry shows it: in one line."""
    shown = (
        " " if element.tag in _BLANKS else element.text or ""
        for element in paragraph.iter(_W + "t", *_BLANKS)
        if (parent := element.getparent()) is not None and parent.tag == _W + "r"
    )
    return " ".join("".join(shown).split())


def _mark(paragraph: etree._Element, number: int, name: str) -> None:
    start = etree.Element(_W + "bookmarkStart")
    start.set(_W + "id", str(number))
    start.set(_W + "name", name)
    paragraph.insert(1 if paragraph[0].tag == _W + "pPr" else 0, start)
    etree.SubElement(paragraph, _W + "bookmarkEnd").set(_W + "id", str(number))


# As Word writes an entry: a link around text, leader and number, the number a field of its own.
_LINE = etree.fromstring(
    f'<w:p xmlns:w="{_NAMESPACE}"><w:pPr><w:pStyle/></w:pPr><w:hyperlink w:history="1">'
    '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/><w:noProof/></w:rPr><w:t xml:space="preserve"/></w:r>'
    + "".join(
        f"<w:r><w:rPr><w:noProof/><w:webHidden/></w:rPr>{content}</w:r>"
        for content in (
            "<w:tab/>",
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"/>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    + "</w:hyperlink></w:p>"
)


def _line(style: str, text: str, bookmark: str) -> tuple[etree._Element, etree._Element]:
    line = deepcopy(_LINE)
    properties, link = line
    properties[0].set(_W + "val", style)
    if not style:
        properties.remove(properties[0])
    link.set(_W + "anchor", bookmark)
    link[0][1].text = text
    link[3][1].text = f" PAGEREF {bookmark} \\h "
    return line, link[5][1]


def _without_bookmarks(document: etree._Element) -> None:
    """Remove the bookmarks of 目录: a heading that is repeated would repeat its bookmark, which Word calls damage."""
    ours = [
        mark for mark in document.iter(_W + "bookmarkStart") if mark.get(_W + "name", "").startswith(_BOOKMARK)
    ]
    numbers = {mark.get(_W + "id") for mark in ours}
    ends = [mark for mark in document.iter(_W + "bookmarkEnd") if mark.get(_W + "id") in numbers]
    for mark in (*ours, *ends):
        _drop(mark)


def _outline(style_id: str, known: Mapping[str, etree._Element]) -> int:
    """Return the outline level of a style or of the nearest one it is based on, from 0; 9 is no heading."""
    for _ in range(len(known)):
        style = known.get(style_id)
        if style is None:
            break
        level = style.find(f"{_W}pPr/{_W}outlineLvl")
        if level is not None:
            return int(level.get(_W + "val", _BODY_TEXT))
        style_id = _value(style, "basedOn")
    return _BODY_TEXT


def _value(element: etree._Element, name: str) -> str:
    child = element.find(_W + name)
    return child.get(_W + "val", "") if child is not None else ""


def _paragraph_of(element: etree._Element) -> etree._Element:
    return next(element.iterancestors(_W + "p"))


def _run_of(element: etree._Element) -> etree._Element:
    return next(element.iterancestors(_W + "r"))


def _keep(paragraph: etree._Element, runs: Sequence[etree._Element]) -> None:
    """Leave in a paragraph its properties and `runs`."""
    for child in list(paragraph):
        if child.tag != _W + "pPr":
            paragraph.remove(child)
    paragraph.extend(runs)


def _drop_properties(paragraph: etree._Element) -> None:
    properties = paragraph.find(_W + "pPr")
    if properties is not None:
        paragraph.remove(properties)


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
