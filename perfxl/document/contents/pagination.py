"""Where headings come to stand, by a simple layout of our own: the page numbers where no office program can tell.

Only what moves page breaks is laid out: lines, rows, headings that stay with what follows, rows that stay whole, widows
and orphans, repeated header rows. The rules are Word's; where LibreOffice 7.4 differs, it was measured and followed,
because there the result can be held against something.

Rows and paragraphs are alike but for their text. So what they are is read once for every kind (`TableRow`,
`ParagraphShape`), and a document costs little more than counting the lines of its texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from perfxl.document.contents.line_breaking import count
from perfxl.document.contents.paragraph_styles import ParagraphShape, ParagraphShapes, children, number
from perfxl.document.contents.row_heights import (
    BORDER,
    SLOT,
    TableRow,
    fragments_of,
    height,
    joined,
    read_row,
    read_table,
    unescaped,
)

_MANY_ROWS = 4096

_BLOCK = re.compile(r"<w:(p|tbl|sectPr)(?: [^>]*)?>")
_MARK = re.compile(r'<w:bookmarkStart [^>]*?w:name="(_Toc[^"]*)"')
PROPERTIES = re.compile(r"<w:pPr>(.*?)</w:pPr>", re.DOTALL)
_GRID = re.compile(r"<w:tblGrid>.*?</w:tblGrid>", re.DOTALL)


Piece = tuple[int, int, bool, bool, int, bool, Sequence[str]]
"""Something that stands on one page as a whole: the space above it; its height; whether it begins a page; whether it
stays on the page of the next piece; the height of the header rows that come again where it begins a page; whether it is
divided where it is higher than a page; the marks in it."""


Place = tuple[str, int, int]
"""Whether it is a paragraph (`p`) or a table (`tbl`), where it begins and where it ends."""


class PageSize(NamedTuple):
    """The type area of a section, A4 with an inch around where nothing is said."""

    width: int = 9026
    height: int = 13958
    continuous: bool = False


class PageLayout:
    """Lays out documents with the same styles."""

    def __init__(self, shapes: ParagraphShapes) -> None:
        self.shapes = shapes
        self._rows: dict[tuple[str, str], TableRow] = {}
        self._known: dict[str, ParagraphShape] = {}

    def pages(self, xml: str) -> dict[str, int]:
        """Return the page of each bookmark of 目录 in the body `xml`, the first page being 1."""
        found: dict[str, int] = {}
        last = 0
        for blocks, page in sections(xml, xml.find("<w:body>")):
            pieces: list[Piece] = []
            for kind, start, end in blocks:
                block = xml[start:end]
                if kind == "p":
                    texts, shape, breaks = self.read(block)
                    marks = _MARK.findall(block) if "_Toc" in block else ()
                    paragraph(texts, shape, page, pieces, breaks=breaks, marks=marks)
                else:
                    self._table(block, pieces)
            marks_here, last = placed(pieces, page.height, max(last, 1) if page.continuous else last + 1)
            found |= marks_here
        return found

    def read(self, block: str) -> tuple[list[str], ParagraphShape, bool]:
        """Return what a paragraph shows between line ends, its shape, and whether it begins with the end of a page."""
        properties = PROPERTIES.search(block)
        texts, breaks = _texts(block[properties.end() if properties else 0 :])
        return texts, self.shape(properties[1] if properties else ""), breaks

    def shape(self, properties: str) -> ParagraphShape:
        """Return the shape of a paragraph by what stands in its `w:pPr`."""
        shape = self._known.get(properties)
        if shape is None:
            shape = self._known[properties] = self.shapes.of(properties)
        return shape

    def _table(self, xml: str, pieces: list[Piece]) -> None:
        rows = xml.split("</w:tr>")[:-1]
        grid = _GRID.search(xml)
        frame = "" if grid is None else xml[: grid.end()]
        if rows:
            rows[0] = rows[0][grid.end() if grid else 0 :]
        kinds, texts, marks = [], [], []
        for row in rows:
            # A text stands between the last > and the end of its element; without the texts, rows are alike.
            *parts, (rest, _, _) = [piece.rpartition(">") for piece in row.split("</w:t>")]
            texts.append([unescaped(text) for _, _, text in parts])
            kinds.append(self._row(f">{SLOT}</w:t>".join([*(markup for markup, _, _ in parts), rest + ">"]), frame))
            marks.append(_MARK.findall(row) if 'w:name="_Toc' in row else ())
        table(kinds, texts, marks, pieces, broken=False)

    def _row(self, markup: str, frame: str) -> TableRow:
        row = self._rows.get((markup, frame))
        if row is None:
            if len(self._rows) >= _MANY_ROWS:
                self._rows.clear()
            row = self._rows[markup, frame] = read_row(markup, read_table(frame), self.shape)
        return row


def paragraph(
    texts: Sequence[str],
    shape: ParagraphShape,
    page: PageSize,
    pieces: list[Piece],
    *,
    breaks: bool,
    marks: Sequence[str],
) -> None:
    """Add a paragraph, whose texts between line ends are `texts`, to what stands on the pages."""
    high = shape.height
    room = page.width - shape.left - shape.right
    total = 0
    for at, text in enumerate(texts):
        total += count(text, room, 0 if at else shape.first, shape.size, shape.closer, True)
    before, new_page = shape.before, shape.break_before or breaks
    after, keep = shape.after, shape.keep_next
    # Of three lines, neither one may stand alone.
    if shape.keep_lines or (shape.widow and total <= 3) or total == 1:
        pieces.append((before, total * high + after, new_page, keep, 0, False, marks))
        return
    end = 2 if shape.widow else 1
    pieces.append((before, end * high, new_page, False, 0, False, marks))
    pieces += [(0, high, False, False, 0, False, ())] * (total - 2 * end)
    pieces.append((0, end * high + after, False, keep, 0, False, ()))


def table(
    kinds: Sequence[TableRow],
    texts: Sequence[Sequence[str]],
    marks: Iterable[Sequence[str]],
    pieces: list[Piece],
    *,
    broken: bool,
) -> None:
    """Add the rows of a table, of these kinds and with these texts, to what stands on the pages.

    `broken` says that there may be tabs and line ends in the texts.
    """
    needs: dict[int, int] = {}  # by column: what a cell over several rows still needs
    header = 0
    following = [kind.continued for kind in kinds[1:]]
    following.append(frozenset())
    high = 0
    for kind, shown, names, going_on in zip(kinds, texts, marks, following, strict=False):
        high = height(kind, shown, going_on, needs, broken=broken)
        pieces.append((0, high, False, kind.header, 0 if kind.header else header, True, names))
        header += high if kind.header else 0
    if kinds:
        pieces[-1] = (0, high + BORDER, *pieces[-1][2:])  # below the table


def sections(xml: str, start: int) -> Iterator[tuple[list[Place], PageSize]]:
    """Yield the paragraphs and tables of each section, and its page."""
    blocks: list[Place] = []
    at = start
    while match := _BLOCK.search(xml, at):
        kind = match[1]
        at = match.end() if match.group().endswith("/>") else _closed(xml, match.end(), kind)
        if kind == "sectPr":
            yield blocks, page_of(xml[match.start() : at])
            blocks = []
            continue
        blocks.append((kind, match.start(), at))
        if kind == "p" and xml.find("<w:sectPr", match.start(), at) >= 0:
            yield blocks, page_of(xml[match.start() : at])
            blocks = []
    if blocks:
        yield blocks, PageSize()


def _closed(xml: str, start: int, kind: str) -> int:
    """Return where the element of this kind ends that is open at `start`; others of its kind may stand inside."""
    depth, at = 1, start
    while depth:
        end = xml.find(f"</w:{kind}>", at)
        if end < 0:
            return len(xml)
        depth += xml.count(f"<w:{kind}>", at, end) + xml.count(f"<w:{kind} ", at, end) - 1
        at = end + len(kind) + 5
    return at


def page_of(xml: str) -> PageSize:
    """Return the page that the properties of a section describe, which stand in `xml`."""
    section = xml[xml.find("<w:sectPr") :].partition("</w:sectPr>")[0]
    said = dict(reversed(children(section[section.find(">") + 1 :])))

    def length(element: str, name: str, absent: int) -> int:
        words = said.get(element, {})
        return abs(number(words, name)) if name in words else absent

    width = length("pgSz", "w", 11906) - length("pgMar", "left", 1440) - length("pgMar", "right", 1440)
    height = length("pgSz", "h", 16838) - length("pgMar", "top", 1440) - length("pgMar", "bottom", 1440)
    return PageSize(width, height, said.get("type", {}).get("val") == "continuous")


def _texts(xml: str) -> tuple[list[str], bool]:
    """Return the text between the line ends of a paragraph, and whether it begins with the end of a page."""
    fragments, breaks = fragments_of(xml)
    return joined(fragments, (), tab=" "), breaks


def placed(pieces: Sequence[Piece], room: int, page: int) -> tuple[dict[str, int], int]:
    """Return the page of each mark in `pieces` and the last page, when the first is `page`."""
    found: dict[str, int] = {}
    used, begun, at, total = 0, False, 0, len(pieces)
    while at < total:
        end = at + 1
        before, high, first, keep, *_ = pieces[at]
        need = before + high
        if keep:
            while pieces[end - 1][3] and end < total and not pieces[end][2]:
                need += pieces[end][0] + pieces[end][1]
                end += 1
        if begun and (first or used + need > room):
            page, used, begun = page + 1, 0, False
        for before, high, _, _, repeated, divided, marks in pieces[at:end]:
            own = before + high
            if begun and used + own > room:  # a group that is higher than a page
                page, used, begun = page + 1, 0, False
            used += own if begun else own + repeated
            begun = True
            for mark in marks:
                found[mark] = page
            while divided and used > room > repeated:
                page, used = page + 1, used - room + repeated
        at = end
    return found, page
