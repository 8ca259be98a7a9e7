"""A drawn form into a schema: where `{{名称}}` stands is an input, every other text is a caption with its look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from perfxl.authoring.drawing import Drawing, DrawnCell, DrawnSheet
from perfxl.authoring.field_rows import EACH, LIST, FieldRows, key_of
from perfxl.model.addresses import Range, column_letters
from perfxl.model.author_note import AuthorNote, likely
from perfxl.report_type.model import TypeFault

_TAG = re.compile(r"\{\{\s*(.+?)\s*\}\}")
_BROKEN = re.compile(r"[{｛]|[}｝]")
_PROVIDED, _SHOWN = 20, 3
_LINE = 15.0


@dataclass
class PlacedList:
    """A list of rows on a drawn sheet: its columns by key, the row of its tags, and the last row drawn blank."""

    key: str
    columns: dict[str, DrawnCell]
    top: int
    drawn: int
    provided: int = 0

    @property
    def added(self) -> int:
        """How many rows the form needs besides those drawn."""
        return self.provided - (self.drawn - self.top + 1)


@dataclass
class PlacedSheet:
    """A drawn sheet with what stands on it. `each` is the key of the list of which every item has such a sheet."""

    drawn: DrawnSheet
    each: str = ""
    fields: dict[str, DrawnCell] = field(default_factory=dict)
    lists: list[PlacedList] = field(default_factory=list)
    captions: list[DrawnCell] = field(default_factory=list)

    def down(self, row: int) -> int:
        """Return the row where a drawn row comes to stand, once lists above it have the rows they need."""
        return row + sum(rows.added for rows in self.lists if row > rows.drawn)

    def moved(self, at: Range) -> Range:
        """Return where drawn cells come to stand; what spans a list stretches with it."""
        return Range(self.down(at.top), at.left, self.down(at.bottom + 1) - 1, at.right)


@dataclass(frozen=True)
class DrawnType:
    """A type made from a drawing: its schema, and what its first Word template is drawn from."""

    schema: dict[str, Any]
    sheets: tuple[PlacedSheet, ...]
    merged: tuple[str, ...]
    kinds: Mapping[str, str]


def drawn_type(drawn: Drawing, type_id: str, title: str, file: str) -> DrawnType:
    """Return the type that a drawing describes. Raises `TypeFault` with everything that cannot be understood."""
    rows = FieldRows(drawn.fields, drawn.headings, file)
    notes = list(rows.notes)
    sheets = [_placed(sheet, rows, file, notes) for sheet in drawn.sheets]
    placed = {key for sheet in sheets for key in (*sheet.fields, *(k for one in sheet.lists for k in one.columns))}
    for key, kind in rows.kinds.items():
        if kind not in (LIST, EACH) and key not in placed:
            notes.append(AuthorNote(file, f"栏目“{key}”", "没有画在任何一张表里", f"请在要填的格子里写“{{{{{key}}}}}”"))
    count = len(rows.notes)
    checks = list(rows.checks())
    notes += rows.notes[count:]
    if notes:
        raise TypeFault.of(list(dict.fromkeys(notes)))
    schema = _schema(sheets, rows, checks, type_id, title)
    return DrawnType(schema, tuple(sheets), tuple(rows.merged), rows.kinds)


def _placed(sheet: DrawnSheet, rows: FieldRows, file: str, notes: list[AuthorNote]) -> PlacedSheet:
    """Return a sheet with its inputs told from its captions; what is unclear is added to `notes`."""
    placed = PlacedSheet(sheet)
    lists: dict[str, PlacedList] = {}
    for cell in sheet.cells:
        where = f"工作表“{sheet.name}”的 {cell.at.first}"
        tags = _TAG.findall(cell.text)
        if not tags:
            if _BROKEN.search(cell.text):
                notes.append(
                    AuthorNote(file, where, f"“{cell.text}”不是完整的标记", "请写成“{{名称}}”，半角，两个一组")
                )
            elif cell.text:
                placed.captions.append(cell)
            continue
        key = key_of(tags[0])
        if len(tags) > 1 or _TAG.sub("", cell.text).strip():
            notes.append(
                AuthorNote(
                    file, where, f"“{cell.text}”里除了一个标记还有别的内容", "一格一个标记，别的文字写在旁边的格子里"
                )
            )
        if key not in rows.kinds:
            notes.append(AuthorNote(file, where, f"“{tags[0]}”没有写在“栏目”里", likely(key, rows.kinds)))
            continue
        base = key.rpartition(".")[0]
        if base and base not in rows.kinds:
            notes.append(
                AuthorNote(file, where, f"“{base}”没有写在“栏目”里", "请加一行：名称写它，类型写“列表”或“每项一张”")
            )
        elif base and rows.kinds[base] == LIST:
            known = lists.setdefault(base, PlacedList(base, {}, cell.at.top, cell.at.bottom))
            if cell.at.top != known.top:
                notes.append(AuthorNote(file, where, f"列表“{base}”的各列不在同一行", f"请都写在第{known.top}行"))
            if cell.at.bottom > cell.at.top:
                notes.append(AuthorNote(file, where, "列表的格子不能合并几行", "一行一条，请取消合并"))
            known.columns[key] = cell
        elif key in placed.fields:
            notes.append(AuthorNote(file, where, f"“{tags[0]}”画了两次", "请只留一处"))
        else:
            placed.fields[key] = cell
        owner = _each_of(key, rows)
        if owner:
            placed.each = owner
    placed.lists = sorted(lists.values(), key=lambda one: one.top)
    for known in placed.lists:
        _extend(known, sheet, rows)
    placed.captions += _frames(placed)
    mixed = [key for key in placed.fields if _each_of(key, rows) != placed.each]
    if placed.each and mixed:
        notes.append(
            AuthorNote(
                file,
                f"工作表“{sheet.name}”",
                f"“{mixed[0]}”不属于“{placed.each}”",
                f"每项一张的表里只写“{placed.each}.…”",
            )
        )
    return placed


def _frames(placed: PlacedSheet) -> list[DrawnCell]:
    """Return the cells that have a frame and nothing in it, outside the rows of lists, whose inputs have frames."""

    def in_list(at: Range) -> bool:
        return any(
            one.top <= at.top <= one.drawn
            and any(c.at.left <= at.right and at.left <= c.at.right for c in one.columns.values())
            for one in placed.lists
        )

    return [cell for cell in placed.drawn.cells if not cell.text and cell.bordered and not in_list(cell.at)]


def _each_of(key: str, rows: FieldRows) -> str:
    first = key.partition(".")[0]
    return first if rows.kinds.get(first) == EACH else ""


def _extend(known: PlacedList, sheet: DrawnSheet, rows: FieldRows) -> None:
    """Take in the blank rows that are drawn below the row of tags, and provide as many as the list may need."""
    left = min(cell.at.left for cell in known.columns.values())
    right = max(cell.at.right for cell in known.columns.values())
    taken = {
        row
        for cell in sheet.cells
        if cell.text and cell.at.left <= right and cell.at.right >= left
        for row in range(cell.at.top, cell.at.bottom + 1)
    }
    bordered = {
        cell.at.top for cell in sheet.cells if not cell.text and cell.bordered and left <= cell.at.left <= right
    }
    while known.drawn + 1 in bordered and known.drawn + 1 not in taken:
        known.drawn += 1
    drawn = known.drawn - known.top + 1
    _, high = rows.rows.get(known.key, (0, 0))
    known.provided = max(drawn, high or max(_PROVIDED, drawn), 2)


def _schema(sheets: list[PlacedSheet], rows: FieldRows, checks: list[Any], type_id: str, title: str) -> dict[str, Any]:
    root: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:perfxl:{type_id}",
        "title": title,
        "x-version": 1,
        "x-sheets": [_described(sheet) for sheet in sheets] + [_OVERVIEW],
        "type": "object",
        "additionalProperties": False,
        "required": ["document_type"],
        "properties": {"document_type": {"const": type_id, "x-printed": False}},
    }
    known = {
        key: sheet for sheet in sheets for key in (*sheet.fields, *(k for one in sheet.lists for k in one.columns))
    }
    for key in rows.kinds:
        if rows.kinds[key] in (LIST, EACH):
            _add(root, key, rows, _list_node(key, rows, sheets))
    for key, node in rows.nodes.items():
        if rows.kinds[key] not in (LIST, EACH) and key in known:
            _add(root, key, rows, {**node, **_address(key, known[key], node)})
    for base, check in checks:
        around = root
        for name in base.split(".") if base else ():
            around = around["properties"][name]["items"]
        around.setdefault("x-checks", []).append(check)
    return root


_OVERVIEW: Mapping[str, Any] = {
    "name": "检查",
    "overview": True,
    "columns": [16, 30, 52, 12, 14],
    "captions": [{"at": "A1:E1", "text": "检查", "style": "title"}, {"at": "A2:E2", "text": "", "style": "status"}],
}


def _add(root: dict[str, Any], key: str, rows: FieldRows, node: dict[str, Any]) -> None:
    *around, name = key.split(".")
    place = root
    for step in around:
        place = place["properties"][step]["items"]
    place["properties"][name] = node
    if key in rows.required or (node.get("type") == "array" and rows.rows.get(key, (0, 0))[0]):
        place.setdefault("required", []).append(name)
    if node.get("type") == "array" and rows.rows.get(key, (0, 0))[0]:
        node["minItems"] = rows.rows[key][0]


def _list_node(key: str, rows: FieldRows, sheets: list[PlacedSheet]) -> dict[str, Any]:
    node = {**rows.nodes[key], "items": {"type": "object", "additionalProperties": False, "properties": {}}}
    for sheet in sheets:
        for known in sheet.lists:
            if known.key == key:
                left = min(known.columns.values(), key=lambda cell: cell.at.left).at.left
                at = f"{column_letters(left)}{sheet.down(known.top)}"
                node["x-at"] = at if sheet.each else f"{sheet.drawn.name}!{at}"
                node["x-rows"] = known.provided
                node["x-rows-shown"] = min(known.provided, max(_SHOWN, known.drawn - known.top + 1))
    return node


def _address(key: str, sheet: PlacedSheet, node: Mapping[str, Any]) -> dict[str, Any]:
    cell = sheet.fields.get(key)
    if cell is None:
        column = next(one.columns[key] for one in sheet.lists if key in one.columns)
        letters = column_letters(column.at.left)
        if column.at.right > column.at.left:
            letters += f":{column_letters(column.at.right)}"
        return {"x-at": letters, "x-label-at": ""}
    at = str(sheet.moved(cell.at))
    found: dict[str, Any] = {"x-at": at if sheet.each else f"{sheet.drawn.name}!{at}", "x-label-at": ""}
    height = sum(sheet.drawn.heights.get(row, _LINE) for row in range(cell.at.top, cell.at.bottom + 1))
    if cell.at.top == cell.at.bottom and height >= 2 * _LINE and node["type"] == "string":
        found["x-lines"] = max(int(height // _LINE), node.get("x-lines", 1))
    return found


def _described(sheet: PlacedSheet) -> dict[str, Any]:
    found: dict[str, Any] = {"name": sheet.drawn.name, "columns": list(sheet.drawn.widths)}
    if sheet.each:
        found["each"] = sheet.each
    if sheet.drawn.landscape:
        found["landscape"] = True
    found["captions"] = [
        {"at": str(sheet.moved(cell.at)), "text": cell.text, "style": "plain", "look": dict(cell.look)}
        for cell in sheet.captions
    ]
    return found
