"""Reads lists in tables: their header, their rows, and the row that sums them up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from perfxl.document_import.blocks import WordCell, WordParagraph, WordRow, WordTable
from perfxl.document_import.label_text import label_keys
from perfxl.document_import.table_lists import Listing, body_row, is_ordinal, listing
from perfxl.document_import.table_state import TableState
from perfxl.document_import.typed_values import says_nothing
from perfxl.document_import.vocabulary import Header, Slot
from perfxl.model.record import Place


class ImportedRows:
    """Reads the lists of one table after the other; a list may go on from one table into the next."""

    def __init__(self, state: TableState) -> None:
        self._state = state
        self._listing: Listing | None = None
        self._before: Listing | None = None

    def begin(self, table: WordTable) -> int:
        """Begin with a table, which may go on with the list of the one before; return the row after that list."""
        self._before = before = self._listing
        self._listing = None
        if before is None or not table.rows or not self._goes_on(before, table.rows[0]):
            return 0
        self._listing = before.moved(table.rows[0])
        return self._read_rows(table, 0)

    def end(self) -> None:
        """Forget the list that the last table ended with: something stands between it and the next table."""
        self._listing = None

    def header(self, row: WordRow) -> Header | None:
        """Return the list that begins with `row`; a row of labels with values beside them begins none."""
        found = self._state.words.header(row.own)
        if found is None:
            return None
        known = {cell for cell, _ in found.found}
        beside = sum(1 for one, other in pairwise(row.own) if one in known and other not in known and other.text)
        return None if beside * 2 > len(known) else found

    def read(self, table: WordTable, at: int, header: Header) -> int:
        """Read the list whose header is row `at`; return the row in which something else begins."""
        after = self._read_header(table, at, header)
        if at == 0:
            self._resume(self._before)
        return self._read_rows(table, after)

    def _goes_on(self, before: Listing, first: WordRow) -> bool:
        """Whether a row without a header goes on with a list: it has as many cells, and no label in front."""
        if self._state.words.header(first.own) is not None or any(self._state.slots(cell) for cell in first.own[:2]):
            return False
        return len(first.cells) == len(before.row.cells)

    def _resume(self, before: Listing | None) -> None:
        """Let the list that was just begun go on with the one before, whose header it repeats."""
        if self._listing is not None and before is not None and before.columns is self._listing.columns:
            self._listing.resume(before)

    def _read_header(self, table: WordTable, at: int, header: Header) -> int:
        """Take the labels of a list's header, of one row or two; return the row after it."""
        state = self._state
        self._listing, after = listing(header, table, at)
        own = table.rows[at].own
        for cell in self._listing.labels:
            state.take(cell, "label")
        self._listing.aside = any(state.words.is_aside(cell.text) for cell in own if cell not in state.done)
        for cell in own:
            if cell in state.done:
                continue
            if self._names_list(cell):
                state.take(cell, "label")
                for piece in cell.pieces:
                    state.around.mentions(piece, state.place(cell.row))
            elif is_ordinal(cell):
                state.take(cell, "label")
            elif cell.rows > 1 and (slots := state.slots(cell)):
                # A label to the left that covers the rows of the list as well: what is left of its rows is its value.
                state.open_label(cell, slots)
        for row in table.rows[at:after]:
            state.done.update(cell for cell in row.own if not cell.text)
        state.leave(own)
        return after

    def _names_list(self, cell: WordCell) -> bool:
        assert self._listing is not None
        names = [self._listing.slot.node["x-label"], *self._listing.slot.read.get("labels", ())]
        known = {key for name in names for key in label_keys(name)}
        return any(key in known for key in label_keys(cell.text))

    def _read_rows(self, table: WordTable, at: int) -> int:
        """Read the rows of the list that is open, from row `at`; return the row in which something else begins."""
        while at < len(table.rows):
            row = table.rows[at]
            assert self._listing is not None
            repeated = self._repeated(row)
            if repeated is not None:
                before = self._listing
                at = self._read_header(table, at, repeated)
                self._resume(before)
                continue
            if self._begins_else(row):
                return at
            if totals := self._listing.totals(row):
                self._read_totals(row, totals)
                return at + 1
            if self._listing.is_summed(row):
                self._leave_sum(row)
            elif not self._read_item(row):
                return at
            at += 1
        return at

    def _repeated(self, row: WordRow) -> Header | None:
        """Return the header of the list where `row` repeats it."""
        assert self._listing is not None
        header = self._state.words.header(row.own)
        if header is None or header.columns is not self._listing.columns:
            return None
        return header if len(header.found) * 2 > len(self._listing.columns_found) else None

    def _begins_else(self, row: WordRow) -> bool:
        """Whether a row has a label of its own where the list has its first column, or is another header."""
        assert self._listing is not None
        own = [cell for cell in row.own if cell.text]
        if not own:
            return False
        header = self._state.words.header(row.own)
        if header is not None and header.columns is not self._listing.columns:
            return True
        if own[0].column > self._listing.left:
            return False
        return bool(self._state.slots(own[0])) or (len(own) < 3 and self._state.around.is_sentence(own[0].text))

    def _read_totals(self, row: WordRow, totals: Sequence[tuple[WordCell, Slot]]) -> None:
        state = self._state
        for cell, slot in totals:
            state.put(slot, cell, row.number, slot.node["x-label"])
        for cell in row.own:
            if cell not in state.done and cell.text:
                if self._listing is not None and self._listing.is_total(cell):
                    state.take(cell, "label")
                elif not state.inline(cell, row.number):
                    state.leave([cell])

    def _leave_sum(self, row: WordRow) -> None:
        """Leave a row that sums up what the form sums up by itself, or not at all."""
        state = self._state
        for cell in row.own:
            if self._listing is not None and self._listing.is_total(cell):
                state.take(cell, "label")
        state.leave(row.own)

    def _read_item(self, row: WordRow) -> bool:
        """Read a row of the list; False where it is none, as a remark that runs over all columns is."""
        state = self._state
        assert self._listing is not None
        if self._listing.aside:
            state.leave(row.own)
            return True
        found = body_row(self._listing, row)
        if found is None:
            return False
        self._read_beside(found.beside, row)
        texts: dict[str, tuple[str, Sequence[WordParagraph], Place]] = {}
        for key, (cell, text) in found.texts.items():
            texts[key] = (text, cell.pieces if cell is not None else (), state.place(row.number, found.labels[key]))
            if cell is not None and cell.row == row.number:
                state.take(cell, "value", state.words.by_path[(*self._listing.slot.path, key)])
        if any(text.strip() for text, _, _ in texts.values()):
            state.draft.add_row(self._listing.slot, texts, state.place(row.number))
        for cell in row.own:
            if cell not in state.done and self._listing.numbers(cell):
                state.take(cell, "label")
        state.leave([cell for cell in row.own if cell not in state.done])
        return True

    def _read_beside(self, beside: Sequence[tuple[Slot, WordCell]], row: WordRow) -> None:
        """Place the cells of a row that belong to what is around the list; one that begins an item comes first."""
        state = self._state
        for slot, cell in sorted(beside, key=lambda each: not each[0].read.get("begins")):
            if cell in state.done or not cell.text:
                continue
            again = "beside" in slot.read and state.draft.has(slot.path)
            if says_nothing(cell.text):
                state.take(cell, "label")
            elif again or not state.put(slot, cell, row.number, slot.node["x-label"]):
                state.leave([cell])
