"""Excel and CSV exports: the row that has the names of the columns, and the rows below it."""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from io import StringIO

from perfxl.document_import.blocks import Unreadable, WordParagraph
from perfxl.document_import.exports.mapping import ExportMapping, MappedField
from perfxl.document_import.exports.rows import Entry, Export, ExportRow
from perfxl.document_import.label_text import label_keys
from perfxl.extraction.cell_values import displayed
from perfxl.model.addresses import cell as address
from perfxl.model.record import Place
from perfxl.workbook.cells import Cell, SheetCells

_DEEPEST = 3  # rows of names, one above the other
_MOST_NAMES = 30
_MOST_SPREAD = 2_000_000  # cells that merged ones cover
_ENCODINGS = ("utf-8-sig", "gb18030")


def of_csv(data: bytes, title: str) -> SheetCells:
    """Return a CSV file as a sheet, whichever of the usual encodings and separators it has. Raises `Unreadable`."""
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise Unreadable("W12", kind="CSV 文件", problem="不是 UTF-8、GBK 编码的文字")
    head = text[: text.find("\n") + 1 or None]
    separator = max(",\t;", key=head.count)
    cells = {}
    try:
        for row, texts in enumerate(csv.reader(StringIO(text, newline=""), delimiter=separator), 1):
            for column, each in enumerate(texts, 1):
                if each.strip():
                    cells[(row, column)] = Cell(each)
    except csv.Error as trouble:
        raise Unreadable("W12", kind="CSV 文件", problem=f"读不完（{trouble}）") from trouble
    return SheetCells(title, cells)


def read(sheet: SheetCells, mapping: ExportMapping, file: str) -> Export:
    """Return the rows of a sheet. Names may stand in up to three rows, and again further down."""
    return _Reader(sheet, mapping, file).export()


class _Header:
    """Names of columns: what each column is, and the rows in which the names stand."""

    def __init__(self, first: int, last: int, targets: Mapping[int, MappedField], texts: tuple[str, ...]) -> None:
        self.first = first
        self.last = last
        self.targets = targets
        self.texts = texts


class _Reader:
    def __init__(self, sheet: SheetCells, mapping: ExportMapping, file: str) -> None:
        self._sheet = sheet
        self._mapping = mapping
        self._title = f"{file} {sheet.title}" if file else sheet.title
        self._rows: dict[int, dict[int, tuple[Cell, WordParagraph]]] = {}
        for (row, column), cell in sorted(sheet.cells.items()):
            text = "（公式，没有结果）" if cell.kind == "uncached" else displayed(cell)
            if text.strip():
                self._rows.setdefault(row, {})[column] = (cell, WordParagraph(text))
        self._spread()
        self._top = {row: found for row in self._rows if (found := self._header_at(row))}

    def _spread(self) -> None:
        """Let what stands in a merged cell stand in every row and column that it covers, as far as there are others."""
        last = max((column for cells in self._rows.values() for column in cells), default=0)
        rows = sorted(self._rows)
        budget = _MOST_SPREAD
        for merged in self._sheet.merged:
            found = self._rows.get(merged.top, {}).get(merged.left)
            if found is None:
                continue
            covered = rows[bisect_left(rows, merged.top) : bisect_right(rows, merged.bottom)]
            columns = range(merged.left, min(merged.right, last) + 1)
            budget -= len(covered) * len(columns)
            if budget < 0:
                return
            for row in covered:
                for column in columns:
                    self._rows[row].setdefault(column, found)

    def export(self) -> Export:
        found = Export([], [], [], [])
        header: _Header | None = None
        seen: set[WordParagraph] = set()
        for row, cells in self._rows.items():
            header = self._top.get(row, header)
            pieces = {piece: column for column, (_, piece) in reversed(cells.items())}
            if header is None:
                found.loose.extend((p, self._place(row, c)) for p, c in reversed(pieces.items()) if p not in seen)
                found.names.extend(piece.text for piece in pieces)
            elif row <= header.last or tuple(piece.text for _, piece in cells.values()) == header.texts:
                found.labels.extend(piece for piece in reversed(pieces) if piece not in seen)
            else:
                found.rows.append(
                    ExportRow(Place(self._title, f"第{row}行"), tuple(self._entries(row, cells, header, seen)))
                )
            seen.update(pieces)
        del found.names[_MOST_NAMES:]
        return found

    def _entries(
        self, row: int, cells: Mapping[int, tuple[Cell, WordParagraph]], header: _Header, seen: set[WordParagraph]
    ) -> Iterator[Entry]:
        here: set[WordParagraph] = set()
        for column, (cell, piece) in sorted(cells.items()):
            target = header.targets.get(column)
            # Of a cell that covers several columns, each column that is known has it, and else it counts once.
            if target is not None or (piece not in seen and piece not in here):
                yield Entry(target, cell, piece, self._place(row, column))
            here.add(piece)

    def _place(self, row: int, column: int) -> Place:
        return Place(self._title, address(row, column))

    def _header_at(self, row: int) -> _Header | None:
        """Return the header that begins in `row`: the rows of names that say the most columns, the fewest of them."""
        parts = self._mapping.parts
        if not any(key in parts for _, piece in self._rows[row].values() for key in label_keys(piece.text)):
            return None
        least = min(1, len(self._mapping.columns) - 1)
        best: _Header | None = None
        for last in range(row, row + _DEEPEST):
            targets = self._targets(row, last)
            if len(targets) > (len(best.targets) if best else least):
                best = _Header(row, last, targets, tuple(piece.text for _, piece in self._rows[last].values()))
        if best is None:
            return None
        here, next_row = ({piece for _, piece in self._rows.get(at, {}).values()} for at in (row, row + 1))
        if here & next_row:
            return best  # names that stand in both rows, merged
        # A line above the names that has one of them in it, as a title may, is no part of the header.
        below = (
            self._targets(start, last)
            for start in range(row + 1, best.last + 1)
            for last in range(best.last, start + _DEEPEST)
        )
        return None if any(len(each) >= len(best.targets) for each in below) else best

    def _targets(self, first: int, last: int) -> dict[int, MappedField]:
        """Return what columns are, by the names in the rows from `first` to `last`; none where a row is blank."""
        if any(row not in self._rows for row in range(first, last + 1)):
            return {}
        columns = sorted({column for row in range(first, last + 1) for column in self._rows[row]})
        found = {column: self._target(column, first, last) for column in columns}
        return {column: target for column, target in found.items() if target is not None}

    def _target(self, column: int, first: int, last: int) -> MappedField | None:
        parts: list[WordParagraph] = []
        for row in range(first, last + 1):
            if column in self._rows[row] and (piece := self._rows[row][column][1]) not in parts:
                parts.append(piece)
        keys = [label_keys(piece.text) for piece in parts]
        if not all(keys):
            return None
        exact, short = [key[0] for key in keys], [key[-1] for key in keys]
        for at in range(len(parts)):
            for words in (exact, short):
                found = self._mapping.target("/".join(words[at:]))
                if found is not None:
                    return found
        return None
