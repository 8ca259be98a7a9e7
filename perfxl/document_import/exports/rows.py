"""An export as its readers see it: rows of cells, each under the name of its column."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.document_import.blocks import WordParagraph
from perfxl.document_import.exports.mapping import MappedField
from perfxl.document_import.vocabulary import Vocabulary
from perfxl.model.record import Place
from perfxl.workbook.cells import Cell


class Entry(NamedTuple):
    """What a row has in a column; `target` is None where the mapping does not know the column."""

    target: MappedField | None
    cell: Cell
    piece: WordParagraph
    place: Place


class ExportRow(NamedTuple):
    """A row. `begins` says that it is a whole object of its own: what it does not name is not that of the last one."""

    place: Place
    entries: tuple[Entry, ...]
    begins: bool = False


class Export(NamedTuple):
    """A sheet or a file: its rows, the names of its columns, and what stands outside of its table.

    `names` is every text that could have been the name of a column, for the message where none is known.
    """

    rows: list[ExportRow]
    labels: list[WordParagraph]
    loose: list[tuple[WordParagraph, Place]]
    names: list[str]


def taken_apart(entry: Entry, vocabulary: Vocabulary) -> list[Entry]:
    """Return a cell that says several fields at once, such as `714001 临西县工商业联合会`, as an entry for each."""
    if entry.target is None or not isinstance(entry.cell.value, str):
        return [entry]
    text = entry.cell.value
    for slot, sentences in vocabulary.within:
        for sentence in sentences if slot == entry.target.slot else ():
            match = sentence.pattern.fullmatch(text.strip())
            if match is not None and len(sentence.fields) > 1:
                parts = sorted((match.start(group), group) for group in sentence.fields if match[group])
                ends = [start for start, _ in parts[1:]] + [len(text)]
                shift = len(text) - len(text.lstrip())
                return [
                    Entry(
                        MappedField(sentence.fields[group]),
                        Cell(match[group]),
                        WordParagraph(text[start + shift if at else 0 : end + shift if at + 1 < len(parts) else end]),
                        entry.place,
                    )
                    for at, ((start, group), end) in enumerate(zip(parts, ends, strict=True))
                ]
    return [entry]
