"""Rows of exports → records: which document and which item a row belongs to, and what it says of it.

A row may say anything of everything that it belongs to: of the unit, of its project, of an indicator. What is said
again in the same words counts once; what is said otherwise is left over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from perfxl.document_import.draft import Draft
from perfxl.document_import.exports.identities import Identities
from perfxl.document_import.exports.mapping import ExportMapping
from perfxl.document_import.exports.placing import Placing
from perfxl.document_import.exports.rows import Export, ExportRow, taken_apart
from perfxl.document_import.label_text import compact
from perfxl.document_import.recognition import LeftOver, Reading, in_order
from perfxl.document_import.supposed_values import supply, supply_year
from perfxl.document_import.vocabulary import vocabulary


class _Keys(NamedTuple):
    """The fields that name the unit of a document, and the items of each array, the surest first."""

    own: list[str]
    items: dict[str, list[str]]
    year: str


def readings(exports: Sequence[Export], mapping: ExportMapping) -> list[Reading]:
    """Return a record for every unit and year that the exports are about, with what of them found no place."""
    assembly = _Assembly(mapping)
    for export in exports:
        assembly.read(export)
    assembly.finish()
    return [_reading(each, exports, mapping, assembly.keys.year) for each in assembly.found]


class _Assembly:
    def __init__(self, mapping: ExportMapping) -> None:
        self._mapping = mapping
        self._words = words = vocabulary(mapping.report_type)
        named = [slot.path for slot in words.slots if slot.read.get("key")]
        self.keys = _Keys(
            [path[0] for path in named if len(path) == 1],
            {each: [path[1] for path in named if path[0] == each and len(path) == 2] for each in words.each},
            str(words.root.get("year", {}).get("field", "")),
        )
        self.found: list[Placing] = []
        self._orphans: list[ExportRow] = []
        self._units = Identities(self.keys.own)
        self._years: dict[int, dict[str, Placing]] = {}
        self._unit_of: dict[Placing, int] = {}
        self._items: dict[tuple[Placing, str], Identities] = {}
        self._everywhere: dict[str, Identities] = {each: Identities(keys) for each, keys in self.keys.items.items()}
        self._holders: dict[tuple[str, int], Placing] = {}

    def read(self, export: Export) -> None:
        rows = [
            row._replace(entries=tuple(each for entry in row.entries for each in taken_apart(entry, self._words)))
            for row in export.rows
        ]
        paths = {entry.target.slot.path for row in rows for entry in row.entries if entry.target}
        keyed = {each: any((each, key) in paths for key in keys) for each, keys in self.keys.items.items()}
        named = any((key,) in paths for key in self.keys.own)
        last: Placing | None = None
        for row in rows:
            if not self._says_something(row):
                self._leave(row, last)
                continue
            before = last
            last = self._record(row, last, named)
            for each, keys in self.keys.items.items():
                if any(entry.target and entry.target.slot.path[0] == each for entry in row.entries):
                    self._choose(row, last, each, keys, keyed[each], goes_on=last is before)
            last.place(row)

    def finish(self) -> None:
        """Give what stood before the first record to that one."""
        for row in self._orphans:
            self.found[0].leave(row)

    def _says_something(self, row: ExportRow) -> bool:
        """Whether a row has a value in a column that is known, and is no row of totals."""
        texts = (compact(entry.piece.text) for entry in row.entries)
        return any(entry.target for entry in row.entries) and not any(text in self._mapping.totals for text in texts)

    def _leave(self, row: ExportRow, last: Placing | None) -> None:
        if last is None:
            self._orphans.append(row)
        else:
            last.leave(row)

    # Documents

    def _record(self, row: ExportRow, last: Placing | None, named: bool) -> Placing:
        """Return the record that a row belongs to: of its unit and year, or else of the row before it.

        Rows of a sheet that is `named` for no unit belong where their items do.
        """
        names = _names(row, (), self.keys.own)
        year = _names(row, (), [self.keys.year]).get(self.keys.year, "")
        if not names and not year:
            return last if named and last else self._holder(row, last)
        if names:
            found = self._units.find(names)
            unit = self._units.add(names) if found is None else found
            self._units.learn(unit, names)
        else:
            unit = self._unit_of[last if named and last else self._holder(row, last)]
        known = self._years.get(unit, {})
        if year:
            if year not in known and "" in known:
                known[year] = known.pop("")
            return known.get(year) or self._new(unit, year)
        if last in known.values():
            assert last is not None
            return last
        return next(iter(known.values()), None) or self._new(unit, "")

    def _new(self, unit: int, year: str) -> Placing:
        record = Placing(self._mapping)
        self.found.append(record)
        self._years.setdefault(unit, {})[year] = record
        self._unit_of[record] = unit
        return record

    def _holder(self, row: ExportRow, last: Placing | None) -> Placing:
        """Return the record of a row that does not name its unit: the one that has its item, or the last one."""
        for each, keys in self.keys.items.items():
            number = self._everywhere[each].find(_names(row, (each,), keys))
            if number is not None:
                return self._holders[(each, number)]
        return last or (self.found[0] if self.found else self._new(self._units.add({}), ""))

    # Items

    def _choose(
        self, row: ExportRow, record: Placing, each: str, keys: list[str], keyed: bool, *, goes_on: bool
    ) -> None:
        """Make the item that a row is about the current one of its record."""
        draft = record.draft
        known = self._items.setdefault((record, each), Identities(keys))
        names = _names(row, (each,), keys)
        if names:
            number = known.find(names)
        elif row.begins and any(e.target and e.target.slot.path[0] == each and not e.target.rows for e in row.entries):
            number = None
        elif goes_on and draft.item(each) >= 0:
            number = draft.item(each)
        else:
            # A sheet that does not say which item it is about is about the only one.
            number = 0 if not keyed and len(known) == 1 else None
        if number is None:
            number = known.add(names)
            draft.begin_item(each)
            self._holders[(each, self._everywhere[each].add(names))] = record
        else:
            known.learn(number, names)
        draft.choose_item(each, number)


def _names(row: ExportRow, scope: tuple[str, ...], keys: Sequence[str]) -> dict[str, str]:
    """Return the codes and names that a row has, of what `scope` says."""
    wanted = {(*scope, key): key for key in keys}
    return {
        wanted[entry.target.slot.path]: compact(entry.piece.text)
        for entry in reversed(row.entries)
        if entry.target and entry.target.slot.path in wanted
    }


def _reading(record: Placing, exports: Sequence[Export], mapping: ExportMapping, year_field: str) -> Reading:
    draft: Draft = record.draft
    ledger = draft.ledger
    loose = {piece: place for export in exports for piece, place in export.loose}
    labels = [piece for export in exports for piece in export.labels]
    ledger.take_all(labels, "label")
    record.supply_values()
    supply(draft)
    places = {**loose, **record.pieces}
    pieces = [*labels, *places]
    source = supply_year(draft, pieces)
    left = [LeftOver(rest.text, places[rest.piece], rest.piece) for rest in ledger.rests(places)]
    return Reading(
        mapping.report_type,
        in_order(mapping.report_type, draft.values),
        draft.origins,
        left,
        ledger.labels(pieces),
        ledger.account(pieces),
        (0, draft.labelled),
        year_field,
        source,
        pieces,
    )
