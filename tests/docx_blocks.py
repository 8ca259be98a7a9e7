"""Reads a .docx as paragraphs and tables, with the standard library alone, in the form of `originals.reader`."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree

from originals.reader import Block, Cell, Row

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def blocks(document: bytes) -> list[Block]:
    """Return the body: a text for a paragraph, rows of cells of paragraphs for a table, [] for a merged cell below."""
    with zipfile.ZipFile(BytesIO(document)) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml")).find(_W + "body")
    assert body is not None
    return [
        _text(element) if element.tag == _W + "p" else [_row(row) for row in element.iter(_W + "tr")]
        for element in body
        if element.tag in (_W + "p", _W + "tbl")
    ]


def _text(paragraph: ElementTree.Element) -> str:
    signs = {_W + "tab": "\t", _W + "br": "\n"}
    runs = (part for run in paragraph.iter(_W + "r") for part in run)
    return "".join(signs.get(part.tag, part.text or "" if part.tag == _W + "t" else "") for part in runs)


def _row(row: ElementTree.Element) -> Row:
    return [_cell(cell) for cell in row.findall(_W + "tc")]


def _cell(cell: ElementTree.Element) -> Cell:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    paragraphs = [_text(paragraph) for paragraph in cell.findall(_W + "p")]
    if merge is not None and merge.get(_W + "val", "continue") == "continue":
        assert not "".join(paragraphs), "text hides in a merged cell"
        return []
    return paragraphs
