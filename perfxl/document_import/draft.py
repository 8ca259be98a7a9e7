"""A record in the making: values as they are found, each with the place in the document where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from perfxl.document_import.blocks import WordParagraph
from perfxl.document_import.taken_text import TakenText
from perfxl.document_import.typed_values import Typing, take_apart, without_own_unit
from perfxl.document_import.vocabulary import Names, Slot, Vocabulary
from perfxl.model.record import FieldPath, Place
from perfxl.report_type.model import ReportType
from perfxl.workbook.cells import Cell as SheetCell


class ValueOrigin:
    """Where a value stands: the place in words, and the paragraphs."""

    __slots__ = ("pieces", "place")

    def __init__(self, place: Place, pieces: Sequence[WordParagraph]) -> None:
        self.place = place
        self.pieces = tuple(pieces)


class Draft:
    """Values, their origins, and the ledger of what was taken of the document."""

    def __init__(self, report_type: ReportType, vocabulary: Vocabulary) -> None:
        self.type = report_type
        self.vocabulary = vocabulary
        self.ledger = TakenText()
        self.values: dict[str, Any] = {}
        self.origins: dict[FieldPath, ValueOrigin] = {}
        self.typing = Typing(report_type)
        self.labelled = 0  # values that stood under a label of their own: they tell the type of a document
        self._items: dict[str, int] = {}
        self._tentative: set[FieldPath] = set()

    def begin_item(self, each: str) -> None:
        """Let a new item of an array begin: what is found from now on belongs to it."""
        self._items[each] = self._items.get(each, -1) + 1
        self.values.setdefault(each, []).append({})

    def choose_item(self, each: str, number: int) -> None:
        """Let an item that has begun already be the current one again."""
        self._items[each] = number

    def item(self, each: str) -> int:
        """Return the number of the current item, from 0; -1 before the first one."""
        return self._items.get(each, -1)

    def path(self, names: Names) -> FieldPath:
        """Return where the current value of the field `names` belongs, in the current item of its array."""
        if names[0] not in self.vocabulary.each or len(names) == 1:
            return names
        if self.item(names[0]) < 0:
            self.begin_item(names[0])
        return (names[0], self.item(names[0]), *names[1:])

    def has(self, names: Names) -> bool:
        """Whether the field has a value already, in the current item; one that was only supposed does not count."""
        if names[0] in self.vocabulary.each and self.item(names[0]) < 0:
            return False
        path = self.path(names)
        return self._get(path) is not None and path not in self._tentative

    def get(self, names: Names) -> Any:
        """Return the value of a field, None where there is none."""
        if names[0] in self.vocabulary.each and self.item(names[0]) < 0:
            return None
        return self._get(self.path(names))

    def put(
        self,
        slot: Slot,
        paragraphs: Sequence[str],
        pieces: Sequence[WordParagraph],
        place: Place,
        *,
        supposed: bool = False,
    ) -> bool:
        """Set a leaf or a list of texts. Return False where it has another value already; blank is always fine.

        What is only `supposed`, as the name of a project by its heading is, gives way to what stands under a label.
        """
        path = self.path(slot.path)
        self.origins.setdefault(path, ValueOrigin(place, pieces))
        value: Any
        if slot.is_texts:
            value = [each for each in paragraphs if each.strip()] or None
        else:
            value = self.typing.value(slot.path, "\n".join(paragraphs).strip("\n"))
        if value is None:
            return True
        known = self._get(path)
        if known is not None and path not in self._tentative:
            return same(known, value)
        if supposed and known is None:
            self._tentative.add(path)
        elif not supposed:
            self._tentative.discard(path)
            self.labelled += 1
        self.origins[path] = ValueOrigin(place, pieces)
        if slot.is_texts:
            for number, piece in enumerate(piece for piece in pieces if piece.text.strip()):
                self.origins[(*path, number)] = ValueOrigin(place, (piece,))
        self._set(path, value)
        return True

    def extend(self, names: Names, piece: WordParagraph) -> None:
        """Add a paragraph to a text."""
        path = self.path(names)
        origin = self.origins[path]
        self.origins[path] = ValueOrigin(origin.place, (*origin.pieces, piece))
        self._set(path, f"{self._get(path)}\n{piece.text}")

    def set(self, names: Names, value: Any, pieces: Sequence[WordParagraph], place: Place) -> None:
        """Set a value that is typed already."""
        path = self.path(names)
        self.origins[path] = ValueOrigin(place, pieces)
        self._set(path, value)

    def add_texts(self, slot: Slot, texts: Iterable[tuple[str, WordParagraph, Place]]) -> None:
        """Add the items of a list of texts, a paragraph each."""
        path = self.path(slot.path)
        for text, piece, place in texts:
            if text.strip():
                known = self._get(path)
                if known is None:
                    known = []
                    self._set(path, known)
                    self.origins[path] = ValueOrigin(place, (piece,))
                self.origins[(*path, len(known))] = ValueOrigin(place, (piece,))
                known.append(text)

    def add_row(
        self, slot: Slot, texts: Mapping[str, tuple[str | SheetCell, Sequence[WordParagraph], Place]], places: Place
    ) -> None:
        """Add a row of a list, by column the text or the cell of a workbook, the paragraphs and the place of each."""
        members: Mapping[str, Any] = slot.node["items"]["properties"]
        row: dict[str, Any] = {}
        for key, (text, _, _) in texts.items():
            value = self.typing.content((*slot.path, key), text)
            if value is not None:
                row[key] = value
        for key in members:
            self._apart(row, key, members, texts)
        if not row:
            return
        path = self.path(slot.path)
        rows = self._get(path)
        if rows is None:
            rows = []
            self._set(path, rows)
        here = (*path, len(rows))
        self.origins[here] = ValueOrigin(places, next((pieces for _, pieces, _ in texts.values() if pieces), ()))
        self.origins.setdefault(path, self.origins[here])
        for key, (_, pieces, place) in texts.items():
            self.origins[(*here, key)] = ValueOrigin(place, pieces)
        for key, member in members.items():
            # What was taken apart stands where the whole stood.
            for part in ("sign", "unit"):
                other = member.get("x-read", {}).get("apart", {}).get(part)
                if other and key in texts and (*here, other) not in self.origins:
                    self.origins[(*here, other)] = self.origins[(*here, key)]
        rows.append({key: row[key] for key in members if key in row})
        self.labelled += len(row)

    def _apart(self, row: dict[str, Any], key: str, members: Mapping[str, Any], texts: Mapping[str, Any]) -> None:
        """Take the value of a column apart, as the schema asks for."""
        read: Mapping[str, Any] = members[key].get("x-read", {})
        if key not in row or not isinstance(row[key], str):
            return
        if parts := read.get("apart"):
            found = take_apart(row[key])
            sign, unit = parts["sign"], parts["unit"]
            # Where sign or unit have columns of their own, they are nothing that the value has to be searched for.
            if (found.sign and sign in texts) or (found.unit and unit in texts):
                return
            row[key] = found.target
            if found.sign:
                row[sign] = found.sign
            if found.unit:
                row[unit] = found.unit
        elif own_unit := read.get("unit"):
            row[key] = without_own_unit(row[key], str(row.get(own_unit, "")))
            other = read.get("choice")
            choices = members[other].get("enum", ()) if other else ()
            if other and other not in row and row[key] in choices:
                row[other] = row.pop(key)

    def _get(self, path: FieldPath) -> Any:
        node: Any = self.values
        for step in path:
            if isinstance(step, int):
                node = node[step] if isinstance(node, list) and step < len(node) else None
            else:
                node = node.get(step) if isinstance(node, dict) else None
            if node is None:
                return None
        return node

    def _set(self, path: FieldPath, value: Any) -> None:
        node: Any = self.values
        for step in path[:-1]:
            node = node[step] if isinstance(step, int) else node.setdefault(step, {})
        node[path[-1]] = value


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, blanks in texts aside."""
    if isinstance(one, str) and isinstance(other, str):
        return "".join(one.split()) == "".join(other.split())
    return bool(one == other)
