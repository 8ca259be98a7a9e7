"""A finished document as a piece of a web page: headings, paragraphs and real tables, and nothing of Word's looks.

It is a fragment in UTF-8 that a content system puts into a page of its own: no frame, no styles, no scripts, no names
of classes. Cells that head a row or a column say so, for people who have pages read to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from typing import NamedTuple

from lxml import etree

from perfxl.document.contents.toc_removal import W, take_out
from perfxl.document.package.docx_zip import DOCUMENT, read_parts

_STYLES, _LINKS = "word/styles.xml", "word/_rels/document.xml.rels"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset((W + "del", W + "moveFrom", W + "pPr", W + "rPr", W + "sectPr", W + "instrText", _FALLBACK))
_BODY_TEXT = 9  # the outline level of what is no heading
_TOP, _LOWEST = 2, 6  # headings of a fragment: the page that it goes into has the first one
_MARK = re.compile(rb"<!-- perfxl ([0-9a-f]{64}) -->\n\Z")
_WEB = re.compile(r"(?:https?|mailto):", re.IGNORECASE)


class _Cell(NamedTuple):
    content: str
    columns: int
    merge: str
    head: bool


def fragment(document: bytes) -> bytes:
    """Return the HTML of a .docx: its text in its order, without the contents page, headers and footers.

    The title is `h2`, other headings stand below it by their outline levels. Raises `ValueError` where it is no .docx.
    """
    parts = read_parts(document)
    if DOCUMENT not in parts:
        raise ValueError("not a readable .docx: no body")
    root = _parsed(parts[DOCUMENT])
    body = root.find(W + "body")
    if body is None:
        raise ValueError("not a readable .docx: no body")
    take_out(body)
    styles = _parsed(parts[_STYLES]) if _STYLES in parts else None
    links = _parsed(parts[_LINKS]) if _LINKS in parts else None
    lines = "\n".join(_Writer(body, styles, links).blocks(body))
    text = f'<article lang="zh-CN">\n{lines}\n</article>\n'.encode()
    return b"%b<!-- perfxl %b -->\n" % (text, sha256(text).hexdigest().encode())


def is_as_made(html: bytes) -> bool:
    """Whether a file is a fragment that this program has made, and nobody has changed since."""
    found = _MARK.search(html)
    return found is not None and sha256(html[: found.start()]).hexdigest() == found[1].decode()


class _Writer:
    """Knows of a document what decides on its elements: outline levels of styles, styles of headings in tables."""

    def __init__(self, body: etree._Element, styles: etree._Element | None, links: etree._Element | None) -> None:
        self._levels = _levels(styles)
        self._links = {link.get("Id", ""): link.get("Target", "") for link in links} if links is not None else {}
        heads = (row for row in body.iter(W + "tr") if row.find(f"{W}trPr/{W}tblHeader") is not None)
        self._heads = {_style(paragraph) for row in heads for paragraph in row.iter(W + "p")} - {""}
        self._titled = False

    def blocks(self, container: etree._Element) -> Iterator[str]:
        for child in container:
            if child.tag == W + "p":
                yield from self._paragraph(child)
            elif child.tag == W + "tbl":
                yield from self._table(child)
            elif child.tag not in _GONE:
                yield from self.blocks(child)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        text = self._text(paragraph).strip()
        if not text:
            return
        level = self._level(paragraph)
        if not self._titled and level == _BODY_TEXT:
            self._titled = True
            yield f"<h{_TOP}>{text}</h{_TOP}>"
        elif level < _BODY_TEXT:
            self._titled = True
            number = min(_TOP + 1 + level, _LOWEST)
            yield f"<h{number}>{text}</h{number}>"
        else:
            yield f"<p>{text}</p>"

    def _level(self, paragraph: etree._Element) -> int:
        own = paragraph.find(f"{W}pPr/{W}outlineLvl")
        if own is not None:
            return int(own.get(W + "val", _BODY_TEXT))
        return self._levels.get(_style(paragraph), _BODY_TEXT)

    def _text(self, element: etree._Element) -> str:
        return "".join(self._inline(element))

    def _inline(self, element: etree._Element) -> Iterator[str]:
        for child in element:
            if child.tag == W + "t":
                yield escape(child.text or "", quote=False)
            elif child.tag in (W + "br", W + "cr"):
                yield "<br>" if child.get(W + "type", "textWrapping") == "textWrapping" else ""
            elif child.tag == W + "tab":
                yield " "
            elif child.tag == W + "hyperlink":
                target = self._links.get(child.get(_R + "id", ""), "")
                text = self._text(child)
                yield f'<a href="{escape(target)}">{text}</a>' if _WEB.match(target) else text
            elif child.tag == W + "drawing":
                yield from (f"（图：{escape(said, quote=False)}）" for said in _descriptions(child))
            elif child.tag not in _GONE and isinstance(child.tag, str):
                yield from self._inline(child)

    def _table(self, table: etree._Element) -> Iterator[str]:
        rows = [row for row in table.iter(W + "tr") if next(row.iterancestors(W + "tbl")) is table]
        cells = [[self._cell(cell) for cell in _cells(row)] for row in rows]
        heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        first_body = next((at for at, head in enumerate(heads) if not head), len(rows))
        yield "<table>"
        for tag, begin, end in (("thead", 0, first_body), ("tbody", first_body, len(rows))):
            if begin < end:
                yield f"<{tag}>"
                for at in range(begin, end):
                    yield f"<tr>{''.join(_row(cells, at, head=tag == 'thead', listed=first_body > 0))}</tr>"
                yield f"</{tag}>"
        yield "</table>"

    def _cell(self, cell: etree._Element) -> _Cell:
        span, merge = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
        paragraphs = [paragraph for paragraph in cell.iter(W + "p") if next(paragraph.iterancestors(W + "tc")) is cell]
        texts = [text for paragraph in paragraphs if (text := self._text(paragraph).strip())]
        inner = [line for table in cell.iterfind(W + "tbl") for line in self._table(table)]
        return _Cell(
            content="<br>".join(texts) + "".join(inner),
            columns=int(span.get(W + "val", "1")) if span is not None else 1,
            merge="" if merge is None else merge.get(W + "val", "continue"),
            head=bool(texts) and all(_style(paragraph) in self._heads for paragraph in paragraphs),
        )


def _row(cells: Sequence[Sequence[_Cell]], at: int, *, head: bool, listed: bool) -> Iterator[str]:
    """Yield the cells of a row; those that are merged with others above them have been there already.

    `head` is of a row that heads all columns, `listed` of a table that has such a row: its first cells head their rows.
    """
    row = cells[at]
    single = [cell for cell in row if not cell.merge]
    heads_below = bool(single) and all(cell.head for cell in single)
    column = 0
    for cell in row:
        if cell.merge != "continue":
            rows = _rows(cells, at, column) if cell.merge else 1
            spans = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
            spans += f' rowspan="{rows}"' if rows > 1 else ""
            scope = ""
            if head or (heads_below and not cell.merge):
                scope = "col"
            elif cell.head or (listed and column == 0 and cell.content):
                scope = "rowgroup" if rows > 1 else "row"
            tag = "th" if scope else "td"
            yield f"<{tag}{spans}" + (f' scope="{scope}"' if scope else "") + f">{cell.content}</{tag}>"
        column += cell.columns


def _rows(cells: Sequence[Sequence[_Cell]], at: int, column: int) -> int:
    """Return over how many rows the cell goes that begins in a row at a column."""
    count = 1
    for row in cells[at + 1 :]:
        here = 0
        for cell in row:
            if here == column:
                break
            here += cell.columns
        else:
            break
        if here != column or cell.merge != "continue":
            break
        count += 1
    return count


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row.iter(W + "tc") if next(cell.iterancestors(W + "tr")) is row]


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style.get(W + "val", "") if style is not None else ""


def _levels(styles: etree._Element | None) -> dict[str, int]:
    """Return the outline level of each style, its own or that of the nearest one it is based on."""
    known = {style.get(W + "styleId", ""): style for style in styles.iter(W + "style")} if styles is not None else {}
    found: dict[str, int] = {}
    for name in known:
        at: str | None = name
        for _ in range(len(known)):
            style = known.get(at or "")
            if style is None:
                break
            level = style.find(f"{W}pPr/{W}outlineLvl")
            if level is not None:
                found[name] = int(level.get(W + "val", _BODY_TEXT))
                break
            based = style.find(W + "basedOn")
            at = based.get(W + "val") if based is not None else None
    return found


def _descriptions(drawing: etree._Element) -> Iterator[str]:
    """Yield what pictures and charts say of themselves to people who do not see them."""
    for properties in drawing.iter(_WP + "docPr"):
        said = properties.get("descr") or properties.get("title") or ""
        if said:
            yield said


def _parsed(part: bytes) -> etree._Element:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
