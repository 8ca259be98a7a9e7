"""Where the inputs of a form stand in a workbook: worked out once for all sheets that have them in the same cells.

Forms are copied from one file, so the sheets of all projects of all units have their names in the same cells, until
somebody inserts a row.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from perfxl.computation.target_cells import SIGN_CELL, UNIT_CELL
from perfxl.extraction.cell_values import Reader, reader
from perfxl.model import addresses
from perfxl.model.addresses import Range
from perfxl.model.record import FieldPath, Place, names_only
from perfxl.report_type.model import Field, ReportType, Sheet

Spot = tuple[int, int]
"""A row and a column."""

Located = tuple[tuple[str, Range] | None, ...]
"""The title of the sheet, empty for the item's own, and the cells of each input of a part; None where it is gone."""

Crossings = tuple[tuple[Range, Sequence[Spot]], ...]
"""Merged cells with the spots of the inputs in them."""

_MOST_SPOTS = 50_000  # of whose meaning a note is kept
_MOST_CROSSINGS = 64  # sheets of one layout


class Input:
    """A field, with what the catalogue works out anew whenever it is asked. `read` knows its most common contents."""

    __slots__ = ("derived", "field", "follows", "formula", "key", "name", "read", "tail")

    def __init__(self, field: Field, depth: int) -> None:
        self.field = field
        self.name = field.name
        self.tail: FieldPath = field.path[depth:]
        self.key = field.path[-1]
        self.derived = field.derived
        self.formula = bool(field.formula)
        self.follows: Mapping[str, Any] | None = field.schema.get("x-follows")
        self.read: Reader = reader(field)


class ListRows(NamedTuple):
    """A list of rows: its path below that of its part, whether it holds plain values, and its columns.

    `figures` are those columns whose number has its sign and its unit in cells of their own in the row.
    """

    tail: FieldPath
    plain: bool
    columns: tuple[Input, ...]
    figures: tuple[Input, ...] = ()


def _list_rows(tail: FieldPath, plain: bool, columns: Sequence[Input]) -> ListRows:
    keys = {column.key for column in columns}
    figures = [column for column in columns if {"number", "string"} <= set(column.field.types)]
    return ListRows(tail, plain, tuple(columns), tuple(figures) if keys & {SIGN_CELL, UNIT_CELL} else ())


class SheetPart:
    """What a report has once, or what every item of `each` has: of each sheet the single inputs and the lists.

    `texts` are those of the form around them, `plain_texts` the same without blanks, and `numbered` the columns in
    which it has numbers of rows. `preset` is what a blank sheet of an item holds, and `filled` are the paths below the
    item of that and of what it computes.
    """

    def __init__(self, each: str, sheets: Sequence[Sheet]) -> None:
        depth = 1 if each else 0
        self.each = each
        self.sheets = tuple(sheets)
        self.blocks: list[tuple[list[Input], list[ListRows]]] = []
        for sheet in sheets:
            lists = [
                _list_rows(rows.path[depth:], rows.plain, [Input(column, depth) for column in rows.columns])
                for rows in sheet.lists
            ]
            self.blocks.append(([Input(field, depth) for field in sheet.fields], lists))
        self.inputs = [
            each_input
            for fields, lists in self.blocks
            for each_input in (*fields, *(column for rows in lists for column in rows.columns))
        ]
        self.names = tuple(each_input.name for each_input in self.inputs)
        captions = (caption.text for sheet in sheets for caption in sheet.captions)
        self.texts = frozenset((*captions, *(each_input.field.label for each_input in self.inputs)))
        self.plain_texts = frozenset(map(plain, self.texts))
        letters = {rows.number_column for sheet in sheets for rows in sheet.lists if rows.number_column}
        self.numbered = frozenset(map(addresses.column_number, letters))
        self.preset: dict[str, Any] = sheets[0].preset if each else {}
        derived = (each_input.tail for fields, _ in self.blocks for each_input in fields if each_input.derived)
        self.filled = frozenset((*derived, *names_in(self.preset)))
        self._kept = lru_cache(maxsize=128)(self._layout)

    def layout(self, located: Located, spots: Mapping[str, Collection[Spot]]) -> "FormLayout":
        """Return what is known of inputs that stand where `located` says; `spots` are those in use, by sheet."""
        return self._kept(located) or FormLayout(self, located, spots)

    def _layout(self, located: Located) -> "FormLayout | None":
        cells = (at for _, at in filter(None, located))
        size = sum((at.bottom - at.top + 1) * (at.right - at.left + 1) for at in cells)
        return FormLayout(self, located, None) if size <= _MOST_SPOTS else None


class ListColumn(NamedTuple):
    """A column of rows where it stands: the title of its sheet, its first row, and its column there."""

    input: Input
    title: str
    top: int
    left: int


class Standing(NamedTuple):
    """A list of rows where it stands: those of its columns that are there, and the cell that people fill in first.

    `number` is that of the list among those of its part.
    """

    number: int
    rows: ListRows
    columns: tuple[ListColumn, ...]
    title: str
    first: str


class Grid:
    """The inputs on one sheet: labels that have to stand there, all their spots, and what those of rows are.

    `rows` has, for each spot, the number of the list, that of the row from the first one on, and the column; `lists`
    the cells of each column of a list.
    """

    __slots__ = ("inside", "labels", "lists", "rows")

    def __init__(self) -> None:
        self.labels: set[str] = set()
        self.lists: list[Range] = []
        self.inside: set[Spot] = set()
        self.rows: dict[Spot, list[tuple[int, int, Input]]] = {}


class FormLayout:
    """Where the inputs of a part stand. The columns of a list that share rows begin in the same one.

    `blocks` has, for each sheet of the form, the single inputs and the lists; `grids` what is on each sheet of the
    workbook; `found` every input with its sheet and cells, and `gone` the names of those that are nowhere.
    """

    def __init__(self, part: SheetPart, located: Located, spots: Mapping[str, Collection[Spot]] | None) -> None:
        found = {each: at for each, at in zip(part.inputs, located, strict=True) if at is not None}
        self.found = [(each, title, at) for each, (title, at) in found.items()]
        self.gone = frozenset(each.name for each in part.inputs if each not in found)
        self.blocks: list[tuple[list[tuple[Input, str, Spot]], list[Standing]]] = []
        self.grids: dict[str, Grid] = {}
        self._fields: dict[FieldPath, tuple[str, Spot]] = {}
        self._lists: dict[FieldPath, int] = {}
        self._columns: dict[FieldPath, tuple[int, int, str, int, int]] = {}
        self.standing: list[Standing] = []
        self._crossings: dict[tuple[str, tuple[Range, ...]], Crossings] = {}
        for each, (title, at) in found.items():
            grid = self.grids.setdefault(title, Grid())
            if each.field.label_at is not None:
                grid.labels.add(each.field.label)
            grid.inside.update(_spots(at, None if spots is None else spots[title]))
        for fields, lists in part.blocks:
            placed = [(each, *found[each]) for each in fields if each in found]
            single = [(each, title, (at.top, at.left)) for each, title, at in placed]
            self._fields.update((each.tail, (title, spot)) for each, title, spot in single)
            standing = [self._stand(rows, found, spots) for rows in lists if not found.keys().isdisjoint(rows.columns)]
            self.blocks.append((single, standing))

    def _stand(
        self, rows: ListRows, found: Mapping[Input, tuple[str, Range]], spots: Mapping[str, Collection[Spot]] | None
    ) -> Standing:
        number = self._lists[rows.tail] = len(self.standing)
        columns = [(column, *found[column]) for column in rows.columns if column in found]
        for column, title, at in columns:
            below = () if rows.plain else (column.key,)
            self._columns[(*rows.tail, *below)] = number, len(rows.tail), title, at.top, at.left
            self.grids[title].lists.append(at)
            for row, _ in _spots(Range(at.top, at.left, at.bottom, at.left), None if spots is None else spots[title]):
                hits = self.grids[title].rows.setdefault((row, at.left), [])
                hits.append((number, row - at.top, column))
        _, title, at = next((each for each in columns if not each[0].derived), columns[0])
        placed = tuple(ListColumn(column, title, at.top, at.left) for column, title, at in columns)
        self.standing.append(Standing(number, rows, placed, title, at.first))
        return self.standing[-1]

    def crossings(self, title: str, merged: tuple[Range, ...]) -> Crossings:
        """Return those of the `merged` cells of a sheet that hide or hold several inputs, with the spots of these."""
        key = title, merged
        if (found := self._crossings.get(key)) is None:
            grid = self.grids[title]
            inputs = {spot for fields, _ in self.blocks for _, on, spot in fields if on == title}.union(grid.rows)
            every = [(at, _inside(at, inputs)) for at in merged]
            found = tuple((at, spots) for at, spots in every if spots and spots != [(at.top, at.left)])
            if len(self._crossings) < _MOST_CROSSINGS:
                self._crossings[key] = found
        return found

    def place(self, path: FieldPath, own: str, kept: Sequence[Sequence[int]]) -> Place | None:
        """Return the cell of what `path` leads to in the part, or None.

        `own` is the title of the item's sheet, `kept` the numbers of the rows of each list that hold something.
        """
        if (field := self._fields.get(path)) is not None:
            title, (row, column) = field
        elif (number := self._lists.get(path)) is not None:
            standing = self.standing[number]
            return Place(standing.title or own, standing.first)
        elif (at := self._columns.get(names_only(path))) is not None:
            number, depth, title, row, column = at
            index = path[depth] if len(path) > depth else None
            if not isinstance(index, int) or index >= len(kept[number]):
                return None
            row += kept[number][index]
        else:
            return None
        return Place(title or own, addresses.cell(row, column))

    def paths(self, block: int, kept: Sequence[Sequence[int]]) -> Iterator[FieldPath]:
        """Return the paths of all cells of a block that could hold something in a row that does."""
        fields, lists = self.blocks[block]
        for field, _, _ in fields:
            yield field.tail
        for standing in lists:
            tail = standing.rows.tail
            yield tail
            for index in range(len(kept[standing.number])):
                if standing.rows.plain:
                    yield (*tail, index)
                else:
                    yield from ((*tail, index, column.input.key) for column in standing.columns)


def names_in(value: Mapping[str, Any], here: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Return the path, without indices, of every value of an item that is neither object nor array."""
    for key, member in value.items():
        for each in member if isinstance(member, list) else (member,):
            if isinstance(each, Mapping):
                yield from names_in(each, (*here, key))
            else:
                yield (*here, key)


def plain(text: object) -> str:
    """Return a text without blanks, as texts of the form are compared."""
    return "".join(str(text).split())


def _inside(at: Range, spots: Collection[Spot]) -> list[Spot]:
    """Return those of `spots` that are in a range, in their order."""
    if (at.bottom - at.top + 1) * (at.right - at.left + 1) > len(spots):
        return sorted(filter(at.holds, spots))
    return [spot for spot in _spots(at, None) if spot in spots]


def _spots(at: Range, among: Collection[Spot] | None) -> Iterable[Spot]:
    """Return the spots in a range: all, or those `among` some."""
    if among is not None:
        return [spot for spot in among if at.holds(spot)]
    return [(row, column) for row in range(at.top, at.bottom + 1) for column in range(at.left, at.right + 1)]


@lru_cache(maxsize=16)
def parts(report_type: ReportType) -> tuple[SheetPart, Mapping[str, SheetPart]]:
    """Return what a report of this type has once, and what its items have, by the name of their sheet."""
    once = SheetPart("", [sheet for sheet in report_type.sheets if not sheet.each])
    return once, {sheet.name: SheetPart(sheet.each, [sheet]) for sheet in report_type.sheets if sheet.each}


class Places(Mapping[FieldPath, Place]):
    """The cells of a record, each worked out when somebody asks: only what is wrong has to be found again.

    `add` says where the inputs of an item stand, or of what there is once, whose path is empty.
    """

    def __init__(self) -> None:
        self._known: dict[FieldPath, Place] = {}
        self._items: list[FieldPath] = []
        self._layouts: dict[FieldPath, tuple[FormLayout, str, Sequence[Sequence[int]]]] = {}
        self._order: list[tuple[FieldPath, int]] = []
        self._seen: dict[Place, Place] = {}

    def see(self, instead: Mapping[Place, Place]) -> None:
        """Give the cells that people see in place of those that merged cells hide."""
        self._seen |= instead

    def add(self, path: FieldPath, layout: FormLayout, title: str, kept: Sequence[Sequence[int]]) -> None:
        """Add what stands as `layout` says; `title` and `kept` are as for `Layout.place`."""
        self._layouts[path] = layout, title, kept

    def add_item(self, path: FieldPath, title: str) -> None:
        """Add the place of an item, or of the list of all, which is a sheet."""
        self._known[path] = Place(title)
        self._items.append(path)

    def add_block(self, path: FieldPath, block: int) -> None:
        """Add the block whose turn it is, when all places are gone through."""
        self._order.append((path, block))

    def __getitem__(self, path: FieldPath) -> Place:
        place: Place | None = self.get(path)
        if place is None:
            raise KeyError(path)
        return place

    def get(self, path: FieldPath, default: Any = None, /) -> Any:
        """Return the cell of `path`, or `default`. Mapping's own would raise and catch an exception for most paths."""
        if (place := self._known.get(path)) is not None:
            return place
        known = self._layouts.get(path[:2])
        rest = path[2:]
        if known is None:
            known, rest = self._layouts[()], path
        layout, title, kept = known
        place = layout.place(rest, title, kept)
        if place is None:
            return default
        if self._seen:
            place = self._seen.get(place, place)
        self._known[path] = place
        return place

    def __iter__(self) -> Iterator[FieldPath]:
        for path, block in self._order:
            layout, _, kept = self._layouts[path]
            yield from ((*path, *tail) for tail in layout.paths(block, kept))
        yield from self._items

    def __len__(self) -> int:
        return sum(1 for _ in self)
