"""Reads a table into a draft: labels with their values beside or below, and lists under a row of column labels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from perfxl.document_import.blocks import WordCell, WordRow, WordTable
from perfxl.document_import.draft import Draft
from perfxl.document_import.list_rows import ImportedRows
from perfxl.document_import.reading_place import ReadingPlace
from perfxl.document_import.table_state import TableState
from perfxl.document_import.vocabulary import Slot


class TableReader:
    """Reads the tables of a document one after the other."""

    def __init__(self, draft: Draft, surroundings: ReadingPlace) -> None:
        self._state = TableState(draft, surroundings)
        self._lists = ImportedRows(self._state)

    def read(self, table: WordTable, name: str) -> None:
        """Read a table; `name` is what people call it, for the places of its values."""
        table = self._with_whole_labels(table)
        self._state.begin(name, [cell for row in table.rows for cell in row.own])
        at = self._lists.begin(table)
        self._read_nested(table.rows[:at])
        while at < len(table.rows):
            header = self._lists.header(table.rows[at])
            first = at
            if header is not None:
                at = self._lists.read(table, at, header)
            if at == first or header is None:
                self._read_row(table, at)
                at += 1
            self._read_nested(table.rows[first:at])

    def end_list(self) -> None:
        """Forget the list that the last table ended with: something stands between it and the next table."""
        self._lists.end()

    def _with_whole_labels(self, table: WordTable) -> WordTable:
        """Return a table in which no label is spread over the cells of two rows, by hand or by the end of a page."""
        rows = list(table.rows)
        words = self._state.words
        for at, (row, below) in enumerate(pairwise(table.rows)):
            upper, lower = (each.own[0] if each.own else None for each in (rows[at], below))
            if upper is None or lower is None or (upper.column, upper.right) != (lower.column, lower.right):
                continue
            parts = upper.text, lower.text
            if not all(parts) or any(words.labelled(text) for text in parts) or upper is not row.cells[0]:
                continue
            if words.labelled("".join(parts)):
                upper.pieces += lower.pieces
                upper.rows += lower.rows
                for number in range(at + 1, min(at + 1 + lower.rows, len(rows))):
                    cells = tuple(upper if cell is lower else cell for cell in rows[number].cells)
                    rows[number] = WordRow(number, cells)
        return WordTable(rows, table.page)

    def _read_row(self, table: WordTable, at: int) -> None:
        """Read a row that belongs to no list: labels, each with its value to the right or below."""
        row = table.rows[at]
        self._reopen(row)
        own = [cell for cell in row.own if cell not in self._state.done]
        free: list[WordCell] = []
        slots = self._slots_of(own)
        i = 0
        while i < len(own):
            if not slots[i]:
                free.append(own[i])
                i += 1
                continue
            end = i
            while end < len(own) and slots[end]:
                end += 1
            i = self._read_labels(table, at, own, i, end, slots)
        self._read_free(row, free)

    def _slots_of(self, cells: Sequence[WordCell]) -> list[list[Slot]]:
        """Return what each cell may be the label of. Of two labels of one name in a row, that of the year counts.

        Forms for several years have the whole period to the left and the year to the right.
        """
        slots = [self._state.slots(cell) for cell in cells]
        for number, found in enumerate(slots):
            same = (at for at in range(number + 1, len(slots)) if slots[at] == found)
            if found and any(cells[at].rows == cells[number].rows for at in same):
                slots[number] = []
        return slots

    def _read_labels(
        self, table: WordTable, at: int, own: list[WordCell], first: int, end: int, slots: list[list[Slot]]
    ) -> int:
        """Read the labels from `first` up to `end`, which stand side by side; return the cell after what they took."""
        state = self._state
        while end - first > 1 and own[first].rows > own[end - 1].rows:
            state.open_label(own[first], slots[first])
            first += 1
        below = self._below(table, at, own[first:end]) if end - first > 1 or end == len(own) else []
        if below:
            for cell, value, known in zip(own[first:end], below, slots[first:end], strict=True):
                state.take_label(cell, known)
                state.put(state.choice(known), value, value.row, cell.text)
            return end
        for number in range(first, end - 1):
            state.open_label(own[number], slots[number])
        label = own[end - 1]
        opened = state.open_label(label, slots[end - 1])
        if end == len(own):
            return end
        value = own[end]
        if opened.slot.is_leaf or opened.slot.is_texts:
            if not state.put(opened.slot, value, at, label.text):
                state.leave([value])
            opened.filled = True
            return end + 1
        # The label of a group, or of a list that shows no header: what stands beside it has to say what it is.
        return end

    def _below(self, table: WordTable, at: int, labels: Sequence[WordCell]) -> list[WordCell]:
        """Return the cells below the labels where these are the head of a column each; otherwise nothing."""
        after = at + max(cell.rows for cell in labels)
        if after >= len(table.rows) or len({cell.rows for cell in labels}) > 1:
            return []
        row = table.rows[after]
        found = []
        for label in labels:
            under = [c for c in row.own if c.column < label.right and label.column < c.right]
            if len(under) != 1 or self._state.slots(under[0]) or under[0] in self._state.done:
                return []
            found.append(under[0])
        return found if len(set(found)) == len(found) else []

    def _reopen(self, row: WordRow) -> None:
        """Let a label go on whose cell below is blank instead of merged, as some programs write it."""
        state = self._state
        state.open = [each for each in state.open if each.until >= row.number]
        own = row.own
        for each in state.open:
            if each.until == row.number and own and not own[0].text and own[0].column == each.cell.column:
                each.until += 1
                state.done.add(own[0])

    def _read_free(self, row: WordRow, free: Sequence[WordCell]) -> None:
        """Place cells without a label: sentences, parts of a label that covers several rows, or nothing."""
        state = self._state
        for cell in free:
            if cell in state.done or not cell.text:
                continue
            shown = state.shown(cell)
            if len(shown) == 1 and state.around.item_heading(shown[0]):
                state.done.add(cell)
                continue
            if state.around.sentence(cell.pieces, state.place(row.number)):
                state.done.add(cell)
                continue
            if state.inline(cell, row.number):
                continue
            around = next(
                (each for each in reversed(state.open) if each.until > row.number and not each.filled
                 and (each.slot.is_leaf or each.slot.is_texts)), None,
            )  # fmt: skip
            if around is not None and state.put(around.slot, cell, row.number, around.cell.text):
                around.filled = True
            elif not state.inline(cell, row.number, whole=False):
                state.leave([cell])

    def _read_nested(self, rows: Sequence[WordRow]) -> None:
        for row in rows:
            for cell in row.own:
                for table in cell.nested:
                    TableReader(self._state.draft, self._state.around).read(table, self._state.around.next_table())
