"""JSON exports: objects in lists, and in them objects and lists of their own, as rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from perfxl.document_import.blocks import Unreadable, WordParagraph
from perfxl.document_import.exports.mapping import ExportMapping, MappedField
from perfxl.document_import.exports.rows import Entry, Export, ExportRow
from perfxl.document_import.label_text import compact
from perfxl.model.record import Place
from perfxl.workbook.cells import Cell

_SHEET = "JSON"
_DEEPEST = 50
_WORDS = {True: "true", False: "false"}


def read(data: bytes, mapping: ExportMapping, file: str) -> Export:
    """Return the rows of a JSON file: one for every object in a list, in their order. Raises `Unreadable`.

    A column is called by its key, or by the keys that lead to it (`项目/名称`). Numbers are kept as they are written.
    """
    try:
        told = json.loads(data.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as trouble:
        raise Unreadable("W12", kind="JSON 文件", problem=f"不合 JSON 的写法（{trouble}）") from trouble
    walk = _Walk(mapping, file)
    rows = list(walk.rows(told, (), "", 0))
    return Export(rows, walk.labels, [], list(walk.names))


class _Walk:
    def __init__(self, mapping: ExportMapping, file: str) -> None:
        self._mapping = mapping
        self._sheet = f"{file} {_SHEET}" if file else _SHEET
        self.labels: list[WordParagraph] = []
        self.names: dict[str, MappedField | None] = {}

    def rows(self, node: Any, names: tuple[str, ...], here: str, depth: int) -> Iterator[ExportRow]:
        """Yield the row of an object, and then those of the objects in its lists."""
        if depth > _DEEPEST:
            raise Unreadable("W12", kind="JSON 文件", problem="里面套了太多层")
        if isinstance(node, list):
            for number, each in enumerate(node):
                yield from self.rows(each, names, f"{here}[{number}]", depth + 1)
        elif isinstance(node, dict):
            entries: list[Entry] = []
            below: list[tuple[Any, tuple[str, ...], str]] = []
            self._gather(node, names, here, depth, entries, below)
            if entries:
                yield ExportRow(Place(self._sheet, here), tuple(entries), begins=True)
            for list_, path, place in below:
                yield from self.rows(list_, path, place, depth + 1)
        elif (entry := self._entry(node, names, here)) is not None:
            yield ExportRow(entry.place, (entry,))

    def _gather(
        self, node: dict[str, Any], names: tuple[str, ...], here: str, depth: int,
        entries: list[Entry], below: list[tuple[Any, tuple[str, ...], str]],
    ) -> None:  # fmt: skip
        """Collect what an object has of its own, its inner objects included, and the lists that have rows."""
        if depth > _DEEPEST:
            raise Unreadable("W12", kind="JSON 文件", problem="里面套了太多层")
        for key, value in node.items():
            path, place = (*names, key), f"{here}.{key}" if here else key
            if isinstance(value, dict):
                self._gather(value, path, place, depth + 1, entries, below)
            elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
                below.append((value, path, place))
            else:
                each = value if isinstance(value, list) else [value]
                text = "\n".join(_text(one) for one in each if one is not None)
                if (entry := self._entry(text, path, place)) is not None:
                    entries.append(entry)

    def _entry(self, value: Any, names: tuple[str, ...], here: str) -> Entry | None:
        text = _text(value)
        if not text.strip():
            return None
        piece = WordParagraph(text)
        return Entry(self._target(names), Cell(text), piece, Place(self._sheet, here))

    def _target(self, names: tuple[str, ...]) -> MappedField | None:
        name = "/".join(names)
        if name not in self.names:
            found = (self._mapping.target("/".join(compact(each) for each in names[at:])) for at in range(len(names)))
            self.names[name] = next((each for each in found if each), None)
            self.labels.append(WordParagraph(names[-1] if names else ""))
        return self.names[name]


def _text(value: Any) -> str:
    return "" if value is None else _WORDS[value] if isinstance(value, bool) else str(value)
