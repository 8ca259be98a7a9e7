"""Where headings come to stand, by a simple layout of our own: the page numbers where no office program can tell.

Only what moves page breaks is laid out: lines, rows, headings that stay with what follows, rows that stay whole, widows
and orphans, repeated header rows. The rules are Word's; where Word and LibreOffice 7.4 differ, LibreOffice's were
measured.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from lxml import etree

from perfxl.document.shapes import Shape, Shapes, lines

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TBL, _SDT, _T, _TAB, _R = (_W + name for name in ("p", "tbl", "sdt", "t", "tab", "r"))
_BREAKS = frozenset({_W + "br", _W + "cr"})
_FRAMES = frozenset({_W + "sdtContent", _W + "customXml", _W + "ins", _W + "smartTag"})
_A4 = (11906, 16838, 1440, 1440, 1440, 1440)
_BORDER = 10  # half a point, once a row


@dataclass(slots=True)
class _Piece:
    """Something that stands on one page as a whole."""

    height: int
    headings: tuple[etree._Element, ...] = ()
    new_page: bool = False
    keep: bool = False  # on the page of the next piece
    before: int = 0  # space that belongs to it unless it begins a page on its own account
    repeated: int = 0  # the height of the header row that comes again where it begins a page
    tall: bool = False  # may be divided where it is higher than a page
    section: int = -1  # the section that begins with it


@dataclass(slots=True)
class _Page:
    width: int
    height: int

    @classmethod
    def of(cls, section: etree._Element | None) -> _Page:
        wide, high, top, right, bottom, left = _A4
        if section is not None:
            size, margins = section.find(_W + "pgSz"), section.find(_W + "pgMar")
            if size is not None:
                wide, high = (int(size.get(_W + key, "0")) for key in ("w", "h"))
            if margins is not None:
                top, right, bottom, left = (
                    abs(int(margins.get(_W + key, "1440"))) for key in ("top", "right", "bottom", "left")
                )
        return cls(wide - left - right, high - top - bottom)


@dataclass
class _Layout:
    shapes: Shapes
    wanted: Collection[etree._Element]
    page: _Page
    in_tables: bool = False
    pieces: list[_Piece] = field(default_factory=list)


def pages(document: etree._Element, shapes: Shapes, headings: Collection[etree._Element]) -> dict[etree._Element, int]:
    """Return the page of each of `headings`, paragraphs of the body of `document` or of its tables."""
    body = document.find(_W + "body")
    if body is None:
        return {}
    wanted = set(headings)
    in_tables = any(next(heading.iterancestors(_TBL), None) is not None for heading in wanted)
    found: dict[etree._Element, int] = {}
    last = 0
    for blocks, page, same_page in _sections(body):
        layout = _Layout(shapes, wanted, page, in_tables)
        for block in blocks:
            if block.tag == _P:
                _paragraph(block, layout)
            else:
                _table(block, layout)
        numbers, last = _placed(layout.pieces, page.height, max(last, 1) if same_page else last + 1)
        found |= numbers
    return found


def _sections(body: etree._Element) -> Iterable[tuple[list[etree._Element], _Page, bool]]:
    """Return the paragraphs and tables of each section, its page, and whether it goes on where the last one ended."""
    blocks: list[etree._Element] = []
    for block in _blocks(body):
        if block.tag == _W + "sectPr":
            yield blocks, _Page.of(block), _continuous(block)
            blocks = []
            continue
        blocks.append(block)
        section = block.find(f"{_W}pPr/{_W}sectPr") if block.tag == _P else None
        if section is not None:
            yield blocks, _Page.of(section), _continuous(section)
            blocks = []
    if blocks:
        yield blocks, _Page.of(None), False


def _continuous(section: etree._Element) -> bool:
    kind = section.find(_W + "type")
    return kind is not None and kind.get(_W + "val") == "continuous"


def _blocks(parent: etree._Element) -> Iterable[etree._Element]:
    for child in parent:
        if child.tag == _SDT or child.tag in _FRAMES:
            yield from _blocks(child)
        elif child.tag in (_P, _TBL) or child.tag == _W + "sectPr":
            yield child


def _paragraph(paragraph: etree._Element, layout: _Layout) -> None:
    shape = layout.shapes.of(paragraph)
    texts, new_page = _texts(paragraph)
    count, high = lines(texts, shape, layout.page.width), shape.height
    first = _Piece(high, (paragraph,) if paragraph in layout.wanted else (), shape.break_before or new_page, before=shape.before)
    pieces = layout.pieces
    if shape.keep_lines or (shape.widow and count <= 3):  # neither two lines behind nor two ahead remain of three
        first.height = count * high
        pieces.append(first)
    elif shape.widow:
        first.height = 2 * high
        pieces.append(first)
        pieces += [_Piece(high) for _ in range(count - 4)]
        pieces.append(_Piece(2 * high))
    else:
        pieces.append(first)
        pieces += [_Piece(high) for _ in range(count - 1)]
    pieces[-1].height += shape.after
    pieces[-1].keep = shape.keep_next


def _texts(paragraph: etree._Element) -> tuple[list[str], bool]:
    """Return the text between line breaks, and whether it begins with a page break."""
    texts, new_page = [""], False
    for element in paragraph.iter(_T, _TAB, *_BREAKS):
        if element.tag == _T:
            texts[-1] += element.text or ""
        elif element.tag == _TAB:
            texts[-1] += " " if element.getparent().tag == _R else ""  # type: ignore[union-attr]
        elif element.get(_W + "type") == "page":
            new_page = True
        else:
            texts.append("")
    return texts, new_page


def _table(table: etree._Element, layout: _Layout) -> None:
    widths = [int(column.get(_W + "w", "0")) for column in table.iterfind(f"{_W}tblGrid/{_W}gridCol")]
    margins = _margins(table.find(f"{_W}tblPr/{_W}tblCellMar"))
    rows = list(table.iterfind(_W + "tr"))
    merged: dict[int, int] = {}  # by column: what a cell over several rows still needs
    heights: list[int] = []
    for number, row in enumerate(rows):
        ahead = rows[number + 1] if number + 1 < len(rows) else None
        heights.append(_row(row, ahead, layout, widths, margins, merged))
    header = 0
    for row, height in zip(rows, heights, strict=True):
        properties = row.find(_W + "trPr")
        repeats = properties is not None and properties.find(_W + "tblHeader") is not None
        piece = _Piece(height, keep=repeats, repeated=0 if repeats else header, tall=True)
        if layout.in_tables:
            piece.headings = tuple(paragraph for paragraph in row.iter(_P) if paragraph in layout.wanted)
        header += height if repeats else 0
        layout.pieces.append(piece)


def _margins(margins: etree._Element | None) -> tuple[int, int, int, int]:
    found = {"top": 0, "left": 108, "bottom": 0, "right": 108}
    for margin in margins if margins is not None else ():
        found[etree.QName(margin).localname] = int(margin.get(_W + "w", "0"))
    return found["top"], found["left"], found["bottom"], found["right"]


def _row(
    row: etree._Element, ahead: etree._Element | None, layout: _Layout, widths: list[int],
    margins: tuple[int, int, int, int], merged: dict[int, int],
) -> int:  # fmt: skip
    """Return the height of a row. `merged` carries what cells over several rows need from one row to the next."""
    top, left, bottom, right = margins
    least = row.find(f"{_W}trPr/{_W}trHeight")
    height = int(least.get(_W + "val", "0")) if least is not None else 0
    if least is not None and least.get(_W + "hRule") == "exact":
        return height
    column = 0
    needs: dict[int, int] = {}
    going_on = _continued(ahead) if ahead is not None else frozenset[int]()
    for cell in row.iterfind(_W + "tc"):
        span, merge = _spanned(cell)
        width = sum(widths[column : column + span]) - left - right
        need = merged.pop(column, 0) if merge == "continue" else top + bottom + _BORDER + _content(cell, layout, width)
        if column in going_on:
            needs[column] = need
        else:
            height = max(height, need)
        column += span
    merged.clear()
    merged.update({column: need - height for column, need in needs.items()})
    return height


def _spanned(cell: etree._Element) -> tuple[int, str]:
    """Return how many columns a cell takes, and how it takes part in a merge over rows: restart, continue or not."""
    properties = cell.find(_W + "tcPr")
    if properties is None:
        return 1, ""
    span, merge = properties.find(_W + "gridSpan"), properties.find(_W + "vMerge")
    return (
        int(span.get(_W + "val", "1")) if span is not None else 1,
        "" if merge is None else merge.get(_W + "val", "continue"),
    )


def _continued(row: etree._Element) -> frozenset[int]:
    """Return the columns in which a row goes on with the cell above."""
    column, found = 0, set()
    for cell in row.iterfind(_W + "tc"):
        span, merge = _spanned(cell)
        if merge == "continue":
            found.add(column)
        column += span
    return frozenset(found)


def _content(cell: etree._Element, layout: _Layout, width: int) -> int:
    height = 0
    for paragraph in cell.iterfind(_P):
        shape = layout.shapes.of(paragraph)
        texts, _ = _texts(paragraph)
        height += shape.before + shape.after + lines(texts, shape, width) * shape.height
    for inner in cell.iterfind(_TBL):
        own = _Layout(layout.shapes, (), layout.page)
        _table(inner, own)
        height += sum(piece.height for piece in own.pieces)
    return height


def _placed(pieces: list[_Piece], room: int, page: int) -> tuple[dict[etree._Element, int], int]:
    """Return the page of each heading in `pieces` and the last page, when the first is `page`."""
    found: dict[etree._Element, int] = {}
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
            piece_need = piece.before + piece.height
            if begun and used + piece_need > room:  # a group that is higher than a page
                page, used, begun = page + 1, 0, False
            if not begun:
                piece_need += piece.repeated
            found.update(dict.fromkeys(piece.headings, page))
            begun, used = True, used + piece_need
            while piece.tall and used > room:
                page, used = page + 1, used - room + piece.repeated
        at = end
    return found, page
