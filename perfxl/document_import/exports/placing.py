"""What the rows of an export say of one record: values go into its draft, the rest is left over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from perfxl.document_import.blocks import WordParagraph
from perfxl.document_import.draft import Draft, same
from perfxl.document_import.exports.mapping import ExportMapping, MappedField
from perfxl.document_import.exports.rows import Entry, ExportRow
from perfxl.document_import.label_text import compact
from perfxl.document_import.vocabulary import Names, vocabulary
from perfxl.model.record import Place
from perfxl.workbook.cells import Cell

_READ = ("typed", "formula", "external")


class _Repeats:
    """How many rows a list has of one content, and how often that stands beside the same of other lists.

    An export may repeat an indicator for every goal of its project. It is meant as often as it stands beside the same.
    """

    __slots__ = ("beside", "rows")

    def __init__(self) -> None:
        self.rows = 0
        self.beside: Counter[tuple[str, ...]] = Counter()

    def is_new(self, beside: tuple[str, ...]) -> bool:
        self.beside[beside] += 1
        if self.beside[beside] <= self.rows:
            return False
        self.rows += 1
        return True


class Placing:
    """A record in the making. `pieces` are the texts that belong to it, with their places."""

    def __init__(self, mapping: ExportMapping) -> None:
        self._mapping = mapping
        self.draft = Draft(mapping.report_type, vocabulary(mapping.report_type))
        self.pieces: dict[WordParagraph, Place] = {}
        self._repeats: dict[tuple[Any, ...], _Repeats] = {}
        self._once: dict[tuple[Any, ...], int] = {}

    def leave(self, row: ExportRow) -> None:
        """Note the texts of a row as belonging to the record; what is not placed is left over."""
        for entry in row.entries:
            self.pieces.setdefault(entry.piece, entry.place)

    def place(self, row: ExportRow) -> None:
        """Put what a row says where it belongs, in the current items."""
        self.leave(row)
        lists: dict[tuple[Names, str], dict[str, Entry]] = {}
        for entry in row.entries:
            target = entry.target
            if target is None or entry.cell.kind not in _READ:
                continue
            if target.rows is not None:
                columns = lists.setdefault((target.rows.path, target.row), {})
                # A second column for the same field counts where the first one is blank.
                columns.setdefault(target.slot.path[-1], entry)
            elif target.slot.is_texts:
                self._put_texts(target, entry)
            else:
                self._put(target, entry)
        for (path, name), columns in lists.items():
            if name:
                self._put_named_row(path, name, columns, row)
            else:
                self._put_row(path, columns, row)

    def supply_values(self) -> None:
        """Supply what the mapping says of every record, where the export itself does not."""
        for path, value in self._mapping.values.items():
            names = tuple(path.split("."))
            if not self.draft.has(names):
                typed = self.draft.typing.value(names, str(value))
                if typed is not None:
                    self.draft.set(names, typed, [], Place("映射文件"))

    # What a record or an item has once

    def _put(self, target: MappedField, entry: Entry) -> None:
        draft, names = self.draft, target.slot.path
        value = self._value(target, entry)
        known = draft.get(names)
        if value is not None and known is None:
            draft.set(names, value, [entry.piece], entry.place)
            draft.labelled += 1
        if value is None or known is None or same(known, value):
            draft.ledger.take(entry.piece, "value")

    def _put_texts(self, target: MappedField, entry: Entry) -> None:
        known = set(self.draft.get(target.slot.path) or ())
        lines = [line for line in entry.piece.text.splitlines() if line.strip()]
        self.draft.add_texts(target.slot, [(line, entry.piece, entry.place) for line in lines if line not in known])
        self.draft.ledger.take(entry.piece, "value")

    # Lists

    def _put_row(self, path: Names, columns: dict[str, Entry], row: ExportRow) -> None:
        said = tuple((key, entry.piece.text) for key, entry in sorted(columns.items()))
        beside = tuple(
            entry.piece.text
            for entry in row.entries
            if entry.target and (entry.target.slot.is_texts or (entry.target.rows and entry.target.rows.path != path))
        )
        where = (*self.draft.path(path), said)
        if self._repeats.setdefault(where, _Repeats()).is_new(beside):
            self._add_row(path, columns, row.place)
        self.draft.ledger.take_all((entry.piece for entry in columns.values()), "value")

    def _put_named_row(self, path: Names, name: str, columns: dict[str, Entry], row: ExportRow) -> None:
        """Put what a row says of a row of a list that is known by its name."""
        where = (*self.draft.path(path), name)
        if where not in self._once:
            first = next(iter(self.draft.vocabulary.by_path[path].node["items"]["properties"]))
            self._once[where] = len(self.draft.get(path) or ())
            self._add_row(path, columns, row.place, {first: name})
            self.draft.ledger.take_all((entry.piece for entry in columns.values()), "value")
            return
        known: dict[str, Any] = self.draft.get(path)[self._once[where]]
        for key, entry in columns.items():
            assert entry.target is not None
            value = self._value(entry.target, entry)
            if value is not None and key not in known:
                known[key] = value
            if value is None or same(known[key], value):
                self.draft.ledger.take(entry.piece, "value")

    def _add_row(
        self, path: Names, columns: dict[str, Entry], place: Place, more: dict[str, str] | None = None
    ) -> None:
        texts: dict[str, tuple[str | Cell, Sequence[WordParagraph], Place]] = {
            key: (text, (), place) for key, text in (more or {}).items()
        }
        for key, entry in columns.items():
            assert entry.target is not None
            texts[key] = (self._said(entry.target, entry), (entry.piece,), entry.place)
        self.draft.add_row(self.draft.vocabulary.by_path[path], texts, place)

    # Values

    def _said(self, target: MappedField, entry: Entry) -> str | Cell:
        """Return what a cell says, in the words and the unit of the form."""
        cell = entry.cell
        words = self._mapping.words.get(target.name, {})
        text = words.get(compact(entry.piece.text))
        if text is not None:
            return text
        factor = self._mapping.factors.get(target.name)
        if factor is None:
            return cell.value if isinstance(cell.value, str) else cell
        number = self.draft.typing.content(target.slot.path, cell)
        return _plain(number * factor) if isinstance(number, int | Decimal) else entry.piece.text

    def _value(self, target: MappedField, entry: Entry) -> Any:
        return self.draft.typing.content(target.slot.path, self._said(target, entry))


def _plain(number: Decimal) -> str:
    """Return a number in plain digits: 120000 × 0.0001 is 12, and not 12.0000."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
