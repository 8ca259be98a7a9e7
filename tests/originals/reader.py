"""Read the text extractions of published 绩效文本 as paragraphs and tables.

An extraction has one paragraph a line. Inside a table a line that begins with TAB opens a cell, any other line is a
further paragraph of the same cell, and an empty line ends the row; one more empty line ends the table. TAB alone
continues the vertically merged cell above, TAB and a space is an empty cell. A space that heads a line stands for a
page break, and `[bookmark: …]` is Word's own: neither is text. A line that begins with `# ` is a note of ours.

An empty line can thus end a row or be an empty paragraph of the cell before it. The number of cells decides, which is
fixed for these forms: see `BASIC_ROWS` and `INDICATOR_CELLS`.
"""

import itertools
import re
from pathlib import Path

Cell = list[str]  # paragraphs; none at all where the cell continues the one above it
Row = list[Cell]
Table = list[Row]
Block = str | Table  # a paragraph outside tables is its text

FOLDER = Path(__file__).parent

BASIC_ROWS = (2, 4, 7, 2, 5, 5, 2)
"""Cells in each row of a project's first table, from unit and currency unit down to 绩效目标."""

INDICATOR_CELLS = 6
"""Cells in every row of a project's second table, which begins with 一级指标."""

_BOOKMARK = re.compile(r"\[bookmark: [^\]]*\]")


def read(name: str) -> list[Block]:
    """Return the blocks of the original `name`, from its restored text where there is one (Linxi's is from a PDF)."""
    restored = FOLDER / f"{name}.restored.txt"
    path = restored if restored.exists() else FOLDER / f"{name}.txt"
    return parse(path.read_text(encoding="utf-8"))


def parse(extraction: str) -> list[Block]:
    """Return the paragraphs and tables of `extraction` in their order, empty paragraphs included.

    Raises `ValueError` with the first cells of a row that has not the cells its place in the form asks for.
    """
    lines = [line for line in extraction.removesuffix("\n").split("\n") if not line.startswith("# ")]
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        if lines[at].startswith("\t"):
            table, at = _parse_table(lines, at)
            blocks.append(table)
        else:
            blocks.append(_text(lines[at]))
            at += 1
    return blocks


def without_empty_paragraphs(blocks: list[Block]) -> list[Block]:
    """Return `blocks` without the paragraphs that hold white space at most, in cells as well; cells and rows stay."""
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, list):
            kept.append([[[text for text in cell if text.strip()] for cell in row] for row in block])
        elif block.strip():
            kept.append(block)
    return kept


def _parse_table(lines: list[str], at: int) -> tuple[Table, int]:
    """Return the table that begins at line `at`, and the line after it."""
    indicators = _text(lines[at][1:]) == "一级指标"
    widths = itertools.repeat(INDICATOR_CELLS) if indicators else iter(BASIC_ROWS)
    table: Table = []
    while at < len(lines) and lines[at].startswith("\t"):
        row, at = _parse_row(lines, at, next(widths, 0))
        table.append(row)
    if not indicators and len(table) != len(BASIC_ROWS):
        raise ValueError(f"{len(table)} rows instead of {len(BASIC_ROWS)}: {table[0]}")
    return table, at + 1


def _parse_row(lines: list[str], at: int, width: int) -> tuple[Row, int]:
    """Return the row of `width` cells that begins at line `at`, and the line after the empty one that ends it."""
    row: Row = []
    while at < len(lines):
        line = lines[at]
        if line.startswith("\t"):
            row.append([_text(line[1:])] if line != "\t" else [])
        elif line == "" and len(row) >= width and _ends_row(lines, at):
            break
        else:
            row[-1].append(_text(line))
        at += 1
    if len(row) != width:
        raise ValueError(f"{len(row)} cells instead of {width}: {row[: width + 1]}")
    return row, at + 1


def _ends_row(lines: list[str], at: int) -> bool:
    """Tell whether the empty line `at`, after the last cell of a row, ends that row.

    It does where the next row follows, or a second empty line (the end of the table), or nothing. Before more text it
    is an empty paragraph inside the cell; so it is when several empty lines lead to the next row, except the last.
    """
    run = list(itertools.takewhile(lambda line: line == "", lines[at:]))
    after = lines[at + len(run) :]
    if after and after[0].startswith("\t"):
        return len(run) == 1
    return len(run) > 1 or not after


def _text(line: str) -> str:
    return _BOOKMARK.sub("", line.removeprefix(" "))
