"""Where headings come to stand, by a simple layout of our own: the page numbers where no office program can tell.

Only what moves page breaks is laid out: lines, rows, headings that stay with what follows, rows that stay whole, widows
and orphans, repeated header rows. The rules are Word's; where LibreOffice 7.4 differs, it was measured and followed,
because there the result can be held against something.

Rows and paragraphs are alike but for their text. So what they are is read once for every kind (`_Row`, `Shape`), and a
document costs little more than counting the lines of its texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from lxml import etree

from perfxl.document.shapes import Shape, Shapes, lines, number

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BORDER = 10  # half a point, above each row
_MANY_ROWS = 4096

_BLOCK = re.compile(r"<w:(p|tbl|sectPr)(?: [^>]*)?>")
_PIECE = re.compile(r"<w:t(?: [^>]*)?>([^<]*)|<w:(tab|br|cr)(?: ([^>]*))?/>")
_MARK = re.compile(r'<w:bookmarkStart [^>]*?w:name="(_Toc[^"]*)"')
_PROPERTIES = re.compile(r"<w:pPr>.*?</w:pPr>", re.DOTALL)
_GRID = re.compile(r"<w:tblGrid>.*?</w:tblGrid>", re.DOTALL)
_PLACE = ">x</w:t>"  # of a text; an element without one is written <w:t/>
_PAGE_BREAK = 'w:type="page"'


@dataclass(slots=True)
class _Piece:
    """Something that stands on one page as a whole."""

    height: int
    marks: tuple[str, ...] = ()
    new_page: bool = False
    keep: bool = False  # on the page of the next piece
    before: int = 0  # space above it
    repeated: int = 0  # the height of the header rows that come again where it begins a page
    divided: bool = False  # where it is higher than a page


@dataclass(frozen=True, slots=True)
class _Page:
    """The type area of a section, A4 with an inch around where nothing is said."""

    width: int = 9026
    height: int = 13958
    continuous: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    column: int
    span: int
    merge: str
    room: int
    margin: int
    # Of each paragraph: its shape, and for each piece of text its place among those of the row, or None for a line end.
    paragraphs: tuple[tuple[Shape, tuple[int | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A kind of row: everything but the texts."""

    least: int
    exact: bool
    header: bool
    cells: tuple[_Cell, ...]

    @property
    def continued(self) -> frozenset[int]:
        """The columns in which it goes on with the cell above."""
        return frozenset(cell.column for cell in self.cells if cell.merge == "continue")


class Layout:
    """Lays out documents with the same styles. `styles` is the parsed `word/styles.xml`, where there is one."""

    def __init__(self, styles: etree._Element | None) -> None:
        self._shapes = Shapes(styles)
        self._row = lru_cache(maxsize=_MANY_ROWS)(self._read_row)
        self._shape = lru_cache(maxsize=_MANY_ROWS)(self._read_shape)
        self._root = ""

    def pages(self, xml: str) -> dict[str, int]:
        """Return the page of each bookmark of 目录 in the body `xml`, the first page being 1."""
        body = xml.find("<w:body>")
        self._root = xml[xml.find("<w:document") : body]
        found: dict[str, int] = {}
        last = 0
        for blocks, page in _sections(xml, body):
            pieces: list[_Piece] = []
            for kind, block in blocks:
                if kind == "p":
                    self._paragraph(block, page, pieces)
                else:
                    self._table(block, pieces)
            marks, last = _placed(pieces, page.height, max(last, 1) if page.continuous else last + 1)
            found |= marks
        return found

    def _paragraph(self, xml: str, page: _Page, pieces: list[_Piece]) -> None:
        properties = _PROPERTIES.search(xml)
        shape = self._shape(properties.group() if properties else "")
        texts, breaks_page = _texts(xml[properties.end() if properties else 0 :])
        count, high = lines(texts, shape, page.width, hanging=True), shape.height
        marks = tuple(_MARK.findall(xml)) if "_Toc" in xml else ()
        first = _Piece(high, marks, shape.break_before or breaks_page, before=shape.before)
        pieces.append(first)
        if shape.keep_lines or (shape.widow and count <= 3):  # of three, neither one may stand alone
            first.height = count * high
        elif shape.widow:
            first.height = 2 * high
            pieces += [_Piece(high) for _ in range(count - 4)]
            pieces.append(_Piece(2 * high))
        else:
            pieces += [_Piece(high) for _ in range(count - 1)]
        pieces[-1].height += shape.after
        pieces[-1].keep = shape.keep_next

    def _table(self, xml: str, pieces: list[_Piece]) -> None:
        rows = xml.split("</w:tr>")[:-1]
        grid = _GRID.search(xml)
        frame = "<w:tbl>" if grid is None else xml[: grid.end()]
        if rows:
            rows[0] = rows[0][grid.end() if grid else 0 :]
        kinds, texts = [], []
        for row in rows:
            # A text stands between the last > and the end of its element; without the texts, rows are alike.
            *parts, (rest, _, _) = [piece.rpartition(">") for piece in row.split("</w:t>")]
            texts.append([text for _, _, text in parts])
            kinds.append(self._row(_PLACE.join([*(markup for markup, _, _ in parts), rest + ">"]), frame))
        needs: dict[int, int] = {}  # by column: what a cell over several rows still needs
        header = 0
        for index, (kind, row) in enumerate(zip(kinds, rows, strict=True)):
            going_on = kinds[index + 1].continued if index + 1 < len(kinds) else frozenset()
            height = _height(kind, texts[index], going_on, needs)
            marks = tuple(_MARK.findall(row)) if 'w:name="_Toc' in row else ()
            repeated = 0 if kind.header else header
            pieces.append(_Piece(height, marks, keep=kind.header, repeated=repeated, divided=True))
            header += height if kind.header else 0
        if rows:
            pieces[-1].height += _BORDER  # below the table

    def _read_shape(self, properties: str) -> Shape:
        return self._shapes.of(self._parsed(f"<w:p>{properties}</w:p>"))

    def _read_row(self, skeleton: str, frame: str) -> _Row:
        table = self._parsed(f"{frame}{skeleton}</w:tr></w:tbl>")
        row = table.find(f".//{_W}tr")
        if row is None:  # the end of a table within a table, which counts with the rows before it
            return _Row(0, False, False, ())
        least, header = row.find(f"{_W}trPr/{_W}trHeight"), row.find(f"{_W}trPr/{_W}tblHeader")
        return _Row(
            least=number(least, "val") if least is not None else 0,
            exact=least is not None and least.get(_W + "hRule") == "exact",
            header=header is not None,
            cells=tuple(self._cells(table, row)),
        )

    def _cells(self, table: etree._Element, row: etree._Element) -> Iterator[_Cell]:
        widths = [number(column, "w") for column in table.iterfind(f"{_W}tblGrid/{_W}gridCol")]
        top, left, bottom, right = _margins(table.find(f"{_W}tblPr/{_W}tblCellMar"))
        shown = [element for element in row.iter(_W + "t") if element.text]
        places = {element: index for index, element in enumerate(shown)}
        column = 0
        for cell in row.iterfind(_W + "tc"):
            span, merge = _spanned(cell)
            paragraphs = tuple(
                (
                    self._shapes.of(paragraph),
                    tuple(
                        places.get(element)
                        for element in paragraph.iter(_W + "t", _W + "br", _W + "cr")
                        if element in places or element.tag != _W + "t"
                    ),
                )
                for paragraph in cell.iter(_W + "p")
            )
            room = sum(widths[column : column + span]) - left - right
            yield _Cell(column, span, merge, room, top + bottom + _BORDER, paragraphs)
            column += span

    def _parsed(self, xml: str) -> etree._Element:
        root = etree.fromstring(f"{self._root}{xml}</w:document>", etree.XMLParser(recover=True))
        return root[0]


def _sections(xml: str, start: int) -> Iterator[tuple[list[tuple[str, str]], _Page]]:
    """Return the paragraphs and tables of each section, and its page."""
    blocks: list[tuple[str, str]] = []
    at = start
    while found := _BLOCK.search(xml, at):
        kind = found[1]
        at = found.end() if found.group().endswith("/>") else _closed(xml, found.end(), kind)
        block = xml[found.start() : at]
        if kind == "sectPr":
            yield blocks, _page(block)
            blocks = []
            continue
        blocks.append((kind, block))
        if kind == "p" and "<w:sectPr" in block:
            yield blocks, _page(block)
            blocks = []
    if blocks:
        yield blocks, _Page()


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


def _page(section: str) -> _Page:
    def length(element: str, name: str, absent: int) -> int:
        found = re.search(rf'<w:{element} [^>]*?w:{name}="-?(\d+)', section)
        return int(found[1]) if found else absent

    width = length("pgSz", "w", 11906) - length("pgMar", "left", 1440) - length("pgMar", "right", 1440)
    height = length("pgSz", "h", 16838) - length("pgMar", "top", 1440) - length("pgMar", "bottom", 1440)
    return _Page(width, height, '<w:type w:val="continuous"/>' in section)


def _texts(xml: str) -> tuple[list[str], bool]:
    """Return the text between the line ends of a paragraph, and whether it begins with the end of a page."""
    texts, breaks_page = [""], False
    for text, element, attributes in _PIECE.findall(xml):
        if not element:
            texts[-1] += unescape(text)
        elif element == "tab":
            texts[-1] += " "
        elif _PAGE_BREAK in attributes:
            breaks_page = True
        else:
            texts.append("")
    return texts, breaks_page


def _height(row: _Row, texts: list[str], going_on: frozenset[int], needs: dict[int, int]) -> int:
    """Return the height of a row. `needs` carries what cells over several rows need from one row to the next."""
    height = row.least
    if row.exact:
        return height
    carried: dict[int, int] = {}
    for cell in row.cells:
        need = needs.get(cell.column, 0) if cell.merge == "continue" else cell.margin + _content(cell, texts)
        if cell.column in going_on:
            carried[cell.column] = need
        elif need > height:
            height = need
    needs.clear()
    needs.update({column: need - height for column, need in carried.items()})
    return height


def _content(cell: _Cell, texts: list[str]) -> int:
    height = 0
    for shape, places in cell.paragraphs:
        if len(places) == 1 and places[0] is not None:  # nearly always
            count = lines((unescape(texts[places[0]]),), shape, cell.room, hanging=False)
            height += shape.before + shape.after + count * shape.height
            continue
        shown = [""]
        for place in places:
            if place is None:
                shown.append("")
            else:
                shown[-1] += unescape(texts[place])
        height += shape.before + shape.after + lines(shown, shape, cell.room, hanging=False) * shape.height
    return height


def _margins(margins: etree._Element | None) -> tuple[int, int, int, int]:
    found = {"top": 0, "left": 108, "bottom": 0, "right": 108}
    for margin in margins if margins is not None else ():
        found[etree.QName(margin).localname] = number(margin, "w")
    return found["top"], found["left"], found["bottom"], found["right"]


def _spanned(cell: etree._Element) -> tuple[int, str]:
    """Return how many columns a cell takes, and how it takes part in a merge over rows: restart, continue or not."""
    span, merge = cell.find(f"{_W}tcPr/{_W}gridSpan"), cell.find(f"{_W}tcPr/{_W}vMerge")
    return (
        max(1, number(span, "val")) if span is not None else 1,
        "" if merge is None else merge.get(_W + "val", "continue"),
    )


def _placed(pieces: list[_Piece], room: int, page: int) -> tuple[dict[str, int], int]:
    """Return the page of each mark in `pieces` and the last page, when the first is `page`."""
    found: dict[str, int] = {}
    used, begun, at = 0, False, 0
    while at < len(pieces):
        end = at + 1
        while pieces[end - 1].keep and end < len(pieces) and not pieces[end].new_page:
            end += 1
        group = pieces[at:end]
        need = sum(piece.before + piece.height for piece in group)
        if begun and (group[0].new_page or used + need > room):
            page, used, begun = page + 1, 0, False
        for piece in group:
            own = piece.before + piece.height
            if begun and used + own > room:  # a group that is higher than a page
                page, used, begun = page + 1, 0, False
            used += own if begun else own + piece.repeated
            begun = True
            found.update(dict.fromkeys(piece.marks, page))
            while piece.divided and used > room > piece.repeated:
                page, used = page + 1, used - room + piece.repeated
        at = end
    return found, page
