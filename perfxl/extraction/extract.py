"""Arranges cells as a record: `Cells` → `Record`, with remarks on every cell that could not be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from perfxl.computation.target_cells import SIGN_CELL, TARGET, UNIT_CELL, settled, sign_alone, unit_alone
from perfxl.extraction.cached_results import results
from perfxl.extraction.cell_map import Input, ListColumn, Places, SheetPart, Standing, names_in, parts
from perfxl.extraction.cell_values import Understood, displayed
from perfxl.extraction.doubtful_cells import date_guess, doubt, is_unshown
from perfxl.extraction.filled_rows import FAILED, Filled, Kept, filled
from perfxl.extraction.form_integrity import Scope, common_scope, item_scopes, remarks_on_structure
from perfxl.extraction.provisional_results import without_provisional_results
from perfxl.extraction.rows_of_items import shown_of_items
from perfxl.extraction.seen_text import understand_seen
from perfxl.extraction.unseen import remarks_on_unseen
from perfxl.model.invisible_characters import is_blank, visible_blanks
from perfxl.model.numbers import shortest
from perfxl.model.record import DateGuess, FieldPath, Record, Trace
from perfxl.model.remark import Remark
from perfxl.report_type.model import ReportType
from perfxl.workbook.cells import Cell, Cells
from perfxl.workbook.number_formats.shown import shown

# What XML 1.0 cannot hold, and so no Word document.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXACT_DIGITS = 15  # Excel keeps no more of a number
_SOUND = frozenset(("typed", "formula"))


class _Draft:
    """A record in the making."""

    def __init__(self) -> None:
        self.places = Places()
        self.traces: list[Trace] = []
        self.dates: dict[FieldPath, DateGuess] = {}
        # Figures that are fractions in their cells and percent beside their unit, and whether there is one in a row.
        self.fractions: set[FieldPath] = set()
        self.rescaled = False
        self.remarks: list[Remark] = []

    def begin(self, known: Filled, path: FieldPath) -> tuple[Scope, Kept]:
        """Note where everything below `path` stands, and return what is read there."""
        self.places.add(path, known.scope.layout, known.scope.title, known.kept)
        self.places.see(known.seen)
        self.remarks += known.told
        return known.scope, known.kept

    def take(self, tried: _Draft) -> None:
        """Take over what was found out while something was read, all but its places."""
        self.traces += tried.traces
        self.dates |= tried.dates
        self.fractions |= tried.fractions
        self.rescaled = self.rescaled or tried.rescaled
        self.remarks += tried.remarks


def extract(cells: Cells, report_type: ReportType) -> tuple[Record, tuple[Remark, ...]]:
    """Return the values of `cells`, arranged as `report_type` describes them, and remarks on what could not be read.

    A blank cell is absent from the record rather than empty; whether it may be absent is for the checks to say. A row
    blank in every column is skipped, and those after it keep their own row numbers, because people look for 第12行.
    A sheet of an item on which nothing was typed is no item; items come in the order of the tabs.
    """
    draft = _Draft()
    values: dict[str, Any] = dict(report_type.constants)
    once, of_items = parts(report_type)
    scopes_of = _of_items(cells, of_items)
    shown = shown_of_items(once, scopes_of)
    if (read_anew := without_provisional_results(cells, report_type, shown)) is not cells:
        cells, scopes_of = read_anew, _of_items(read_anew, of_items)
    scope = common_scope(cells, once)
    common, kept = draft.begin(filled(scope, shown), ())
    read, every, block = [scope], [scope], 0
    for sheet in report_type.sheets:
        if sheet.each:
            part = of_items[sheet.name]
            scopes = scopes_of[sheet.each]
            items, begun = _read_items(scopes, part, draft)
            every += scopes
            read += begun
            if items:
                values[sheet.each] = items
        else:
            values |= _read(common, block, (), kept, draft)
            draft.places.add_block((), block)
            block += 1
    draft.remarks += remarks_on_unseen(common, kept)
    remarks = (*draft.remarks, *remarks_on_structure(cells, report_type, read, every))
    ordered = {key: values[key] for key in report_type.schema["properties"] if key in values}
    doubted = results(ordered, cells, report_type, draft.places) if draft.rescaled else frozenset()
    return Record(ordered, draft.places, tuple(draft.traces), dates=draft.dates, doubted=doubted), remarks


def _of_items(cells: Cells, parts_of: Mapping[str, SheetPart]) -> dict[str, list[Scope]]:
    return {part.each: list(item_scopes(cells, part)) for part in parts_of.values()}


def _read_items(scopes: Sequence[Scope], part: SheetPart, draft: _Draft) -> tuple[list[dict[str, Any]], list[Scope]]:
    """Return the items on whose sheets somebody typed something, and where these stand."""
    items: list[dict[str, Any]] = []
    begun: list[Scope] = []
    if scopes:
        draft.places.add_item((part.each,), scopes[0].title)
    for scope in scopes:
        path = (part.each, len(items))
        known = filled(scope)
        tried = _Draft()
        item = _read(known.scope, 0, path, known.kept, tried)
        if _begun(item, part):
            draft.places.add_item(path, scope.title)
            draft.begin(known, path)
            draft.places.add_block(path, 0)
            draft.take(tried)
            draft.remarks += remarks_on_unseen(scope, known.kept)
            items.append(item)
            begun.append(scope)
        else:  # the path is that of the next item
            at = partial(scope.layout.place, own=scope.title, kept=known.kept)
            draft.remarks += (remark._replace(path=(), place=at(remark.path[2:])) for remark in tried.remarks)
    return items, begun


def _begun(item: Mapping[str, Any], part: SheetPart) -> bool:
    """Whether somebody typed something into the sheet of an item: more than a blank one holds and computes."""
    if any(names not in part.filled for names in names_in(item)):
        return True
    return any(item.get(key, rows) != rows for key, rows in part.preset.items())


def _read(scope: Scope, block: int, path: FieldPath, kept: Kept, draft: _Draft) -> dict[str, Any]:
    """Return what stands in the cells of one sheet of the form, nested as their paths below `path` say."""
    values: dict[str, Any] = {}
    fields, lists = scope.layout.blocks[block]
    for field, title, spot in fields:
        cell = scope.sheets[title].cells.get(spot)
        if cell is None:
            continue
        value = field.read(cell) if cell.kind in _SOUND else None  # as `_value` does
        if value is None:
            value = _value(cell, field, (*path, *field.tail), draft)
        if value is not None:
            _nest(values, field.tail, value)
    for standing in lists:
        tail = standing.rows.tail
        if items := _read_rows(scope, standing, (*path, *tail), kept[standing.number], draft):
            _nest(values, tail, items)
    return values


def _nest(values: dict[Any, Any], path: FieldPath, value: Any) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value


def _read_rows(scope: Scope, standing: Standing, path: FieldPath, kept: Sequence[int], draft: _Draft) -> list[Any]:
    if standing.rows.plain:
        column, title, top, left = standing.columns[0]
        cells = (scope.sheets[title].cells.get((top + offset, left)) for offset in kept)
        return [(cell and _value(cell, column, (*path, index), draft)) or "" for index, cell in enumerate(cells)]
    columns = [
        (column, column.key, column.read, column.follows, scope.sheets[title].cells.get, top, left)
        for column, title, top, left in standing.columns
    ]
    followers = [column for column, *_ in columns if column.follows]
    followed = {column.key for column in followers}
    items: list[Any] = []
    for offset in kept:
        item: dict[str, Any] = {}
        failed: list[tuple[Input, Cell]] = []
        for column, key, read, follows, found, top, left in columns:
            cell = found((top + offset, left))
            if cell is None or (follows and (cell.value is None or not str(cell.value).strip())):
                continue
            if follows and cell.kind in FAILED:
                failed.append((column, cell))
                continue
            value = read(cell) if cell.kind in _SOUND else None  # as `_value` does
            if value is None:
                value = _value(cell, column, (*path, len(items), key), draft)
            if value is not None:
                item[key] = value
        _say_once(item, standing, (*path, len(items)), draft)
        if not item.keys() >= followed:
            item = _with_followers(item, followers, standing.columns)
            for column, cell in failed:
                # What follows from the row needs no formula; the sheet of lists may be gone.
                if column.key not in item and (value := _value(cell, column, (*path, len(items), column.key), draft)):
                    item[column.key] = value
        items.append(item)
    return items


def _say_once(item: dict[str, Any], standing: Standing, path: FieldPath, draft: _Draft) -> None:
    """Take out of the cells of a row what stands in those beside them as well, with a trace.

    That is the sign and the unit in a figure, and sign, figure and unit in the cells of sign and unit.
    """
    if standing.rows.figures:
        for key, alone in ((SIGN_CELL, sign_alone(item)), (UNIT_CELL, unit_alone(item))):
            if alone is not None:
                column = next(column for column in standing.rows.columns if column.key == key)
                _trace((*path, key), column, Understood(alone, item[key]), draft)
                item[key] = alone
    for column in standing.rows.figures:
        value = item.get(column.key)
        if type(value) is not str:
            continue
        sign = str(item.get(SIGN_CELL, "")) if column.key == TARGET else ""
        found = settled(value, sign, str(item.get(UNIT_CELL, "")))
        if found is not None and (column.key == TARGET or type(found) is not str):
            if (*path, column.key) in draft.fractions:
                draft.rescaled = True
                found = found if isinstance(found, str) else shortest(found)
            item[column.key] = found
            _trace((*path, column.key), column, Understood(found, value), draft)


def _trace(path: FieldPath, asked: Input, understood: Understood, draft: _Draft) -> None:
    draft.traces.append(Trace(path, str(understood.raw), understood.value))
    value = f"{understood.value:f}%" if asked.field.format == "percent" else understood.value
    words = {"label": asked.field.label, "raw": visible_blanks(str(understood.raw)) or "［空白］", "value": value}
    draft.remarks.append(Remark("V07", path, words))


def _with_followers(item: dict[str, Any], followers: Sequence[Input], columns: Sequence[ListColumn]) -> dict[str, Any]:
    """Return the row with what the sheet's own formulas show: some programs save workbooks without calculating."""
    for column in followers:
        if column.key not in item and column.follows is not None:
            groups: Mapping[str, Sequence[str]] = column.follows["groups"]
            value = item.get(column.follows["field"])
            followed = next((group for group, members in groups.items() if value in members), None)
            if followed:
                item[column.key] = followed
    keys = (column.input.key for column in columns)
    return {key: item[key] for key in keys if key in item}


def _value(cell: Cell, asked: Input, path: FieldPath, draft: _Draft) -> Any:
    """Return what a cell says, or None; whatever is to be remarked goes into the draft."""
    if cell.kind in _SOUND and (value := asked.read(cell)) is not None:
        return value
    if asked.formula and cell.kind in ("uncached", "error"):
        return None  # whatever the sheet cannot compute is for the checks to compute, and to say why not
    label = asked.field.label
    if trouble := _trouble(cell, asked):
        content = "" if cell.value is None else shown(cell.value, cell.number_format)
        draft.remarks.append(Remark(trouble, path, {"label": label, "value": content}))
        if trouble != "T10":
            return None
    if type(cell.value) is str and is_blank(cell.value):
        return None
    understood = understand_seen(cell, asked.field)
    if found := doubt(cell, asked.field, understood and understood.value):
        draft.remarks.append(Remark(found[0], path, found[1]))
    if understood is None:
        return None
    if isinstance(understood.value, str) and isinstance(cell.value, (int, float)):
        draft.fractions.add(path)
    if guess := date_guess(cell):
        draft.dates[path] = guess
    if understood.raw is not None:
        _trace(path, asked, understood, draft)
    if isinstance(understood.value, str) and _UNPRINTABLE.search(understood.value):
        visible = _UNPRINTABLE.sub("□", understood.value)
        draft.remarks.append(Remark("V08", path, {"label": label, "value": visible}))
    return understood.value


def _trouble(cell: Cell, asked: Input) -> str | None:
    """Return the code of what makes a cell unreadable, or doubtful in the case of a link to another workbook."""
    if is_unshown(cell, asked.field):
        return "V13"
    if cell.kind == "error":
        return "T09"
    if cell.kind == "picture":
        return "T18"
    if cell.kind == "uncached" or (cell.kind == "external" and cell.value is None):
        return "T08"
    if cell.kind == "external":
        return "T10"
    is_number = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
    if asked.field.format == "code" and is_number and len(displayed(cell)) > _EXACT_DIGITS:
        return "T13"
    return None
