"""A document as its readers see it: paragraphs and tables in their order, whatever program wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

Source = Literal[
    "body", "textbox", "header", "footer", "footnote", "endnote", "comment", "contents", "deleted", "hidden"
]
"""Where a text stands; `contents` is the table of contents, `deleted` is text struck out by a tracked change."""


class WordParagraph:
    """A paragraph, wherever it stands. Two are the same only if they are one.

    `text` is what is seen, automatic numbers included, with line ends as newlines. `index` numbers the paragraphs of
    the main part of a Word document from 0 in the order of its XML; it is -1 for texts of other parts and other kinds
    of document. `level` is that of a heading (1 the highest), 0 for other paragraphs. `page` counts from 1, 0 where
    pages are not known. `row` and `column` count the cells of a table from 1, and are 0 outside of tables.
    """

    __slots__ = ("column", "index", "level", "page", "row", "source", "text")

    def __init__(self, text: str, index: int = -1, source: Source = "body", level: int = 0, page: int = 0) -> None:
        self.text = text
        self.index = index
        self.source = source
        self.level = level
        self.page = page
        self.row = 0
        self.column = 0

    def __repr__(self) -> str:
        return f"Piece({self.text!r})"


class WordCell:
    """A cell of a table: its first row and column, counted from 0, and how many of each it covers."""

    __slots__ = ("column", "columns", "nested", "pieces", "row", "rows")

    def __init__(
        self, row: int, column: int, columns: int, pieces: list[WordParagraph], nested: list[WordTable]
    ) -> None:
        self.row = row
        self.column = column
        self.rows = 1
        self.columns = columns
        self.pieces = pieces
        self.nested = nested

    @property
    def text(self) -> str:
        """The paragraphs of the cell, one a line, without blank ones before and after."""
        return "\n".join(piece.text for piece in self.pieces).strip()

    @property
    def right(self) -> int:
        """The column after the last one that the cell covers."""
        return self.column + self.columns

    def __repr__(self) -> str:
        return f"Cell({self.row}, {self.column}, {self.text!r})"


class WordRow(NamedTuple):
    """A row as it stands in the table: `cells` are all cells that it shows, in their order.

    A cell that is merged with the one above is the same object in both rows, so that it is known by `cell.row`.
    """

    number: int
    cells: tuple[WordCell, ...]

    @property
    def own(self) -> list[WordCell]:
        """The cells that begin in this row."""
        return [cell for cell in self.cells if cell.row == self.number]


class WordTable(NamedTuple):
    """A table. `page` is that of its first row, 0 where pages are not known."""

    rows: list[WordRow]
    page: int = 0

    def pieces(self) -> Iterator[WordParagraph]:
        """Return every text of the table, of nested tables as well."""
        for row in self.rows:
            for cell in row.own:
                yield from cell.pieces
                for table in cell.nested:
                    yield from table.pieces()


Block = WordParagraph | WordTable


class Document(NamedTuple):
    """The body in its order, and the texts around it: headers, footers, notes, comments, deleted text."""

    blocks: list[Block]
    around: list[WordParagraph]

    def pieces(self) -> Iterator[WordParagraph]:
        """Return every text of the document."""
        for block in self.blocks:
            if isinstance(block, WordParagraph):
                yield block
            else:
                yield from block.pieces()
        yield from self.around


class Unreadable(Exception):
    """Raised where a file cannot be read as a document: `code` of the catalogue and the words its message needs."""

    def __init__(self, code: str, **words: object) -> None:
        super().__init__(code)
        self.code = code
        self.words = words
