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
from typing import NamedTuple

SOURCE = "perfxl.contents"  # the custom property that says where the numbers come from
ESTIMATE = "estimate"

PREFIX = "_Toc"
_FIRST_NUMBER = 100_000_001  # nine digits, as in Word's own names

# Processing instructions, which no reader shows, keep the place of the contents page while the template is filled in.
FROM, HERE, TO = (f"<?perfxl-contents-{name} ?>" for name in ("from", "here", "to"))
_SHOWN = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:(?:tab|br|cr)(?: [^>]*)?/>")
_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>|</w:p>")
_MARK_ID = re.compile(r'<w:bookmarkStart [^>]*?w:id="(\d+)"')
_FIELD = " PAGEREF "
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


class Rules(NamedTuple):
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


class Heading:
    """A heading that 目录 lists; `text` is XML, in one line."""

    __slots__ = ("bookmark", "level", "text")

    def __init__(self, text: str, level: int, bookmark: str) -> None:
        self.text, self.level, self.bookmark = text, level, bookmark


class Body:
    """The body of a document around its entries."""

    def __init__(self, before: str, after: str, headings: Sequence[Heading], rules: Rules | None) -> None:
        self.before, self.after, self.headings, self.rules = before, after, headings, rules

    def text(self, pages: Mapping[str, int]) -> str:
        """Return the XML with the numbers, by bookmark; where one is missing, that of the heading before."""
        if self.rules is None:
            return self.before
        return self.before + entries(self.headings, self.rules, pages) + self.after


def entries(headings: Sequence[Heading], rules: Rules, pages: Mapping[str, int]) -> str:
    """Return the XML of the entries with the pages of their bookmarks; where one is missing, that of the one before."""
    page, last = 1, len(headings) - 1
    lines = []
    for index, heading in enumerate(headings):
        page = pages.get(heading.bookmark, page)
        line = _ENTRY.format(
            style=entry_style(heading.level, rules),
            opening="" if index else rules.opening,
            mark=heading.bookmark,
            text=heading.text,
            number=page,
            closing=rules.closing if index == last else "",
        )
        lines.append(line)
    return "".join(lines) or f"<w:p>{rules.opening}{rules.closing}</w:p>"


def entry_style(level: int, rules: Rules) -> str:
    """Return what stands in `w:pPr` of the entry of a heading."""
    style = rules.styles.get(level, "")
    return f'<w:pStyle w:val="{style}"/>' if style else ""


def removed(xml: str) -> str:
    """Return the body without its contents page, and without the title that Word keeps in one frame with it."""
    before, _, rest = xml.partition(FROM)
    return before + rest.partition(TO)[2]


def filled(xml: str, rules: Rules) -> Body:
    """Return the body with bookmarks on the headings that `rules` list, and around the place of their entries.

    Where the template has left its contents page out this time, the body is as it was.
    Bookmarks are named in the order of the headings, so that the same document always has the same ones.
    """
    if HERE not in xml:
        return Body(xml, "", (), None)
    first_id = next_id(xml)
    headings: list[Heading] = []
    pieces: list[str] = []
    done = 0
    for start, end, level in headed(xml, rules):
        inside = xml.find("</w:pPr>", start, end) + len("</w:pPr>")
        text = _text(xml[inside:end])
        if not text:  # Word lists no empty heading
            continue
        name, opening, closing = bookmark(first_id, len(headings))
        headings.append(Heading(text, level, name))
        pieces += (xml[done:inside], opening, xml[inside:end], closing)
        done = end
    marked = "".join((*pieces, xml[done:])).replace(FROM, "").replace(TO, "")
    before, _, after = marked.partition(HERE)
    return Body(before, after, headings, rules)


def next_id(xml: str) -> int:
    """Return the first number behind those of all bookmarks in `xml`."""
    return max(map(int, _MARK_ID.findall(xml)), default=-1) + 1


def bookmark(first_id: int, index: int) -> tuple[str, str, str]:
    """Return the name of the bookmark of the heading `index`, its beginning and its end."""
    name, number = f"{PREFIX}{_FIRST_NUMBER + index}", first_id + index
    return name, f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>', f'<w:bookmarkEnd w:id="{number}"/>'


def numbers(xml: str) -> dict[str, int]:
    """Return the numbers of the contents page of a finished document, by bookmark."""
    return {found[2]: int(found[3]) for found in _NUMBER.finditer(xml)}


def renumbered(xml: str, pages: Mapping[str, int]) -> str:
    """Return the body of a finished document with other page numbers on its contents page."""
    return _NUMBER.sub(lambda found: f"{found[1]}{pages.get(found[2], found[3])}", xml)


def unnumbered(xml: str) -> str:
    """Return the body of a finished document without the page numbers of its contents page."""
    first, last = xml.find(_FIELD), xml.rfind(_FIELD)
    if first < 0:
        return xml
    end = xml.find("</w:p>", last)  # looking through the whole body takes ten times as long
    return xml[:first] + _NUMBER.sub(r"\1", xml[first:end]) + xml[end:]


def headed(xml: str, rules: Rules) -> Iterator[tuple[int, int, int]]:
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
    return " ".join(shown(runs).split())


def shown(runs: str) -> str:
    """Return what runs show, as XML, with a blank for each tab and line end."""
    return "".join(text if text is not None else " " for text in (each.group(1) for each in _SHOWN.finditer(runs)))
