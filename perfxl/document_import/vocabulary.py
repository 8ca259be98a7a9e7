"""What a report type is called in documents: its labels, headings and sentences, from the schema.

Every field is known by its `x-label`; `x-read` lists what other documents call it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from perfxl.document_import.blocks import WordCell
from perfxl.document_import.label_text import LONGEST, compact, label_keys
from perfxl.report_type.model import ReportType, Schema

Names = tuple[str, ...]


class Slot(NamedTuple):
    """Something that a label or a heading may stand for: a leaf, a list of texts, rows, or a group of them."""

    path: Names
    node: Schema

    @property
    def read(self) -> Mapping[str, Any]:
        """What the schema says about reading it."""
        found: Mapping[str, Any] = self.node.get("x-read", {})
        return found

    @property
    def is_texts(self) -> bool:
        return self.node.get("type") == "array" and self.node["items"].get("type") != "object"

    @property
    def is_rows(self) -> bool:
        return self.node.get("type") == "array" and self.node["items"].get("type") == "object"

    @property
    def is_leaf(self) -> bool:
        return "properties" not in self.node and "items" not in self.node


ASIDE = Slot((), {})
"""What a label stands for whose values belong to another period than the form asks for."""


class Columns(NamedTuple):
    """A list as a table shows it: by label its columns, those that belong to what is around it, and its totals."""

    slot: Slot
    keys: Mapping[str, str]
    beside: Mapping[str, Slot]
    totals: Mapping[str, Slot]


class Header(NamedTuple):
    """A row of column labels: for each cell the column's key, or what it fills beside the list."""

    columns: Columns
    found: tuple[tuple[WordCell, str | Slot], ...]


class Sentence(NamedTuple):
    """A text that says values: by name the field of each group."""

    pattern: re.Pattern[str]
    fields: Mapping[str, Slot]


class Vocabulary:
    """Everything a report type may be called."""

    def __init__(self, report_type: ReportType) -> None:
        schema = report_type.schema
        self.root: Mapping[str, Any] = schema.get("x-read", {})
        self.each = {sheet.each: sheet.name for sheet in report_type.sheets if sheet.each}
        self.slots = [Slot(path, node) for path, node in _nodes((), schema)]
        self.by_path = {slot.path: slot for slot in self.slots}
        self.labels: dict[str, list[Slot]] = {}
        self.headings: dict[str, Slot] = {}
        for slot in self.slots:
            if self._stands_alone(slot):
                for label in _labels(slot):
                    self._add_label(label, slot)
            for heading in slot.read.get("headings", ()):
                for key in label_keys(heading):
                    self.headings.setdefault(key, slot)
        self.lists = [self._columns(slot) for slot in self.slots if slot.is_rows and slot.path[-1] not in self.each]
        self.titles = [re.compile(each) for each in self.root.get("titles", ())]
        self.parts = [re.compile(each) for each in self.root.get("parts", ())]
        self.aside = [re.compile(each) for each in self.root.get("aside", ())]
        self.furniture = [re.compile(each) for each in self.root.get("furniture", ())]
        self.sentences = [self._sentence((), each) for each in self.root.get("sentences", ())]
        self.extracts = [self._sentence((), each) for each in self.root.get("extracts", ())]
        self.begins = {
            name: [self._sentence((name,), each) for each in self.by_path[(name,)].read.get("begins", ())]
            for name in self.each
        }
        self.within = [
            (slot, [self._sentence(slot.path[:-1], each) for each in slot.read["sentences"]])
            for slot in self.slots
            if "sentences" in slot.read
        ]

    def header(self, cells: Sequence[WordCell]) -> Header | None:
        """Return what list a row of cells is the header of, or None: it takes two columns that are known by name."""
        best: Header | None = None
        labels = [(cell, label_keys(cell.text)) for cell in cells if cell.text]
        for columns in self.lists:
            found: list[tuple[WordCell, str | Slot]] = []
            own = 0
            for cell, keys in labels:
                key = next((columns.keys[key] for key in keys if key in columns.keys), None)
                if key is not None:
                    own += 1
                    found.append((cell, key))
                elif (beside := next((columns.beside[k] for k in keys if k in columns.beside), None)) is not None:
                    found.append((cell, beside))
            if own >= 2 and (best is None or len(found) > len(best.found)):
                best = Header(columns, tuple(found))
        if best is None:
            return None
        named = {cell for cell, _ in best.found}
        more = [(cell, slot) for cell, _ in labels if cell not in named and (slot := self._around_list(best, cell))]
        return Header(best.columns, (*best.found, *more)) if (len(named) + len(more)) * 3 >= len(labels) else None

    def _around_list(self, header: Header, cell: WordCell) -> Slot | None:
        """Return what a column is that belongs to the item of a list, or to the document, as 项目名称 often does."""
        path = header.columns.slot.path
        slots = [slot for slot in self.labelled(cell.text) if slot.path and (slot.is_leaf or slot.is_texts)]
        inner = [slot for slot in slots if slot.path[:1] == path[:1] and len(slot.path) == 2]
        outer = [slot for slot in slots if len(slot.path) == 1]
        return next(iter((inner if path[0] in self.each else []) + outer), None)

    def is_aside(self, text: str) -> bool:
        """Whether a label says that what stands beside it is of another period than the form asks for."""
        words = compact(text)
        return any(each.fullmatch(words) for each in self.aside)

    def labelled(self, text: str) -> list[Slot]:
        """Return what a label may stand for, `ASIDE` for what the form does not ask for; nothing where it is none."""
        if len(text) < LONGEST and self.is_aside(text):
            return [ASIDE]
        for key in label_keys(text):
            if key in self.labels:
                return self.labels[key]
        return []

    def heading(self, text: str) -> Slot | None:
        """Return what stands below a heading of that text."""
        return next((self.headings[key] for key in label_keys(text) if key in self.headings), None)

    def in_items(self, slot: Slot) -> bool:
        """Whether the slot belongs to the items of a list of which every item has a sheet of its own."""
        return len(slot.path) > 1 and slot.path[0] in self.each

    def _stands_alone(self, slot: Slot) -> bool:
        """Whether a label by itself means the slot: not for columns, which only the header of their list names."""
        if slot.path[-1] in self.each or "beside" in slot.read or "total_of" in slot.read:
            return False
        lists = [path for path in (slot.path[:end] for end in range(1, len(slot.path))) if path[-1] not in self.each]
        return not any(self.by_path[path].is_rows for path in lists)

    def _add_label(self, label: str, slot: Slot) -> None:
        for key in label_keys(label):
            known = self.labels.setdefault(key, [])
            if slot not in known:
                known.append(slot)

    def _columns(self, slot: Slot) -> Columns:
        keys: dict[str, str] = {}
        for name, member in slot.node["items"]["properties"].items():
            for label in _labels(Slot((*slot.path, name), member)):
                for key in label_keys(label):
                    keys.setdefault(key, name)
        beside: dict[str, Slot] = {}
        totals: dict[str, Slot] = {}
        for other in self.slots:
            if (
                other.read.get("beside") == ".".join(slot.path[len(other.path) - 1 :])
                and other.path[:-1] == slot.path[:-1]
            ):
                for label in _labels(other):
                    for key in label_keys(label):
                        beside.setdefault(key, other)
            total = other.read.get("total_of", "")
            if total and (*other.path[:-1], *total.split(".")[:-1]) == slot.path:
                totals[total.split(".")[-1]] = other
        return Columns(slot, keys, beside, totals)

    def _sentence(self, scope: Names, pattern: str) -> Sentence:
        compiled = re.compile(pattern, re.DOTALL)
        fields = {}
        for group in compiled.groupindex:
            path = (*scope, *group.removeprefix("minus_").split("__"))
            fields[group] = self.by_path.get(path) or self.by_path[(*scope[:1], *path[len(scope) :])]
        return Sentence(compiled, fields)


@lru_cache(maxsize=16)
def vocabulary(report_type: ReportType) -> Vocabulary:
    """Return what a report type is called, worked out once."""
    return Vocabulary(report_type)


def _nodes(path: Names, node: Schema) -> Iterator[tuple[Names, Schema]]:
    """Yield every member of a schema with its path, those of items as well, the outer ones first."""
    for key, member in node.get("properties", {}).items():
        if "const" in member:
            continue
        here = (*path, key)
        yield here, member
        yield from _nodes(here, member.get("items", member))


def _labels(slot: Slot) -> list[str]:
    own = [slot.node["x-label"]] if "x-label" in slot.node else []
    return [*slot.read.get("labels", ()), *own] if slot.read.get("own_label", True) else list(slot.read["labels"])
