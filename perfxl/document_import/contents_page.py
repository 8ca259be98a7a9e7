"""Finds the table of contents of a document, which repeats its headings and says nothing of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from perfxl.document_import.blocks import Block, WordParagraph
from perfxl.document_import.label_text import compact

_TITLE = re.compile(r"目录")
_ENTRY = re.compile(r"\A.*?(?:[\t.…·。\s]{2,}+|\t)\s*+[-—–]?\s*+\d{1,4}\s*+[-—–]?\s*+$", re.DOTALL)
_MOST_ENTRIES = 2_000


def mark_contents(blocks: Sequence[Block]) -> None:
    """Mark the entries of 目录 as such: by their style, their page numbers, or because their text comes again."""
    for at, block in enumerate(blocks):
        if isinstance(block, WordParagraph) and _TITLE.fullmatch(compact(block.text)):
            block.source = "contents"
            _mark_entries(blocks, at + 1)
            return


def _mark_entries(blocks: Sequence[Block], first: int) -> None:
    pieces: list[WordParagraph] = []
    for block in blocks[first : first + _MOST_ENTRIES]:
        if not isinstance(block, WordParagraph):
            break
        pieces.append(block)
    numbered = [piece for piece in pieces if _ENTRY.fullmatch(piece.text)]
    if numbered:
        last = pieces.index(numbered[-1])
        for piece in pieces[: last + 1]:
            # An entry too long for its line may be in two paragraphs; anything longer is no entry.
            if piece.text.strip() and len(piece.text) < 120:
                piece.source = "contents"
        return
    shown = [piece for piece in pieces if piece.text.strip()]
    if not shown or shown[0].source == "contents":
        return
    keys = [compact(piece.text) for piece in shown]
    try:
        again = keys.index(keys[0], 1)
    except ValueError:
        return
    for piece in shown[:again]:
        if len(piece.text) < 120:
            piece.source = "contents"
