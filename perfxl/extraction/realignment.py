"""Lists whose rows or cells people moved: read as they stand on the sheet, row by row.

The names of a list move along with its cells. A row that is inserted above the first one is outside all of them, and
cells that are pushed down in one column take the name of that column along; the people before the sheet see neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from perfxl.extraction.cell_map import Input, ListRows, Located, SheetPart, Spot, plain
from perfxl.model.addresses import Range
from perfxl.report_type.model import Sheet
from perfxl.workbook.cells import SheetCells


class Shifted(NamedTuple):
    """A column whose cells were pushed down or up: where they are now, and where those of another column are."""

    input: Input
    title: str
    at: Range
    others: Range


class Alignment(NamedTuple):
    """Where inputs stand when every list is one block of rows.

    `strays` are spots in such a block, by sheet, that hold a text of the form; `shifted` the columns that were moved.
    """

    located: Located
    strays: Mapping[str, frozenset[Spot]]
    shifted: tuple[Shifted, ...]


class _Home(NamedTuple):
    """Where a list stands in the form as it was made: the rows of its header and its first one, and the blank ones

    between the first row and whatever stands above it. `header` is 0 where the list has none.
    """

    rows: ListRows
    header: int
    top: int
    gap: int


def aligned(part: SheetPart, located: Located, sheets: Mapping[str, SheetCells]) -> Alignment:
    """Return where the inputs stand whose names lead to `located`, with the rows of each list made one block."""
    at = dict(zip(part.inputs, located, strict=True))
    moved = [home for home in _homes(part) if not _at_home(home, at, sheets)]
    if not moved:
        return Alignment(located, {}, ())
    strays: dict[str, set[Spot]] = {}
    shifted: list[Shifted] = []
    for home in moved:
        for title, columns in _together(home.rows, at):
            block = _block(home, columns, part, at, title, sheets[title])
            shifted += _shifted(columns, title)
            for each, place in columns.items():
                whole = Range(block.top, place.left, block.bottom, place.right)
                beyond = [row for row in range(whole.top, whole.bottom + 1) if not place.top <= row <= place.bottom]
                texts = {(row, place.left) for row in beyond if _is_of_form((row, place.left), sheets[title], part)}
                strays.setdefault(title, set()).update(texts)
                at[each] = title, whole
    found = tuple(at[each] for each in part.inputs)
    return Alignment(found, {title: frozenset(spots) for title, spots in strays.items()}, tuple(shifted))


def _at_home(home: _Home, at: Mapping[Input, tuple[str, Range] | None], sheets: Mapping[str, SheetCells]) -> bool:
    """Whether nothing can have moved: the columns stand side by side, with the header above them or where they were."""
    places = [place for column in home.rows.columns if (place := at[column]) is not None]
    if not places:
        return True
    title, (top, _, bottom, _) = places[0]
    if any(on != title or place.top != top or place.bottom != bottom for on, place in places):
        return False
    if not home.header:
        return top == home.top
    cells = sheets[title].cells
    above = top - home.top + home.header
    for column in home.rows.columns:
        place = at[column]
        if place is not None and (cell := cells.get((above, place[1].left))) and cell.value == column.field.label:
            return True
    return False


def _together(rows: ListRows, at: Mapping[Input, tuple[str, Range] | None]) -> Iterator[tuple[str, dict[Input, Range]]]:
    """Return the columns of a list that share rows, with their sheet: all of them, unless somebody redrew the form."""
    left = {column: place for column in rows.columns if (place := at[column]) is not None}
    while left:
        first = next(iter(left))
        title, (top, _, bottom, _) = left[first]
        group = {
            column: place
            for column, (on, place) in left.items()
            if on == title and place.top <= bottom and top <= place.bottom
        }
        yield title, group
        left = {column: place for column, place in left.items() if column not in group}


def _shifted(columns: Mapping[Input, Range], title: str) -> Iterator[Shifted]:
    """Return the columns that are not in the rows in which most of them are; of as many the upper ones stayed."""
    rows = Counter((place.top, place.bottom) for place in columns.values())
    usual = max(rows, key=lambda each: (rows[each], -each[0]))
    others = next(place for place in columns.values() if (place.top, place.bottom) == usual)
    for each, place in columns.items():
        if (place.top, place.bottom) != usual:
            yield Shifted(each, title, place, others)


def _block(
    home: _Home,
    columns: Mapping[Input, Range],
    part: SheetPart,
    at: Mapping[Input, tuple[str, Range] | None],
    title: str,
    sheet: SheetCells,
) -> Range:
    """Return the block of rows that holds the cells of all these columns, and rows inserted above the first one."""
    places = columns.values()
    top, bottom = min(place.top for place in places), max(place.bottom for place in places)
    left, right = min(place.left for place in places), max(place.right for place in places)
    others = [place[1] for other, place in at.items() if place and place[0] == title and other not in columns]
    row, is_header = top - 1, False
    while row > 0:
        is_header = any(_says((row, place.left), sheet, column.field.label) for column, place in columns.items())
        if is_header or _is_taken(row, Range(row, left, row, right), others, sheet, part):
            break
        row -= 1
    # Where the list had a header and none is found, nobody knows what stands above it.
    inserted = top - 1 - row - home.gap if is_header or not home.header else 0
    return Range(top - max(inserted, 0), left, bottom, right)


def _is_taken(row: int, at: Range, others: Sequence[Range], sheet: SheetCells, part: SheetPart) -> bool:
    """Whether a row belongs to something else: an input stands in these columns, or a text of the form anywhere."""
    if any(other.top <= row <= other.bottom and other.left <= at.right and at.left <= other.right for other in others):
        return True
    return any(_is_of_form((row, column), sheet, part) for column in range(1, at.right + 1))


def _is_of_form(spot: Spot, sheet: SheetCells, part: SheetPart) -> bool:
    cell = sheet.cells.get(spot)
    return cell is not None and cell.kind == "typed" and plain(cell.value) in part.plain_texts


def _says(spot: Spot, sheet: SheetCells, text: str) -> bool:
    cell = sheet.cells.get(spot)
    return cell is not None and plain(cell.value) == plain(text)


@lru_cache(maxsize=64)
def _homes(part: SheetPart) -> tuple[_Home, ...]:
    """Return where each list of a part stands in the form as it was made."""
    return tuple(
        _home(rows, sheet) for sheet, (_, lists) in zip(part.sheets, part.blocks, strict=True) for rows in lists
    )


def _home(rows: ListRows, sheet: Sheet) -> _Home:
    fields = [column.field for column in rows.columns]
    top = fields[0].at.top
    header = max((field.label_at.top for field in fields if field.label_at and field.label_at.top < top), default=0)
    above = [caption.at for caption in sheet.captions if caption.text]
    for field in sheet.inputs():
        above += [at for at in (field.label_at, field.at) if at is not None]
    for each in sheet.lists:
        above.append(Range(each.first_row, each.columns[0].at.left, each.last_row, each.columns[-1].at.right))
    nearest = max((min(at.bottom, top - 1) for at in above if at.top < top), default=0)
    return _Home(rows, header, top, top - 1 - nearest)
