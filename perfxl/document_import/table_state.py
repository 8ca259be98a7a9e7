"""What is known while a table is being read: cells that are done, labels that cover several rows, and the place."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.document_import.blocks import WordCell, WordParagraph
from perfxl.document_import.draft import Draft
from perfxl.document_import.label_text import compact
from perfxl.document_import.reading_place import ReadingPlace
from perfxl.document_import.taken_text import Kind
from perfxl.document_import.vocabulary import ASIDE, Slot
from perfxl.model.record import Place


class OpenLabel:
    """A label that covers several rows: what in these has no label of its own is its value."""

    def __init__(self, slot: Slot, cell: WordCell) -> None:
        self.slot = slot
        self.cell = cell
        self.until = cell.row + cell.rows
        self.filled = False


class TableState:
    """Places cells, and remembers which are done. `name` is what people call the table."""

    def __init__(self, draft: Draft, surroundings: ReadingPlace) -> None:
        self.draft = draft
        self.around = surroundings
        self.words = draft.vocabulary
        self.name = ""
        self.done: set[WordCell] = set()
        self.open: list[OpenLabel] = []
        self.has_begin = False

    def begin(self, name: str, cells: Sequence[WordCell]) -> None:
        """Begin with a table that has those cells."""
        self.name = name
        self.done = set()
        self.open = []
        self.has_begin = any(slot.read.get("begins") for cell in cells for slot in self.slots(cell))

    def place(self, row: int, label: str = "") -> Place:
        """Return the place of a cell in the row `row`, counted from 0."""
        words = f"“{compact(label)}”" if label else ""
        return Place(self.around.place_of_table(self.name), f"第{row + 1}行{words}")

    def slots(self, cell: WordCell) -> list[Slot]:
        """Return what a cell may be the label of."""
        return self.words.labelled(cell.text) if cell.text else []

    def choice(self, slots: Sequence[Slot]) -> Slot:
        """Return what a label means here.

        It means a member of a group whose label covers its row; else a field of the item that the table belongs to;
        else, in a table that belongs to no item, a field of the document as a whole.
        """
        groups = [each.slot.path for each in self.open]
        inner = [slot for slot in slots if self.words.in_items(slot)]
        for slot in [*inner, *slots]:
            if any(slot.path[: len(path)] == path and len(slot.path) > len(path) for path in groups):
                return slot
        outer = [slot for slot in slots if not self.words.in_items(slot)]
        in_item = self.has_begin or any(self.draft.item(slot.path[0]) >= 0 for slot in inner)
        first, second = (inner, outer) if in_item else (outer, inner)
        return first[0] if first else second[0]

    def put(self, slot: Slot, cell: WordCell, row: int, label: str) -> bool:
        """Put a cell into the field `slot`; a field that begins an item begins the next one if it is there already."""
        if slot is ASIDE:
            self.leave([cell])
            self.done.add(cell)
            return True
        if not (slot.is_leaf or slot.is_texts):
            return not cell.text
        shown = self.shown(cell)
        if len(shown) == 1 and self.around.says_of(slot, shown[0], self.place(row, label)):
            self.done.add(cell)
            return True
        if slot.read.get("begins") and self.draft.has(slot.path):
            self.around.begin_item(slot.path[0])
        if not self.draft.put(slot, [piece.text for piece in cell.pieces], cell.pieces, self.place(row, label)):
            return False
        self.take(cell, "value", slot)
        return True

    def take(self, cell: WordCell, kind: Kind, slot: Slot | None = None) -> None:
        """Note that a cell is done. Of a value that is one of several choices, what stands behind it stays over."""
        self.done.add(cell)
        end = self.draft.typing.choice_end(slot.path, cell.text) if slot is not None else -1
        if end < 0:
            self.draft.ledger.take_all(cell.pieces, kind)
            return
        for piece in cell.pieces:
            for at, sign in enumerate(piece.text):
                if end > 0 and not sign.isspace():
                    self.draft.ledger.take(piece, kind, at, at + 1)
                    end -= 1
            if end == 0:
                self.around.leave([piece], self.place(cell.row))

    def leave(self, cells: Sequence[WordCell]) -> None:
        """Note where what nobody takes stands."""
        for cell in cells:
            if cell.text and cell not in self.done:
                self.around.leave(cell.pieces, self.place(cell.row))

    def inline(self, cell: WordCell, row: int, *, whole: bool = True) -> bool:
        """Place a cell that holds label and value, as `等级：优` does."""
        if not self.around.inline(cell.pieces, self.place(row), whole=whole):
            return False
        self.done.add(cell)
        return True

    def open_label(self, cell: WordCell, slots: Sequence[Slot]) -> OpenLabel:
        """Take a cell as a label whose value is yet to come, in one of the rows that it covers."""
        self.take_label(cell, slots)
        self.open.append(OpenLabel(self.choice(slots), cell))
        return self.open[-1]

    def take_label(self, cell: WordCell, slots: Sequence[Slot]) -> None:
        """Take a cell as a label; one of what the form does not ask for is left with what stands beside it."""
        if ASIDE in slots:
            self.leave([cell])
            self.done.add(cell)
        else:
            self.take(cell, "label")

    def shown(self, cell: WordCell) -> list[WordParagraph]:
        return [piece for piece in cell.pieces if piece.text.strip()]
