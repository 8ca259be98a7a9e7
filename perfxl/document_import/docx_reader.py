"""Reads a .docx as paragraphs and tables: merged cells, nested tables, text boxes, automatic numbers, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from perfxl.document_import.blocks import Block, Document, Source, WordCell, WordParagraph, WordRow, WordTable
from perfxl.document_import.docx_package import WordPackage
from perfxl.document_import.docx_text import COMPATIBILITY, W, seen
from perfxl.document_import.word_numbering import Numbering

OUR_AUTHOR = "perfxl"  # of the comments that hold findings
_DEEPEST = 20  # tables in tables; what is deeper is read as text
_MOST_COLUMNS = 1_000
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])$")
_CONTENTS = re.compile(r"(?:toc|目录|contents)\s*[1-9]$")
_WRAPPERS = {
    W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "moveTo", W + "smartTag",
    COMPATIBILITY + "AlternateContent", COMPATIBILITY + "Choice",
}  # fmt: skip
_AROUND: tuple[tuple[str, Source], ...] = (
    ("header", "header"), ("footer", "footer"), ("footnotes", "footnote"), ("endnotes", "endnote"),
    ("comments", "comment"),
)  # fmt: skip


class _Style(NamedTuple):
    name: str
    based_on: str
    list_id: str
    list_level: int
    level: int


def read(data: bytes) -> Document:
    """Return the document that the .docx `data` holds. Raises `Unreadable`."""
    package = WordPackage(data)
    root = package.document()
    body = root.find(W + "body")
    reader = _Reader(package, root)
    blocks = reader.blocks(body if body is not None else [], 0)
    for kind, source in _AROUND:
        for part in package.related(kind):
            reader.add_around(part, source)
    return Document(blocks, reader.around)


class _Reader:
    """Reads the parts of one document, in their order, because automatic numbers count along."""

    def __init__(self, package: WordPackage, root: Element) -> None:
        self._index = {paragraph: number for number, paragraph in enumerate(root.iter(W + "p"))}
        self._styles = {
            style.get(W + "styleId", ""): _style(style)
            for part in package.related("styles")
            for style in part.iter(W + "style")
        }
        self._numbering = Numbering(next(package.related("numbering"), None))
        self.around: list[WordParagraph] = []

    def blocks(self, parent: Iterable[Element], depth: int, source: Source = "body") -> list[Block]:
        """Return the paragraphs and tables of a body, a cell or a text box. Text boxes come before their paragraph."""
        found: list[Block] = []
        for element in _unwrapped(parent):
            if element.tag == W + "p":
                self._add_paragraph(element, depth, source, found)
            elif element.tag == W + "tbl":
                if depth < _DEEPEST:
                    found.append(self._table(element, depth + 1))
                else:
                    for paragraph in element.iter(W + "p"):
                        self._add_paragraph(paragraph, depth, source, found)
        return found

    def add_around(self, part: Element, source: Source) -> None:
        """Add the texts of a header, of notes or comments; comments that findings were written as are no text."""
        ours = {
            paragraph
            for comment in part.iter(W + "comment")
            if comment.get(W + "author") == OUR_AUTHOR
            for paragraph in comment.iter(W + "p")
        }
        for paragraph in part.iter(W + "p"):
            if paragraph in ours:
                continue
            shown = seen(paragraph)
            if shown.text.strip():
                self.around.append(WordParagraph(shown.text, source=source))

    def _add_paragraph(self, paragraph: Element, depth: int, source: Source, found: list[Block]) -> None:
        shown = seen(paragraph)
        index = self._index.get(paragraph, -1)
        for box in shown.boxes if depth < _DEEPEST else ():
            found += self.blocks(box, depth + 1, "textbox")
        for text, struck in ((shown.deleted, "deleted"), (shown.hidden, "hidden")):
            if text.strip():
                self.around.append(WordParagraph(text, index, "deleted" if struck == "deleted" else "hidden"))
        properties = paragraph.find(W + "pPr")
        name = _value(properties, "pStyle")
        style = self._styles.get(name)
        level = self._level(properties, name)
        number = self._number(properties, name) if shown.text.strip() else ""
        if source == "body" and style is not None and _CONTENTS.fullmatch(style.name):
            source = "contents"
        found.append(WordParagraph(number + shown.text, index, source, level))

    def _level(self, properties: Element | None, style: str) -> int:
        own = _value(properties, "outlineLvl")
        if own.isdigit():
            return int(own) + 1 if int(own) < 9 else 0
        return next((each.level for each in self._chain(style) if each.level), 0)

    def _number(self, properties: Element | None, style: str) -> str:
        """Return the automatic number of a paragraph; those without one do not count."""
        own = properties.find(W + "numPr") if properties is not None else None
        list_id, level = _value(own, "numId"), _value(own, "ilvl")
        if not list_id:
            inherited = next((each for each in self._chain(style) if each.list_id), None)
            if inherited is None:
                return ""
            list_id, level = inherited.list_id, level or str(inherited.list_level)
        return self._numbering.next(list_id, int(level) if level.isdigit() else 0)

    def _chain(self, style: str) -> Iterator[_Style]:
        """Yield a style and those it is based on."""
        passed = set()
        while style in self._styles and style not in passed:
            passed.add(style)
            yield self._styles[style]
            style = self._styles[style].based_on

    def _table(self, table: Element, depth: int) -> WordTable:
        rows: list[WordRow] = []
        above: dict[int, WordCell] = {}
        for element in _unwrapped(table):
            if element.tag == W + "tr":
                number = len(rows)
                cells = self._row(element, number, above, depth)
                above = {cell.column: cell for cell in cells}
                rows.append(WordRow(number, tuple(cells)))
        return WordTable(rows)

    def _row(self, element: Element, number: int, above: dict[int, WordCell], depth: int) -> list[WordCell]:
        properties = element.find(W + "trPr")
        before = _value(properties, "gridBefore")
        column = min(int(before), _MOST_COLUMNS) if before.isdigit() else 0
        cells: list[WordCell] = []
        for part in _unwrapped(element):
            if part.tag != W + "tc":
                continue
            asked = part.find(W + "tcPr")
            span = _value(asked, "gridSpan")
            columns = min(max(int(span), 1), _MOST_COLUMNS) if span.isdigit() else 1
            blocks = self.blocks(part, depth)
            pieces = [block for block in blocks if isinstance(block, WordParagraph)]
            if cells and _continues(asked, "hMerge"):
                cells[-1].columns += columns
                cells[-1].pieces += [piece for piece in pieces if piece.text.strip()]
            elif _continues(asked, "vMerge") and (merged := above.get(column)) and merged.columns == columns:
                merged.rows += 1
                cells.append(merged)
                # What stands in a cell that is merged with the one above is not shown.
                self.around += [WordParagraph(p.text, p.index, "hidden") for p in pieces if p.text.strip()]
            else:
                nested = [block for block in blocks if isinstance(block, WordTable)]
                for piece in pieces:
                    piece.row, piece.column = number + 1, len(cells) + 1
                cells.append(WordCell(number, column, columns, pieces, nested))
            column += columns
        return cells


def _unwrapped(parent: Iterable[Element]) -> Iterator[Element]:
    """Yield the children of an element, those in content controls and tracked insertions as if these were not there."""
    todo = list(parent)[::-1]
    while todo:
        element = todo.pop()
        if element.tag in _WRAPPERS:
            todo += list(element)[::-1]
        else:
            yield element


def _value(properties: Element | None, name: str) -> str:
    found = properties.find(W + name) if properties is not None else None
    return found.get(W + "val", "") if found is not None else ""


def _continues(properties: Element | None, name: str) -> bool:
    found = properties.find(W + name) if properties is not None else None
    return found is not None and found.get(W + "val", "continue") == "continue"


def _style(style: Element) -> _Style:
    name = _value(style, "name").lower()
    properties = style.find(W + "pPr")
    numbered = properties.find(W + "numPr") if properties is not None else None
    outline, level = _value(properties, "outlineLvl"), _value(numbered, "ilvl")
    heading = _HEADING.fullmatch(name)
    return _Style(
        name,
        _value(style, "basedOn"),
        _value(numbered, "numId"),
        int(level) if level.isdigit() else 0,
        int(outline) + 1 if outline.isdigit() and int(outline) < 9 else int(heading[1]) if heading else 0,
    )
