"""Results that a form came with, before any program computed its formulas: for previews, nothing that is read."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.extraction.rows_of_items import Shown, is_own
from perfxl.model.addresses import Range
from perfxl.report_type.model import ReportType
from perfxl.workbook.cells import Cell, Cells, SheetCells
from perfxl.workbook.reading.defined_names import under_names


def without_provisional_results(cells: Cells, report_type: ReportType, shown: Shown) -> Cells:
    """Return `cells` with the form's own formulas as ones without results, where no program has computed them yet.

    What follows from what was typed is absent then, as in the data that the form was filled from. A row of a list in
    which a formula gives what is not `shown` of any item holds formulas of somebody's own, and keeps its results.
    """
    if not cells.awaits_calculation:
        return cells
    names = {field.name for sheet in report_type.sheets for field in sheet.inputs() if field.formula}
    if not names:
        return cells
    return cells._replace(
        sheets=tuple(_plain(sheet, dict(_places(sheet, cells, names)), shown) for sheet in cells.sheets)
    )


def _places(sheet: SheetCells, cells: Cells, names: set[str]) -> Iterator[tuple[str, Range]]:
    wanted = sorted(names)
    for name, own, known in zip(
        wanted, under_names(sheet.names, wanted), under_names(cells.names, wanted), strict=True
    ):
        if own is not None:
            yield name, own
        elif known is not None and known[0] == sheet.title:
            yield name, known[1]


def _plain(sheet: SheetCells, places: dict[str, Range], shown: Shown) -> SheetCells:
    changed = dict(sheet.cells)
    own = {
        (_list(name), row)
        for name in places.keys() & shown.keys()
        for (row, _), cell in _formulas(sheet, places[name])
        if is_own(cell.value, name, shown)
    }
    for name, at in places.items():
        for (row, column), cell in _formulas(sheet, at):
            if (_list(name), row) not in own:
                changed[row, column] = Cell(None, cell.number_format, "uncached")
    return sheet._replace(cells=changed)


def _list(name: str) -> str:
    return name.rpartition(".")[0]


def _formulas(sheet: SheetCells, at: Range) -> Iterator[tuple[tuple[int, int], Cell]]:
    for row in range(at.top, at.bottom + 1):
        for column in range(at.left, at.right + 1):
            cell = sheet.cells.get((row, column))
            if cell is not None and cell.kind == "formula":
                yield (row, column), cell
