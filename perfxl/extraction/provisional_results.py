"""Results that a form came with, before any program computed its formulas: for previews, nothing that is read."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.model.addresses import Range
from perfxl.report_type.model import ReportType
from perfxl.workbook.cells import Cell, Cells, SheetCells


def without_provisional_results(cells: Cells, report_type: ReportType) -> Cells:
    """Return `cells` with the form's own formulas as ones without results, where no program has computed them yet.

    What follows from what was typed is absent then, as in the data that the form was filled from.
    """
    names = {field.name for sheet in report_type.sheets for field in sheet.inputs() if field.formula}
    if not cells.awaits_calculation or not names:
        return cells
    return cells._replace(sheets=tuple(_plain(sheet, list(_places(sheet, cells, names))) for sheet in cells.sheets))


def _places(sheet: SheetCells, cells: Cells, names: set[str]) -> Iterator[Range]:
    for name in names:
        if (own := sheet.names.get(name)) is not None:
            yield own
        known = cells.names.get(name)
        if known is not None and known[0] == sheet.title:
            yield known[1]


def _plain(sheet: SheetCells, places: list[Range]) -> SheetCells:
    changed = dict(sheet.cells)
    for at in places:
        for spot in ((row, column) for row in range(at.top, at.bottom + 1) for column in range(at.left, at.right + 1)):
            cell = changed.get(spot)
            if cell is not None and cell.kind == "formula":
                changed[spot] = Cell(None, cell.number_format, "uncached")
    return sheet._replace(cells=changed)
