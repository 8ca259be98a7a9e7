"""Tables that are not where one expects them: typed with tab stops, or within a frame that is itself a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfxl.document_import.blocks import Block, Document, WordCell, WordParagraph, WordRow, WordTable
from perfxl.document_import.vocabulary import Vocabulary

_FEWEST = 3  # columns


def with_tables(document: Document, words: Vocabulary) -> Document:
    """Return the document with its tables as blocks of their own.

    Lines with tab stops are a table where the first one has the names of a list's columns; each part is a cell.
    """
    unframed = [inner for block in document.blocks for inner in _unframed(block)]
    blocks: list[Block] = []
    at = 0
    while at < len(unframed):
        lines = _lines(unframed, at, words)
        if len(lines) > 1:
            blocks.append(_table(lines))
            at += len(lines)
        else:
            blocks.append(unframed[at])
            at += 1
    return document._replace(blocks=blocks)


def _unframed(block: Block) -> Iterator[Block]:
    """Yield the tables in a table of one cell that holds nothing else, or else the block itself."""
    cells = [cell for row in block.rows for cell in row.own] if isinstance(block, WordTable) else []
    if len(cells) == 1 and cells[0].nested and not cells[0].text:
        for table in cells[0].nested:
            yield from _unframed(table)
    else:
        yield block


def _lines(blocks: Sequence[Block], at: int, words: Vocabulary) -> list[list[WordParagraph]]:
    """Return the lines of a table that begins at block `at`, as the parts of each; nothing where there is none."""
    names = _parts(blocks[at])
    if len(names) < _FEWEST or words.header([_cell(0, column, piece) for column, piece in enumerate(names)]) is None:
        return []
    lines = [names]
    while at + len(lines) < len(blocks) and len(parts := _parts(blocks[at + len(lines)])) == len(names):
        lines.append(parts)
    return lines


def _parts(block: Block) -> list[WordParagraph]:
    if not isinstance(block, WordParagraph) or "\t" not in block.text:
        return []
    texts = block.text.strip("\t ").split("\t")
    return [WordParagraph(text, block.index, block.source, 0, block.page) for text in texts]


def _cell(row: int, column: int, piece: WordParagraph) -> WordCell:
    return WordCell(row, column, 1, [piece], [])


def _table(lines: list[list[WordParagraph]]) -> WordTable:
    rows = []
    for row, parts in enumerate(lines):
        for column, piece in enumerate(parts):
            piece.row, piece.column = row + 1, column + 1
        rows.append(WordRow(row, tuple(_cell(row, column, piece) for column, piece in enumerate(parts))))
    return WordTable(rows, lines[0][0].page)
