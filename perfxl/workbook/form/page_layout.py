"""Where everything of a form stands: report type + values → `FormSheet`s, without a thought to how a file is written.

Lists in rows are provided in advance. When data has more items than that, the list grows and everything below it
moves down; a `FormSheet` knows the addresses that result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from perfxl.model.addresses import Range, column_letters
from perfxl.report_type.model import Field, ReportType, RowList, Sheet

# What Excel takes for a defined name, and what it would mistake for a cell (`A1` and `R1C1` alike).
_NAME = re.compile(r"[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_.\u4e00-\u9fff]{0,254}")
_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*|[Cc][0-9]*|[Rr][0-9]*[Cc][0-9]*|true|false", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([a-z\u4e00-\u9fff][a-z0-9_.\u4e00-\u9fff]*)(\[\]|\[#\])?\}")
_STEP = re.compile(r"\{=([a-z\u4e00-\u9fff][a-z0-9_\u4e00-\u9fff]*)\}")
# Columns after the last one of a page that come before those of the steps: a narrow one, and two for its counts.
_BEFORE_STEPS = 3

# Rows left free under filled ones, and rows added when data does not fit into those provided.
_ROOM_SHOWN = 3
_ROOM_ADDED = 10


class FormFault(Exception):
    """The values, or the report type, cannot be written into a workbook: a fault of the caller, never of a clerk."""


@dataclass(frozen=True)
class PlacedField:
    """A single input where it stands on its page, with its value (`None` where blank)."""

    field: Field
    at: Range
    label_at: Range | None
    value: Any


@dataclass(frozen=True)
class PlacedColumn:
    """A column of a list: the cells of all rows provided, with the values of the first of them."""

    field: Field
    at: Range
    label_at: Range | None
    values: tuple[Any, ...]

    def cell(self, index: int) -> Range:
        """Return the cell of the row `index`, counted from 0."""
        return Range(self.at.top + index, self.at.left, self.at.top + index, self.at.right)


@dataclass(frozen=True)
class PlacedList:
    """A list where it stands on its page. `visible` of the `provided` rows are not hidden."""

    rows: RowList
    columns: tuple[PlacedColumn, ...]
    filled: int
    provided: int
    visible: int

    @property
    def top(self) -> int:
        return self.columns[0].at.top

    @property
    def bottom(self) -> int:
        return self.top + self.provided - 1


@dataclass(frozen=True)
class FormSheet:
    """A sheet of one workbook. `number` is 1, 2 … for the sheets of an `each` array and 0 for the others."""

    sheet: Sheet
    title: str
    code_name: str
    number: int
    fields: tuple[PlacedField, ...]
    lists: tuple[PlacedList, ...]

    def place(self, at: Range) -> Range:
        """Return where `at` stands once the lists above it have grown; what spans a list stretches with it."""
        top, bottom = at.top, at.bottom
        for placed in self.lists:
            extra = placed.provided - placed.rows.provided
            first, last = placed.rows.first_row, placed.rows.last_row
            top += extra if at.top > last else 0
            bottom += extra if at.bottom > last or (at.top <= first and at.bottom == last) else 0
        return Range(top, at.left, bottom, at.right)

    def inputs(self) -> Iterator[PlacedField | PlacedColumn]:
        """Return every input of the page: single cells first, then the columns of lists."""
        yield from self.fields
        for placed in self.lists:
            yield from placed.columns

    @property
    def last_column(self) -> int:
        return len(self.sheet.columns)

    @property
    def last_row(self) -> int:
        """The last row that holds anything of the report type."""
        rows = [self.place(caption.at).bottom for caption in self.sheet.captions]
        rows += [placed.at.bottom for placed in self.inputs()]
        return max(rows, default=1)

    def steps(self) -> list[tuple[PlacedColumn, str]]:
        """Return the steps of the formulas in lists, each with its column, in the order of their hidden columns."""
        columns = [column for placed in self.lists for column in placed.columns]
        return [(column, name) for column in columns for name in column.field.steps]

    def step(self, column: PlacedColumn, name: str, row: int) -> Range:
        """Return the cell of a step of the formulas of `column` in a row, counted from 0. Raises `FormFault`."""
        places = [(one.field.path, each) for one, each in self.steps()]
        if (column.field.path, name) not in places:
            raise FormFault(f"{self.sheet.name}: {column.field.name} has no step {name}")
        left = self.last_column + _BEFORE_STEPS + 1 + places.index((column.field.path, name))
        return Range(column.at.top + row, left, column.at.top + row, left)

    def width(self, at: Range) -> float:
        """Return the width of `at`, in characters."""
        return sum(self.sheet.columns[at.left - 1 : at.right])

    def reference(self, at: Range) -> str:
        """Return `at` as a formula on any sheet calls it: `'项目1'!$B$4`."""
        return f"{quoted(self.title)}!{absolute(at)}"


def quoted(title: str) -> str:
    """Return the name of a sheet as formulas write it."""
    return "'" + title.replace("'", "''") + "'"


def literal(text: str) -> str:
    """Return a text as formulas write it."""
    return '"' + text.replace('"', '""') + '"'


def absolute(at: Range) -> str:
    """Return `$B$4` or `$B$4:$C$8`."""
    first = f"${column_letters(at.left)}${at.top}"
    return first if at.single else f"{first}:${column_letters(at.right)}${at.bottom}"


def corner(at: Range) -> Range:
    """Return the upper left cell of `at`, which is where merged cells keep their value."""
    return Range(at.top, at.left, at.top, at.left)


def named(placed: PlacedField | PlacedColumn) -> Range:
    """Return the cells that the defined name of an input means: one cell, or one column of cells."""
    at = placed.at
    return Range(at.top, at.left, at.bottom, at.left) if isinstance(placed, PlacedColumn) else corner(at)


def pages(report_type: ReportType, values: Mapping[str, Any] | None, copies: int) -> tuple[FormSheet, ...]:
    """Return the pages of a workbook in their order, filled with `values` or blank.

    Raises `FormFault` where `values` hold something that no sheet has a place for.
    """
    data = report_type.preset if values is None else values
    _refuse_strangers(report_type, data)
    found: list[FormSheet] = []
    for sheet in report_type.sheets:
        items: list[Any] = list(_items(data.get(sheet.each), sheet.each)) if sheet.each else [data]
        if sheet.each:
            items += [sheet.preset] * (max(copies, 1) - len(items))
        for number, item in enumerate(items, 1):
            title = f"{sheet.name}{number}" if sheet.each else sheet.name
            local = item if sheet.each else data
            found.append(_page(sheet, title, f"Sheet{len(found) + 1}", number if sheet.each else 0, local))
    _check_titles(found)
    return tuple(found)


def fill_in(
    formula: str, here: FormSheet, book: tuple[FormSheet, ...], row: int = 0, beside: PlacedColumn | None = None
) -> str:
    """Return `formula` with its `{names}` replaced by addresses as seen from the page `here`.

    The formula of the column `beside` means, by names of its own list, the cells of its row (counted from 0), and by
    `{name[#]}` the cell on the sheet with the number of that row; where there is no such sheet, the formula is empty.
    `{=name}` is one of its own steps, in the same row. Raises `FormFault` for a name that stands neither on `here` nor
    on a sheet of which there is only one.
    """
    sheets = {page.number: page for page in book if page.number}
    if "[#]" in formula and row + 1 not in sheets:
        return ""

    def address(match: re.Match[str]) -> str:
        name, which = match[1], match[2]
        if which == "[#]":
            there = sheets[row + 1]
            return next(there.reference(named(placed)) for placed in there.inputs() if placed.field.name == name)
        for placed in here.inputs():
            if placed.field.name == name:
                own = isinstance(placed, PlacedColumn) and beside and placed.field.path[:-1] == beside.field.path[:-1]
                return absolute(placed.cell(row) if own and not which else named(placed))  # type: ignore[union-attr]
        for page in book:
            for placed in () if page.number else page.inputs():
                if placed.field.name == name:
                    return page.reference(named(placed))
        raise FormFault(f"{here.sheet.name}: no input {name} for the formula {formula}")

    if beside:
        formula = _STEP.sub(lambda found: absolute(here.step(beside, found[1], row)), formula)
    return _PLACEHOLDER.sub(address, formula)


def _page(sheet: Sheet, title: str, code_name: str, number: int, item: Mapping[str, Any]) -> FormSheet:
    depth = 1 if sheet.each else 0
    lists = tuple(_place_list(rows, _items(_value(item, rows.path[depth:]), rows.name)) for rows in sheet.lists)
    bare = FormSheet(sheet, title, code_name, number, (), lists)
    fields = tuple(
        PlacedField(
            field,
            bare.place(field.at),
            bare.place(field.label_at) if field.label_at else None,
            _value(item, field.path[depth:]),
        )
        for field in sheet.fields
    )
    for field in sheet.inputs():
        _check_name(field.name)
    moved = tuple(_move(placed, bare) for placed in lists)
    return FormSheet(sheet, title, code_name, number, fields, moved)


def _place_list(rows: RowList, items: tuple[Any, ...]) -> PlacedList:
    filled = len(items)
    provided = rows.provided if filled <= rows.provided else filled + _ROOM_ADDED
    visible = max(rows.shown, filled + _ROOM_SHOWN) if filled else rows.shown
    columns = tuple(
        PlacedColumn(
            column,
            Range(column.at.top, column.at.left, column.at.top + provided - 1, column.at.right),
            column.label_at,
            items if rows.plain else tuple(_value(item, column.path[-1:]) for item in items),
        )
        for column in rows.columns
    )
    return PlacedList(rows, columns, filled, provided, min(visible, provided))


def _move(placed: PlacedList, page: FormSheet) -> PlacedList:
    """Return `placed` moved down by what the lists above it have grown."""
    down = page.place(Range(placed.top, 1, placed.top, 1)).top - placed.top
    columns = tuple(
        PlacedColumn(
            column.field,
            Range(column.at.top + down, column.at.left, column.at.bottom + down, column.at.right),
            page.place(column.label_at) if column.label_at else None,
            column.values,
        )
        for column in placed.columns
    )
    return PlacedList(placed.rows, columns, placed.filled, placed.provided, placed.visible)


def _value(item: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if item is None:
            return None
        if not isinstance(item, Mapping):
            raise FormFault(f"{key}: expected in an object, found {type(item).__name__}")
        item = item.get(key)
    return item


def _items(value: Any, name: str) -> tuple[Any, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise FormFault(f"{name}: expected a list, found {type(value).__name__}")
    return tuple(value)


def _refuse_strangers(report_type: ReportType, data: Mapping[str, Any]) -> None:
    """Raise `FormFault` for a value that would be lost because no sheet asks for it."""
    known = {field.path for sheet in report_type.sheets for field in sheet.inputs()}
    known |= {(key,) for key in report_type.constants}
    for path in _leaves(data, ()):
        if path not in known:
            raise FormFault(f"{'.'.join(path)}: the form has no place for it")
    for key, constant in report_type.constants.items():
        if data.get(key, constant) != constant:
            raise FormFault(f"{key}: is {data[key]!r}, but the form is for {constant!r}")


def _leaves(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(node, Mapping):
        for key, member in node.items():
            yield from _leaves(member, (*path, str(key)))
    elif isinstance(node, list | tuple):
        for item in node:
            yield from _leaves(item, path)
    elif node is not None:
        yield path


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or _CELL.fullmatch(name):
        raise FormFault(f"{name}: Excel does not take this for a defined name")


def _check_titles(found: list[FormSheet]) -> None:
    titles = [page.title.casefold() for page in found]
    for page in found:
        if titles.count(page.title.casefold()) > 1 or len(page.title) > 31:
            raise FormFault(f"{page.title}: the name of a sheet must be unique and at most 31 characters long")
