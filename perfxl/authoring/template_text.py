"""A Word template as its author sees it: paragraphs with their text, and where each stands (正文 表1 第2行 第4格)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_KINDS = (
    ("word/document", "正文"),
    ("word/header", "页眉"),
    ("word/footer", "页脚"),
    ("word/footnotes", "脚注"),
    ("word/endnotes", "尾注"),
)
_SIGNS = {"tab": " ", "br": " ", "cr": " "}
_HIDDEN = ("txbxContent", "del", "instrText")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a template. `cell`, `row` and `table` are what it stands in, as numbers of their own, else 0."""

    part: str
    number: int
    place: str
    text: str
    table: int = 0
    row: int = 0
    cell: int = 0


def paragraphs(parts: Mapping[str, bytes]) -> Iterator[Paragraph]:
    """Yield the paragraphs of the body, then those of headers, footers and notes."""
    for stem, name in _KINDS:
        for part in sorted(part for part in parts if re.fullmatch(re.escape(stem) + r"\d*\.xml", part)):
            number = re.sub(r"\D", "", part)
            yield from _Part(part, name if name == "正文" else name + number).paragraphs(ET.fromstring(parts[part]))


class _Part:
    """Counts what it passes on the way through a part."""

    def __init__(self, part: str, name: str) -> None:
        self._part, self._name = part, name
        self._passed = self._counted = self._tables = self._serial = 0

    def paragraphs(self, root: ET.Element) -> Iterator[Paragraph]:
        numbers = {id(one): index for index, one in enumerate(root.iter(_W + "p"))}
        yield from self._walk(root, numbers, "", (0, 0, 0))

    def _walk(
        self, node: ET.Element, numbers: Mapping[int, int], place: str, inside: tuple[int, int, int]
    ) -> Iterator[Paragraph]:
        for child in node:
            if child.tag == _W + "p":
                if not place:
                    self._counted += 1
                where = place or f"第{self._counted}段"
                yield Paragraph(self._part, numbers[id(child)], f"{self._name} {where}", _text(child), *inside)
                for box in child.iter(_W + "txbxContent"):
                    yield from self._walk(box, numbers, f"{where} 文本框", inside)
            elif child.tag == _W + "tbl":
                yield from self._table(child, numbers, place)
            elif child.tag not in (_W + "pPr", _W + "sectPr"):
                yield from self._walk(child, numbers, place, inside)

    def _table(self, table: ET.Element, numbers: Mapping[int, int], place: str) -> Iterator[Paragraph]:
        if not place:
            self._tables += 1
        name = f"{place} 内表" if place else f"表{self._tables}"
        self._serial += 1
        mine = self._serial
        for row, line in enumerate(table.iter(_W + "tr"), 1):
            if line not in _rows(table):
                continue
            self._serial += 1
            this_row = self._serial
            for column, cell in enumerate(_cells(line), 1):
                self._serial += 1
                yield from self._walk(cell, numbers, f"{name} 第{row}行 第{column}格", (mine, this_row, self._serial))


def _rows(table: ET.Element) -> list[ET.Element]:
    return [row for row in _inner(table) if row.tag == _W + "tr"]


def _cells(row: ET.Element) -> list[ET.Element]:
    return [cell for cell in _inner(row) if cell.tag == _W + "tc"]


def _inner(node: ET.Element) -> Iterator[ET.Element]:
    """Yield rows or cells, those in content controls among them."""
    for child in node:
        if child.tag in (_W + "sdt", _W + "sdtContent"):
            yield from _inner(child)
        else:
            yield child


def _text(paragraph: ET.Element) -> str:
    found: list[str] = []

    def walk(node: ET.Element) -> None:
        for child in node:
            name = child.tag.removeprefix(_W)
            if name == "t":
                found.append(child.text or "")
            elif name in _SIGNS:
                found.append(_SIGNS[name])
            elif name not in _HIDDEN:
                walk(child)

    walk(paragraph)
    return "".join(found)
