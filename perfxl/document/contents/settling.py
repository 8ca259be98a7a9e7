"""What of a paragraph depends on what it says: titles fall into lines between words, labels stay with what they label.

Both are properties of the paragraph, so that its text is as it was typed, and every office program does the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from perfxl.document.contents.line_breaking import count
from perfxl.document.contents.paragraph_styles import ParagraphShape
from perfxl.document.contents.title_lines import narrowing

_LONGEST_LABEL = 40  # characters
_LABEL_ENDS = ("：", ":")
# （一） and 一、 number headings; a line of text ends in a stop.
_HEADING = re.compile(
    r"[\s\u3000]*(?:[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、)[^。；;，,]*[^。；;，,！？\s]\s*"
)

_STYLE = re.compile(r"\s*<w:pStyle(?:\s[^>]*)?/>")
# What stands behind w:ind in w:pPr (ECMA-376 part 1, 17.3.1.26).
_BEHIND_INDENT = re.compile(
    r"<w:(?:contextualSpacing|mirrorIndents|suppressOverlap|jc|textDirection|textAlignment|textboxTightWrap"
    r"|outlineLvl|divId|cnfStyle|rPr|sectPr|pPrChange)(?=[ />])"
)


class Settled(NamedTuple):
    """What becomes of a paragraph: its shape, and what is written for it into its `w:pPr` at the two `places`."""

    shape: ParagraphShape
    keep: str
    indent: str


Told = tuple[Sequence[str], ParagraphShape]
"""What a paragraph shows between line ends, and its shape."""

CONTENTS: Told = (("目录",), ParagraphShape())
"""Stands for the contents page, which is no table and stays with none."""


def captions(blocks: Sequence[Told | None], at: int) -> bool:
    """Return whether a table follows the paragraph `at` of `blocks`, where a table is None.

    An empty paragraph that stays with the table may stand between them.
    """
    following = blocks[at + 1 : at + 3]
    if len(following) == 2 and following[0] is not None:
        texts, shape = following[0]
        return following[1] is None and shape.keep_next and not any(texts)
    return bool(following) and following[0] is None


def settled(texts: Sequence[str], shape: ParagraphShape, width: int, *, before_table: bool) -> Settled | None:
    """Return what becomes of a paragraph that shows `texts`, line by line, in a column of `width`; None where nothing.

    `before_table` says that a table follows, to which a line right above it belongs.
    """
    text = texts[0] if len(texts) == 1 else ""
    title = shape.centred or shape.heading
    if not text.strip() or not (title or len(text) <= _LONGEST_LABEL):
        return None
    room = width - shape.left - shape.right
    keep = indent = ""
    new = shape
    if title:
        less = narrowing(text.rstrip(), room, shape.first, shape.size, shape.closer, shape.centred)
        if less:
            left = less // 2 if shape.centred else 0
            new = new._replace(left=shape.left + left, right=shape.right + less - left)
            indent = f'<w:ind w:leftChars="0" w:left="{new.left}"' if left else "<w:ind"
            indent += f' w:rightChars="0" w:right="{new.right}"/>'
    if not shape.keep_next and len(text) <= _LONGEST_LABEL and (before_table or _is_label(text, room, shape)):
        new = new._replace(keep_next=True)
        keep = "<w:keepNext/>"
    return Settled(new, keep, indent) if keep or indent else None


def _is_label(text: str, room: int, shape: ParagraphShape) -> bool:
    if not (text.rstrip().endswith(_LABEL_ENDS) or _HEADING.fullmatch(text)):
        return False
    return count(text, room, shape.first, shape.size, shape.closer, True) == 1


def places(properties: str) -> tuple[int, int] | None:
    """Return where in what stands in a `w:pPr` it is said that a paragraph stays with the next, and how it is indented.

    None where it says one of the two by itself: somebody has decided.
    """
    if "<w:keepNext" in properties or "<w:ind " in properties:
        return None
    style = _STYLE.match(properties)
    behind = _BEHIND_INDENT.search(properties)
    return style.end() if style else 0, behind.start() if behind else len(properties)


def written(properties: str, at: tuple[int, int], said: Settled) -> str:
    """Return what stands in the `w:pPr` of a paragraph that is settled."""
    keep, indent = at
    return f"{properties[:keep]}{said.keep}{properties[keep:indent]}{said.indent}{properties[indent:]}"
