"""A finished document as Markdown, for reviewers: what is printed, in order, without how it looks."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def outline(body: bytes) -> str:
    """Return `word/document.xml` as Markdown: styles before paragraphs, cells between bars, merged ones as 〃."""
    document = etree.fromstring(body)
    lines: list[str] = []
    for block in _blocks(document.find(W + "body")):
        if block.tag == W + "p":
            style = block.find(f"{W}pPr/{W}pStyle")
            lines += [f"`{style.get(W + 'val') if style is not None else ''}` {_text(block)}".rstrip(), ""]
        else:
            lines += [*(_row(row) for row in block.iter(W + "tr")), ""]
    return "\n".join(lines)


def _blocks(parent) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        else:
            yield from _blocks(child)


def _row(row) -> str:
    cells = []
    for cell in row.iter(W + "tc"):
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        continued = merge is not None and merge.get(W + "val") == "continue"
        cells.append("〃" if continued else "<br>".join(map(_text, cell.iter(W + "p"))))
    return f"| {' | '.join(cells)} |"


def _text(paragraph) -> str:
    signs = {W + "tab": " … ", W + "br": "<br>"}
    shown = (
        signs.get(element.tag, element.text or "")
        for element in paragraph.iter(W + "t", W + "tab", W + "br")
        if element.getparent().tag == W + "r"
    )
    return "".join(shown)
