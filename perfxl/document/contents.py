"""目录: entries, bookmarks and page numbers, as Word writes them when somebody updates the field.

A template has a contents page where it has a TOC field; which headings it lists the field itself says, in Word's own
words (`TOC \\o "1-2" \\h \\z \\u`). The template's entries are only there to be looked at. No `w:updateFields` and no
`w:dirty`: Word would ask the reader a question at every opening, and WPS and LibreOffice ignore them.

What the field says is read once for each template. The rest works on the text of the finished body, because building
and writing a tree would take longer than printing the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

SOURCE = "perfxl.contents"  # the custom property that says where the numbers come from
ESTIMATE = "estimate"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PREFIX = "_Toc"
_FIRST_NUMBER = 100_000_001  # nine digits, as in Word's own names
_BODY_TEXT = 9  # the outline level of what is no heading

_SWITCH = re.compile(r'\\([A-Za-z])\s*(?:"([^"]*)")?')
_SPAN = re.compile(r"\s*(\d)\s*-\s*(\d)\s*$")
_TOC = re.compile(r"\s*TOC(?![^\s\\])(?!.*\\[ac])")  # with \a or \c it lists figures or tables

# Processing instructions, which no reader shows, keep the place of the contents page while the template is filled in.
_FROM, _HERE, _TO = (f"<?perfxl-contents-{name} ?>" for name in ("from", "here", "to"))
_SHOWN = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:(?:tab|br|cr)(?: [^>]*)?/>")
_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>|</w:p>")
_MARK_ID = re.compile(r'<w:bookmarkStart [^>]*?w:id="(\d+)"')
_NUMBER = re.compile(r"( PAGEREF (\S+) \\h </w:instrText></w:r>.*?<w:t>)(\d+)(?=</w:t>)", re.DOTALL)

# As Word writes an entry: a link around text, leader and number, the number a field of its own.
# LibreOffice 7.4 breaks a number that is marked as Chinese text.
_RUN = '<w:r><w:rPr><w:noProof/><w:webHidden/><w:lang w:val="en-US"/></w:rPr>{}</w:r>'
_ENTRY = (
    '<w:p><w:pPr>{style}</w:pPr>{opening}<w:hyperlink w:anchor="{mark}" w:history="1"><w:r><w:rPr>'
    '<w:rFonts w:hint="eastAsia"/><w:noProof/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'
    + _RUN.format("<w:tab/>")
    + _RUN.format('<w:fldChar w:fldCharType="begin"/>')
    + _RUN.format('<w:instrText xml:space="preserve"> PAGEREF {mark} \\h </w:instrText>')
    + _RUN.format('<w:fldChar w:fldCharType="separate"/>')
    + _RUN.format("<w:t>{number}</w:t>")
    + _RUN.format('<w:fldChar w:fldCharType="end"/>')
    + "</w:hyperlink>{closing}</w:p>"
)


@dataclass(frozen=True)
class Rules:
    """What a template's contents page lists, and how its field begins and ends.

    `levels` by the id of a style; `direct` where outline levels given to single paragraphs count as well, from `lowest`
    to `highest`; `styles` of the entries by level. `closing` is empty where the field ends in a paragraph of its own.
    """

    levels: Mapping[str, int]
    direct: bool
    lowest: int
    highest: int
    styles: Mapping[int, str]
    opening: str
    closing: str

    @property
    def headings(self) -> re.Pattern[str]:
        """Where a paragraph says that it is a heading."""
        said = ['pStyle w:val="(' + "|".join(map(re.escape, self.levels)) + ')"'] if self.levels else []
        said += ['outlineLvl w:val="([0-9])"'] if self.direct else []
        return re.compile(f"<w:(?:{'|'.join(said)})/>")


@dataclass(frozen=True)
class Heading:
    """A heading that 目录 lists; `text` is XML, in one line."""

    text: str
    level: int
    bookmark: str


@dataclass(frozen=True)
class Body:
    """The body of a document around its entries."""

    before: str
    after: str
    headings: tuple[Heading, ...]
    rules: Rules | None

    def text(self, pages: Mapping[str, int]) -> str:
        """Return the XML with the numbers, by bookmark; where one is missing, that of the heading before."""
        if self.rules is None:
            return self.before
        rules, page = self.rules, 1
        last = len(self.headings) - 1
        lines = []
        for index, heading in enumerate(self.headings):
            page = pages.get(heading.bookmark, page)
            style = rules.styles.get(heading.level, "")
            line = _ENTRY.format(
                style=f'<w:pStyle w:val="{style}"/>' if style else "",
                opening="" if index else rules.opening,
                mark=heading.bookmark,
                text=heading.text,
                number=page,
                closing=rules.closing if index == last else "",
            )
            lines.append(line)
        entries = "".join(lines) or f"<w:p>{rules.opening}{rules.closing}</w:p>"
        return self.before + entries + self.after


def prepared(document: etree._Element, styles: etree._Element | None) -> Rules | None:
    """Return what the contents page of a template lists, and put marks in its place; None where there is none.

    The template's own entries go: somebody may have updated the field, and then they repeat the tags of the headings.
    So do the bookmarks of 目录, because a heading that is repeated would repeat them, which Word calls damage.
    """
    field = _Field.find(document)
    if field is None or styles is None:
        return None
    _drop_bookmarks(document)
    levels, direct, span = _listed(field.code, styles)
    names = _names(styles)
    entries = {level: names[f"toc {level}"] for level in range(1, 10) if f"toc {level}" in names}
    opening, closing = field.cut()
    return Rules(levels, direct, span[0], span[1], entries, opening, closing)


def removed(xml: str) -> str:
    """Return the body without its contents page, and without the title that Word keeps in one frame with it."""
    before, _, rest = xml.partition(_FROM)
    return before + rest.partition(_TO)[2]


def filled(xml: str, rules: Rules) -> Body:
    """Return the body with bookmarks on the headings that `rules` list, and around the place of their entries.

    Where the template has left its contents page out this time, the body is as it was.
    Bookmarks are named in the order of the headings, so that the same document always has the same ones.
    """
    if _HERE not in xml:
        return Body(xml, "", (), None)
    first_id = max(map(int, _MARK_ID.findall(xml)), default=-1) + 1
    headings: list[Heading] = []
    pieces: list[str] = []
    done = 0
    for start, end, level in _paragraphs(xml, rules):
        inside = xml.find("</w:pPr>", start, end) + len("</w:pPr>")
        text = _text(xml[inside:end])
        if not text:  # Word lists no empty heading
            continue
        number, name = first_id + len(headings), f"{_PREFIX}{_FIRST_NUMBER + len(headings)}"
        headings.append(Heading(text, level, name))
        mark = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
        pieces += (xml[done:inside], mark, xml[inside:end], f'<w:bookmarkEnd w:id="{number}"/>')
        done = end
    marked = "".join((*pieces, xml[done:])).replace(_FROM, "").replace(_TO, "")
    before, _, after = marked.partition(_HERE)
    return Body(before, after, tuple(headings), rules)


def numbers(xml: str) -> dict[str, int]:
    """Return the numbers of the contents page of a finished document, by bookmark."""
    return {found[2]: int(found[3]) for found in _NUMBER.finditer(xml)}


def renumbered(xml: str, pages: Mapping[str, int]) -> str:
    """Return the body of a finished document with other page numbers on its contents page."""
    return _NUMBER.sub(lambda found: f"{found[1]}{pages.get(found[2], found[3])}", xml)


def _paragraphs(xml: str, rules: Rules) -> Iterator[tuple[int, int, int]]:
    """Return the headings that are listed: where the paragraph begins, where its end tag stands, its level."""
    at, last_level, last = 0, 0, (0, 0)
    found: dict[tuple[int, int], int] = {}
    for said in rules.headings.finditer(xml):
        style, outline = said.group(1) if rules.levels else None, said.group(said.re.groups) if rules.direct else None
        if said.start() < at:  # the outline level of a paragraph beside its style: it counts more
            place = last
        else:
            place = (_start(xml, said.start()), _end(xml, said.end()))
            last_level = 0
        level = rules.levels.get(style or "", last_level)
        if style is None and outline is not None:
            level = int(outline) + 1 if rules.lowest <= int(outline) + 1 <= rules.highest else 0
        at, last, last_level = place[1], place, level
        found[place] = level
    yield from ((start, end, level) for (start, end), level in found.items() if level)


def _start(xml: str, inside: int) -> int:
    at = inside
    while at > 0:
        at = xml.rfind("<w:p", 0, at)
        if xml[at + 4] in "> ":
            return at
    return 0


def _end(xml: str, start: int) -> int:
    """Return where the end tag of the paragraph stands in which `start` is; a text box holds others."""
    depth = 1
    for tag in _PARAGRAPH.finditer(xml, start):
        depth += -1 if tag.group() == "</w:p>" else 0 if tag.group().endswith("/>") else 1
        if depth == 0:
            return tag.start()
    return len(xml)


def _text(runs: str) -> str:
    return " ".join(
        "".join(shown.group(1) if shown.group(1) is not None else " " for shown in _SHOWN.finditer(runs)).split()
    )


class _Field:
    """The TOC field of a template: its code, and the paragraphs from its beginning to its end."""

    def __init__(self, begin: etree._Element, code: str, end: etree._Element) -> None:
        self.code = code
        self._begin, self._end = _around(begin, "r"), _around(end, "r")
        self._first, self._last = _around(begin, "p"), _around(end, "p")

    @classmethod
    def find(cls, document: etree._Element) -> _Field | None:
        depth, code, begin = 0, "", None
        for element in document.iter(_W + "fldChar", _W + "instrText"):
            if element.tag == _W + "instrText":
                code += (element.text or "") if depth == 1 else ""
                continue
            kind = element.get(_W + "fldCharType")
            if kind == "begin":
                depth += 1
                if depth == 1:
                    begin, code = element, ""
            elif kind == "end":
                depth -= 1
                if depth == 0 and begin is not None and _TOC.match(code):
                    field = cls(begin, code, element)
                    return field if field._first.getparent() is field._last.getparent() else None
        return None

    def cut(self) -> tuple[str, str]:
        """Put marks in the place of the field, and return the runs before its entries and after them."""
        paragraphs = [self._first]
        while paragraphs[-1] is not self._last:
            following = paragraphs[-1].getnext()
            assert following is not None  # both have the same parent
            paragraphs.append(following)
        frame = next(self._first.iterancestors(_W + "sdt"), None)
        around = (frame, frame) if frame is not None else (self._first, self._last)
        around[0].addprevious(_mark(_FROM))
        around[1].addnext(_mark(_TO))
        self._first.addprevious(_mark(_HERE))
        runs = list(self._first.iter(_W + "r"))
        opening = _markup(runs[runs.index(self._begin) : _separator(runs) + 1])
        closing = _markup([self._end]) if self._last is self._first else ""
        for paragraph in paragraphs if closing else paragraphs[:-1]:
            _drop(paragraph)
        if not closing:
            for child in list(self._last):
                if child.tag != _W + "pPr" and child is not self._end:
                    self._last.remove(child)
        return opening, closing


def _mark(text: str) -> etree._Element:
    return etree.ProcessingInstruction(text.strip("<?> "))


def _separator(runs: Sequence[etree._Element]) -> int:
    """Return the index of the run that ends the field's code."""
    for index, run in enumerate(runs):
        if any(mark.get(_W + "fldCharType") == "separate" for mark in run.iter(_W + "fldChar")):
            return index
    return len(runs) - 1


def _listed(code: str, styles: etree._Element) -> tuple[dict[str, int], bool, tuple[int, int]]:
    """Return the levels that a field lists by style, whether single paragraphs count, and from where to where."""
    switches = dict(_SWITCH.findall(code))
    known = {style.get(_W + "styleId", ""): style for style in styles.iter(_W + "style")}
    names = _names(styles)
    # Without a switch that says what to list, Word lists its nine headings.
    headings, outline = "o" in switches or not switches.keys() & {"u", "t"}, "u" in switches
    span = _SPAN.match(switches.get("o", ""))
    lowest, highest = (int(span[1]), int(span[2])) if span else (1, 9)
    levels: dict[str, int] = {}
    for name, style_id in names.items():
        level = _outline(style_id, known) + 1 if outline else 0
        if headings and re.fullmatch("heading [1-9]", name):
            level = int(name[-1])
        if lowest <= level <= highest and level <= _BODY_TEXT:
            levels[style_id] = level
    pairs = re.split("[,;，；]", switches.get("t", ""))
    for name, number in zip(pairs[::2], pairs[1::2], strict=False):
        if name.strip().lower() in names and number.strip().isdigit():
            levels[names[name.strip().lower()]] = int(number)
    return levels, outline, (lowest, highest)


def _names(styles: etree._Element) -> dict[str, str]:
    """Return the ids of the paragraph styles by name: Word in Chinese gives ids such as `1` and `a3`."""
    found = (style for style in styles.iter(_W + "style") if style.get(_W + "type") == "paragraph")
    return {_value(style, "name").lower(): style.get(_W + "styleId", "") for style in found}


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


def _drop_bookmarks(document: etree._Element) -> None:
    ours = [mark for mark in document.iter(_W + "bookmarkStart") if mark.get(_W + "name", "").startswith(_PREFIX)]
    ids = {mark.get(_W + "id") for mark in ours}
    for mark in (*ours, *(mark for mark in document.iter(_W + "bookmarkEnd") if mark.get(_W + "id") in ids)):
        _drop(mark)


def _markup(elements: Sequence[etree._Element]) -> str:
    text = "".join(etree.tostring(element, encoding="unicode", with_tail=False) for element in elements)
    return re.sub(r' xmlns:\w+="[^"]*"', "", text)  # they stand on the root


def _value(element: etree._Element, name: str) -> str:
    child = element.find(_W + name)
    return child.get(_W + "val", "") if child is not None else ""


def _around(element: etree._Element, name: str) -> etree._Element:
    return next(element.iterancestors(_W + name))


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
