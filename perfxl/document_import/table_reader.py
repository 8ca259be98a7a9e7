"""Reads a table into a draft: labels with their values beside or below, and lists under a row of column labels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from perfxl.document_import.blocks import Cell, Piece, Row, Table
from perfxl.document_import.draft import Draft
from perfxl.document_import.label_text import compact, label_keys
from perfxl.document_import.surroundings import Surroundings
from perfxl.document_import.table_lists import Listing, body_row, is_ordinal, listing
from perfxl.document_import.typed_values import says_nothing
from perfxl.document_import.vocabulary import Header, Slot
from perfxl.model.record import Place


class _Open:
    """A label that covers several rows: what in these has no label of its own is its value."""

    def __init__(self, slot: Slot, cell: Cell) -> None:
        self.slot = slot
        self.cell = cell
        self.until = cell.row + cell.rows
        self.filled = False


class TableReader:
    """Reads the tables of a document one after the other; a list may go on from one table into the next."""

    def __init__(self, draft: Draft, surroundings: Surroundings) -> None:
        self._draft = draft
        self._around = surroundings
        self._words = draft.vocabulary
        self._listing: Listing | None = None
        self._open: list[_Open] = []
        self._name = ""
        self._done: set[Cell] = set()

    def read(self, table: Table, name: str) -> None:
        """Read a table; `name` is what people call it, for the places of its values."""
        table = self._with_whole_labels(table)
        self._name = name
        self._open = []
        self._done = set()
        before = self._listing
        going_on = before if table.rows and self._goes_on(table) else None
        self._listing = None
        at = 0
        if going_on is not None:
            self._listing = going_on.moved(table.rows[0])
            at = self._read_list(table, 0)
        while at < len(table.rows):
            header = self._words.header(table.rows[at].own)
            if header is not None and not self._is_plain(table.rows[at], header):
                first = at == 0
                at = self._read_header(table, at, header)
                if first:
                    self._resume(before)
                at = self._read_list(table, at)
            else:
                self._read_row(table, at)
                at += 1

    def _with_whole_labels(self, table: Table) -> Table:
        """Return a table in which no label is spread over the cells of two rows, by hand or by the end of a page."""
        rows = list(table.rows)
        for at, (row, below) in enumerate(pairwise(table.rows)):
            upper, lower = (each.own[0] if each.own else None for each in (rows[at], below))
            if upper is None or lower is None or (upper.column, upper.right) != (lower.column, lower.right):
                continue
            parts = upper.text, lower.text
            if not all(parts) or any(self._words.labelled(text) for text in parts) or upper is not row.cells[0]:
                continue
            if self._words.labelled("".join(parts)):
                upper.pieces += lower.pieces
                upper.rows += lower.rows
                for number in range(at + 1, min(at + 1 + lower.rows, len(rows))):
                    cells = tuple(upper if cell is lower else cell for cell in rows[number].cells)
                    rows[number] = Row(number, cells)
        return Table(rows, table.page)

    def end_list(self) -> None:
        """Forget the list that the last table ended with: something stands between it and the next table."""
        self._listing = None

    def place(self, row: int, label: str) -> Place:
        return Place(self._draft_place(), f"第{row + 1}行" + (f"“{label}”" if label else ""))

    def _draft_place(self) -> str:
        return self._around.place_of_table(self._name)

    # Lists

    def _goes_on(self, table: Table) -> bool:
        """Whether a table goes on with the list of the one before: it has no header and as many cells in a row."""
        first = table.rows[0]
        if self._listing is None or self._words.header(first.own) is not None:
            return False
        if any(self._slots(cell) for cell in first.own[:2]):
            return False
        return len(first.cells) == len(self._listing.row.cells)

    def _resume(self, before: Listing | None) -> None:
        """Let the list that was just begun go on with the one before, whose header it repeats."""
        if self._listing is not None and before is not None and before.columns is self._listing.columns:
            self._listing.resume(before)

    def _is_plain(self, row: Row, header: Header) -> bool:
        """Whether a row that looks like a header is one of labels with their values beside them."""
        cells = row.own
        known = {cell for cell, _ in header.found}
        beside = sum(1 for one, other in pairwise(cells) if one in known and other not in known and other.text)
        return beside * 2 > len(known)

    def _read_header(self, table: Table, at: int, header: Header) -> int:
        """Take the labels of a list's header, of one row or two; return the row after it."""
        self._listing, after = listing(header, table, at)
        for cell in self._listing.labels:
            self._take(cell, "label")
        for cell in table.rows[at].own:
            if cell not in self._done and self._is_label_of_list(cell):
                self._take(cell, "label")
                self._note_head(cell)
        for row in table.rows[at:after]:
            for cell in row.own:
                if cell not in self._done and not cell.text:
                    self._done.add(cell)
        # A label to the left that covers the rows of the list as well names the list, or what is left of its rows.
        for cell in table.rows[at].own:
            if cell not in self._done and cell.rows > 1 and (slots := self._slots(cell)):
                self._take(cell, "label")
                self._open.append(_Open(self._choice(slots), cell))
            elif cell not in self._done and is_ordinal(cell):
                self._take(cell, "label")
        self._leave(table.rows[at].own)
        return after

    def _note_head(self, cell: Cell) -> None:
        """Take what the head of a list says by the way, as `项目资金（万元）` does."""
        for piece in cell.pieces:
            self._around.mentions(piece, self.place(cell.row, ""))

    def _is_label_of_list(self, cell: Cell) -> bool:
        assert self._listing is not None
        slot = self._listing.slot
        names = [slot.node["x-label"], *slot.read.get("labels", ())]
        known = {key for name in names for key in label_keys(name)}
        return any(key in known for key in label_keys(cell.text))

    def _read_list(self, table: Table, at: int) -> int:
        """Read the rows of the list that is open, from row `at`; return the row in which something else begins."""
        while at < len(table.rows):
            row = table.rows[at]
            assert self._listing is not None
            if self._repeats_header(row):
                header, before = self._words.header(row.own), self._listing
                assert header is not None
                at = self._read_header(table, at, header)
                self._resume(before)
                continue
            if self._begins_else(row):
                return at
            totals = self._listing.totals(row)
            if totals:
                self._read_totals(row, totals)
                return at + 1
            if not self._read_item(row):
                self._read_row(table, at)
            self._nested(row)
            at += 1
        return at

    def _repeats_header(self, row: Row) -> bool:
        assert self._listing is not None
        header = self._words.header(row.own)
        return (
            header is not None
            and header.columns is self._listing.columns
            and len(header.found) * 2 > len(self._listing.columns_found)
        )

    def _begins_else(self, row: Row) -> bool:
        """Whether a row has a label of its own where the list has its first column, or is another header."""
        assert self._listing is not None
        own = [cell for cell in row.own if cell.text]
        if not own:
            return False
        first = own[0]
        if (header := self._words.header(row.own)) is not None and header.columns is not self._listing.columns:
            return True
        if first.column > self._listing.left:
            return False
        return bool(self._slots(first)) or (len(own) < 3 and self._around.is_sentence(first.text))

    def _read_totals(self, row: Row, totals: Sequence[tuple[Cell, Slot]]) -> None:
        for cell, slot in totals:
            self._put(slot, cell, row.number, slot.node["x-label"])
        for cell in row.own:
            if cell not in self._done and cell.text:
                if self._listing is not None and self._listing.is_total(cell):
                    self._take(cell, "label")
                elif not self._inline(cell, row.number):
                    self._leave([cell])
        self._nested(row)

    def _read_item(self, row: Row) -> bool:
        """Read a row of the list; False where it is none, as a remark that runs over all columns is."""
        assert self._listing is not None
        found = body_row(self._listing, row)
        if found is None:
            return False
        places = self.place(row.number, "")
        texts: dict[str, tuple[str, Sequence[Piece], Place]] = {}
        for key, (cell, text) in found.texts.items():
            place = self.place(row.number, found.labels[key])
            texts[key] = (text, cell.pieces if cell is not None else (), place)
            if cell is not None and cell.row == row.number:
                self._take(cell, "value")
        for slot, cell in found.beside:
            if cell in self._done or not cell.text:
                continue
            if says_nothing(cell.text):
                self._take(cell, "label")
            elif self._draft.has(slot.path) or not self._put(slot, cell, row.number, slot.node["x-label"]):
                self._leave([cell])
        if any(text.strip() for text, _, _ in texts.values()):
            self._draft.add_row(self._listing.slot, texts, places)
        for cell in row.own:
            if cell not in self._done and self._listing.numbers(cell):
                self._take(cell, "label")
        self._leave([cell for cell in row.own if cell not in self._done])
        return True

    # Labels with values

    def _read_row(self, table: Table, at: int) -> None:
        """Read a row that belongs to no list: labels, each with its value to the right or below."""
        row = table.rows[at]
        own = [cell for cell in row.own if cell not in self._done]
        self._reopen(row)
        free: list[Cell] = []
        slots = [self._slots(cell) for cell in own]
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
        self._nested(row)

    def _read_labels(
        self, table: Table, at: int, own: list[Cell], first: int, end: int, slots: list[list[Slot]]
    ) -> int:
        """Read the labels from `first` up to `end`, which stand side by side; return the cell after what they took."""
        while end - first > 1 and own[first].rows > own[end - 1].rows:
            self._open_label(own[first], slots[first])
            first += 1
        below = self._below(table, at, own[first:end]) if end - first > 1 or end == len(own) else []
        if below:
            for cell, value, known in zip(own[first:end], below, slots[first:end], strict=True):
                self._take(cell, "label")
                self._put(self._choice(known), value, value.row, cell.text)
            return end
        for number in range(first, end - 1):
            self._open_label(own[number], slots[number])
        if end == len(own):
            self._open_label(own[end - 1], slots[end - 1])
            return end
        label, value = own[end - 1], own[end]
        self._take(label, "label")
        if not self._put(self._choice(slots[end - 1]), value, at, label.text):
            self._leave([value])
        if label.rows > 1:
            self._open_label(label, slots[end - 1])
            self._open[-1].filled = True
        return end + 1

    def _open_label(self, cell: Cell, slots: list[Slot]) -> None:
        self._take(cell, "label")
        self._open.append(_Open(self._choice(slots), cell))

    def _reopen(self, row: Row) -> None:
        """Let a label go on whose cell below is blank instead of merged, as some programs write it."""
        self._open = [each for each in self._open if each.until > row.number or each.until == row.number]
        own = row.own
        for each in self._open:
            if each.until == row.number and own and not own[0].text and own[0].column == each.cell.column:
                each.until += 1
                self._done.add(own[0])

    def _read_free(self, row: Row, free: Sequence[Cell]) -> None:
        """Place cells without a label: sentences, parts of a label that covers several rows, or nothing."""
        for cell in free:
            if cell in self._done or not cell.text:
                continue
            shown = [piece for piece in cell.pieces if piece.text.strip()]
            if len(shown) == 1 and self._around.item_heading(shown[0]):
                self._done.add(cell)
                continue
            if self._inline(cell, row.number) or self._around.sentence(cell.pieces, self.place(row.number, "")):
                self._done.add(cell)
                continue
            around = next(
                (each for each in reversed(self._open) if each.until > row.number and not each.filled
                 and (each.slot.is_leaf or each.slot.is_texts)), None,
            )  # fmt: skip
            if around is not None and self._put(around.slot, cell, row.number, around.cell.text):
                around.filled = True
            else:
                self._leave([cell])

    def _inline(self, cell: Cell, row: int) -> bool:
        """Place a cell that holds label and value, as `等级：优` does."""
        return self._around.inline(cell.pieces, self.place(row, ""))

    def _below(self, table: Table, at: int, labels: Sequence[Cell]) -> list[Cell]:
        """Return the cells below the labels where these are the head of a column each; otherwise nothing."""
        after = at + max(cell.rows for cell in labels)
        if after >= len(table.rows) or len({cell.rows for cell in labels}) > 1:
            return []
        row = table.rows[after]
        found = []
        for label in labels:
            under = [c for c in row.own if c.column < label.right and label.column < c.right]
            if len(under) != 1 or self._slots(under[0]) or under[0] in self._done:
                return []
            found.append(under[0])
        return found if len(set(found)) == len(found) else []

    # What both need

    def _slots(self, cell: Cell) -> list[Slot]:
        return self._words.labelled(cell.text) if cell.text else []

    def _choice(self, slots: Sequence[Slot]) -> Slot:
        """Return what a label means here: a field of the item that the table belongs to, if there is one."""
        inner = [slot for slot in slots if self._words.in_items(slot)]
        open_groups = [each.slot.path for each in self._open]
        for slot in [*inner, *slots]:
            if any(slot.path[: len(path)] == path and len(slot.path) > len(path) for path in open_groups):
                return slot
        return inner[0] if inner else slots[0]

    def _put(self, slot: Slot, cell: Cell, row: int, label: str) -> bool:
        """Put a cell into the field `slot`; a field that begins an item begins the next one if it is there already."""
        if not (slot.is_leaf or slot.is_texts):
            return not cell.text
        if slot.read.get("begins") and self._draft.has(slot.path):
            self._around.begin_item(slot.path[0])
        place = self.place(row, compact(label))
        if not self._draft.put(slot, [piece.text for piece in cell.pieces], cell.pieces, place):
            return False
        self._take(cell, "value")
        return True

    def _take(self, cell: Cell, kind: Any) -> None:
        self._done.add(cell)
        self._draft.ledger.take_all(cell.pieces, kind)

    def _leave(self, cells: Sequence[Cell]) -> None:
        """Note where what nobody takes stands."""
        for cell in cells:
            if cell.text and cell not in self._done:
                self._around.leave(cell.pieces, self.place(cell.row, ""))

    def _nested(self, row: Row) -> None:
        for cell in row.own:
            for table in cell.nested:
                reader = TableReader(self._draft, self._around)
                reader.read(table, self._around.next_table())
