"""目录 and its page numbers for a document that is still in pieces: markup of the template and texts, by turns.

Units, paragraphs and rows, are alike but for their texts, and the same pieces of markup come again and again. So what a
unit is, where a heading takes its bookmark, how a row is made up, is read from the markup once and found by it later;
what is left for each document is to count the lines of its texts. `contents` and `estimate` do the same with finished
text, and the result is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

from perfxl.document.contents.pagination import (
    PROPERTIES,
    PageLayout,
    PageSize,
    Piece,
    page_of,
    paragraph,
    placed,
    table,
)
from perfxl.document.contents.paragraph_styles import ParagraphShape
from perfxl.document.contents.row_heights import (
    SLOT,
    Fragments,
    TableRow,
    cut,
    fragments_of,
    joined,
    numbered,
    read_row,
    read_table,
    unescaped,
)
from perfxl.document.contents.settling import CONTENTS, Told, captions, places, settled
from perfxl.document.contents.toc import (
    FROM,
    HERE,
    TO,
    Heading,
    Rules,
    bookmark,
    entries,
    entry_style,
    headed,
    next_id,
    shown,
)
from perfxl.document.template.printable_text import escaped

# What a unit is. What stands between paragraphs and tables is OTHER, and what a table has before its rows is FRAME.
PARAGRAPH, FRAME, ROW, END, OTHER, MARK = range(6)

_IN_TEXT = re.compile(r"<w:t(?: [^>]*[^/>])?>[^<]*")
_BEGIN = re.compile(r"<w:p(?: [^>]*)?>")
_SECTION = re.compile(r"<w:sectPr(?: [^>]*)?>")
_FROM, _HERE, _TO = FROM.encode(), HERE.encode(), TO.encode()
_TABLE = 2  # what a block holds that is a table
_MOST = 4096  # kinds; a template has some dozens, and texts with unusual markup may bring ever more

Markup = tuple[bytes, ...]


class UnusualText(Exception):
    """The document has what only the finished text shows rightly."""


class TocBlock:
    """A kind of paragraph outside of tables. `slot` is the text it shows where that is all.

    `level` is that of the heading, 0 where it is none; its bookmark begins and ends at `opening` and `closing`, places
    in the pieces of its markup, and `title` is what 目录 repeats, as XML. `page` is that of the section which it ends.
    `settling` are the places where its properties may get more, empty where they may not.
    """

    __slots__ = ("breaks", "closing", "fragments", "level", "opening", "page", "settling", "shape", "slot", "title")

    def __init__(
        self,
        shape: ParagraphShape,
        page: PageSize | None,
        fragments: Fragments,
        slot: int,
        breaks: bool,
        level: int,
        opening: tuple[int, int],
        closing: tuple[int, int],
        title: Fragments,
        settling: tuple[tuple[int, int], ...],
    ) -> None:
        self.shape, self.page, self.fragments, self.slot, self.breaks = shape, page, fragments, slot, breaks
        self.level, self.opening, self.closing, self.title = level, opening, closing, title
        self.settling = settling

    def plain(self) -> tuple[Any, ...]:
        """Return what a `Block` is made from in plain values."""
        known = (self.fragments, self.slot, self.breaks, self.level, self.opening, self.closing, self.title)
        return tuple(self.shape), self.page and tuple(self.page), *known, self.settling


class Units:
    """Fills 目录 in, in the documents of one template. `marked` says that the template has bookmarks of its own."""

    def __init__(self, rules: Rules, layout: PageLayout, *, marked: bool) -> None:
        self._rules, self._layout, self._marked = rules, layout, marked
        self.learnt: Callable[[], object] = int  # called whenever a kind is met for the first time
        self._blocks: dict[Markup, TocBlock] = {}
        self._tables: dict[Markup, dict[Markup, TableRow]] = {}
        self._pages: dict[Markup, PageSize | None] = {}

    def fill(self, out: list[Any], texts: Sequence[str], ends: Sequence[int]) -> None:
        """Write bookmarks and numbered entries into the pieces `out`; `texts` are the texts among them as typed.

        Raises `UnusualText`, with `out` as it was.
        """
        markup = tuple(out[::2])
        if _HERE not in markup:
            return
        flow = _Flow(self, markup, texts)
        flow.read(ends)
        for at, piece in flow.changes.items():
            out[2 * at] = piece
        rules, headings = self._rules, flow.headings
        numbers = self._numbers(flow)
        out[2 * flow.here] = entries(headings, rules, numbers).encode()

    def _numbers(self, flow: _Flow) -> dict[str, int]:
        found: dict[str, int] = {}
        last = 0
        for blocks, page in flow.sections:
            pieces: list[Piece] = []
            for block in blocks:
                if len(block) == 2:
                    kinds, texts_of = block
                    table(kinds, texts_of, repeat(()), pieces, broken=flow.broken)
                elif block:
                    texts, shape, breaks, marks = block
                    paragraph(texts, shape, page, pieces, breaks=breaks, marks=marks)
                else:
                    self._entries(flow.headings, page, pieces)
            marks_here, last = placed(pieces, page.height, max(last, 1) if page.continuous else last + 1)
            found |= marks_here
        return found

    def _entries(self, headings: Sequence[Heading], page: PageSize, pieces: list[Piece]) -> None:
        """Lay out the entries, with a number of one figure, as long as nobody knows them."""
        for heading in headings:
            shape = self._layout.shape(entry_style(heading.level, self._rules))
            paragraph((f"{unescaped(heading.text)} 1",), shape, page, pieces, breaks=False, marks=())
        if not headings:
            paragraph(("",), self._layout.shape(""), page, pieces, breaks=False, marks=())

    def first_id(self, markup: Sequence[bytes]) -> int:
        """Return the number of the first bookmark."""
        return next_id(b"".join(markup).decode()) if self._marked else 0

    def block(self, markup: Markup) -> TocBlock:
        """Return the kind of a paragraph."""
        block = self._blocks.get(markup)
        if block is None:
            if len(self._blocks) >= _MOST:
                self._blocks.clear()
            block = self._blocks[markup] = self._read_block(markup)
            self.learnt()
        return block

    def rows(self, frame: Markup) -> dict[Markup, TableRow]:
        """Return the kinds of rows of a table that begins with `frame`, as far as they are known."""
        if len(self._tables) >= _MOST:
            self._tables.clear()
        return self._tables.setdefault(frame, {})

    def row(self, markup: Markup, frame: Markup, known: dict[Markup, TableRow]) -> TableRow:
        """Return the kind of a row, which is not yet `known`. Raises `UnusualText` where it holds a heading."""
        xml, numbers = _joined(markup)
        if self._rules.headings.search(xml):
            raise UnusualText("a heading in a table")
        if len(known) >= _MOST:
            known.clear()
        row = known[markup] = read_row(xml, read_table(_joined(frame)[0]), self._layout.shape, numbers)
        self.learnt()
        return row

    def section(self, markup: Markup) -> PageSize | None:
        """Return the page of the section that ends in what stands between blocks."""
        if markup not in self._pages:
            if len(self._pages) >= _MOST:
                self._pages.clear()
            xml = b"".join(markup).decode()
            self._pages[markup] = page_of(xml) if _SECTION.search(xml) else None
            self.learnt()
        return self._pages[markup]

    def known(self) -> tuple[Any, ...]:
        """Return all kinds that have been met so far in plain values, as `marshal` takes them."""
        return (
            {markup: block.plain() for markup, block in self._blocks.items()},
            {frame: {markup: row.plain() for markup, row in rows.items()} for frame, rows in self._tables.items()},
            {markup: page and tuple(page) for markup, page in self._pages.items()},
        )

    def remember(self, known: tuple[Any, ...]) -> None:
        """Take in what `known` returned of the same template."""
        blocks, tables, pages = known
        for markup, (shape, page, *others) in blocks.items():
            self._blocks[markup] = TocBlock(ParagraphShape(*shape), page and PageSize(*page), *others)
        for frame, rows in tables.items():
            self._tables[frame] = {markup: TableRow(*row) for markup, row in rows.items()}
        self._pages.update({markup: page and PageSize(*page) for markup, page in pages.items()})

    def _read_block(self, markup: Markup) -> TocBlock:
        xml, numbers = _joined(markup)
        begin = _BEGIN.search(xml)
        start = begin.end() if begin else 0
        properties = PROPERTIES.search(xml, start)
        fragments, breaks = fragments_of(xml[properties.end() if properties else start :])
        fragments = numbered(fragments, numbers)
        level, opening, closing = 0, (0, 0), (0, 0)
        title: Fragments = ()
        for first, end, found in headed(xml, self._rules):
            inside = xml.find("</w:pPr>", first, end) + len("</w:pPr>")
            level, opening, closing = found, _place(markup, numbers, inside), _place(markup, numbers, end)
            title = numbered(cut(shown(xml[inside:end]), xml.count(SLOT, 0, inside)), numbers)
        settling = (places(properties[1]) or ()) if properties else ()
        return TocBlock(
            shape=self._layout.shape(properties[1] if properties else ""),
            fragments=fragments,
            slot=fragments[0] if len(fragments) == 1 and isinstance(fragments[0], int) else -1,
            breaks=breaks,
            level=level,
            opening=opening,
            closing=closing,
            title=title,
            page=page_of(xml) if "<w:sectPr" in xml else None,
            settling=tuple(_place(markup, numbers, properties.start(1) + at) for at in settling) if properties else (),
        )


def _joined(markup: Markup) -> tuple[str, list[int]]:
    """Return the markup of a unit with `SLOT` where texts stand, and the numbers of these texts."""
    pieces: list[str] = []
    numbers: list[int] = []
    inside = False
    for number, piece in enumerate(markup):
        text = piece.decode()
        tag = text.rfind("<")
        if tag >= 0:
            inside = _IN_TEXT.fullmatch(text, tag) is not None
        pieces += (text, SLOT if inside else "")
        if inside:
            numbers.append(number)
    return "".join(pieces), numbers


def _place(markup: Markup, numbers: Sequence[int], offset: int) -> tuple[int, int]:
    """Return which piece of a unit holds the place `offset` of its joined text, and where, in bytes."""
    for number, piece in enumerate(markup):
        text = piece.decode()
        if offset <= len(text):
            return number, len(text[:offset].encode())
        offset -= len(text) + (number in numbers)
    raise UnusualText("a place outside of its unit")


class _Flow:
    """One document, from its beginning to its end."""

    def __init__(self, units: Units, markup: Markup, texts: Sequence[str]) -> None:
        self._units, self._markup, self._texts = units, markup, texts
        self._first_id = units.first_id(markup)
        self.changes: dict[int, bytes] = {}
        self.headings: list[Heading] = []
        self.sections: list[
            tuple[list[tuple[Any, ...]], PageSize]
        ] = []  # as the arguments with which they are laid out
        self._settling: dict[
            int, tuple[int, tuple[tuple[int, int], ...]]
        ] = {}  # where the blocks of a section take more
        self.here = 0
        together = "".join(texts)
        self.broken = "\n" in together or "\t" in together

    def read(self, ends: Sequence[int]) -> None:
        """Take the whole document in. Raises `UnusualText`."""
        units, markup, texts = self._units, self._markup, self._texts
        blocks: list[tuple[Any, ...]] = []
        frame: Markup | None = None
        known: dict[Markup, TableRow] = {}
        kinds: list[TableRow] = []
        texts_of: list[Sequence[str]] = []
        start = 0
        for at in range(0, len(ends), 2):
            kind, end = ends[at], ends[at + 1] // 2
            unit = markup[start:end]
            if kind == ROW:
                if frame is None:
                    raise UnusualText("a row before its table")
                kinds.append(known.get(unit) or units.row(unit, frame, known))
                texts_of.append(texts[start:end])
            elif kind == PARAGRAPH:
                block = units.block(unit)
                self._paragraph(block, start, end, blocks)
                if block.page is not None:
                    self._end_section(blocks, block.page)
                    blocks = []
            elif kind == FRAME:
                if frame is None:
                    frame, known = unit, units.rows(unit)
            elif kind == END:
                blocks.append((kinds, texts_of))
                frame, kinds, texts_of = None, [], []
            elif kind == MARK:
                self._mark(start, end, blocks)
            elif page := units.section(unit):
                self._end_section(blocks, page)
                blocks = []
            start = end
        if blocks:
            self._end_section(blocks, PageSize())

    def _end_section(self, blocks: list[tuple[Any, ...]], page: PageSize) -> None:
        """Settle the paragraphs of a section, whose page is known where it ends."""
        told: list[Told | None] = [
            CONTENTS if not block else None if len(block) == _TABLE else (block[0], block[1]) for block in blocks
        ]
        for at, (start, places_of) in self._settling.items():
            texts, shape = told[at] or CONTENTS
            said = settled(texts, shape, page.width, before_table=captions(told, at)) if places_of else None
            if said is not None:
                keep, indent = places_of
                self._insert(start + indent[0], indent[1], said.indent)
                self._insert(start + keep[0], keep[1], said.keep)
                blocks[at] = (texts, said.shape, *blocks[at][2:])
        self.sections.append((blocks, page))
        self._settling = {}

    def _mark(self, start: int, end: int, blocks: list[tuple[Any, ...]]) -> None:
        for at in range(start, end):
            if self._markup[at] == _HERE:
                self.here = at
                blocks.append(())
            elif self._markup[at] in (_FROM, _TO):
                self.changes[at] = b""

    def _paragraph(self, block: TocBlock, start: int, end: int, blocks: list[tuple[Any, ...]]) -> None:
        own = self._texts[start:end]
        texts: Sequence[str]
        if block.slot >= 0 and not (self.broken and ("\n" in own[block.slot] or "\t" in own[block.slot])):
            texts = (own[block.slot],)
        else:
            texts = joined(block.fragments, own, tab=" ")
        self._settling[len(blocks)] = start, block.settling
        title = ""
        if block.level:
            pieces = (each if isinstance(each, str) else escaped(own[each]) for each in block.title if each is not None)
            title = " ".join("".join(pieces).split())
        if not title:  # Word lists no empty heading
            blocks.append((texts, block.shape, block.breaks, ()))
            return
        name, opening, closing = bookmark(self._first_id, len(self.headings))
        self.headings.append(Heading(title, block.level, name))
        self._insert(start + block.closing[0], block.closing[1], closing)
        self._insert(start + block.opening[0], block.opening[1], opening)
        blocks.append((texts, block.shape, block.breaks, (name,)))

    def _insert(self, at: int, offset: int, word: str) -> None:
        piece = self.changes.get(at, self._markup[at])
        self.changes[at] = piece[:offset] + word.encode() + piece[offset:]
