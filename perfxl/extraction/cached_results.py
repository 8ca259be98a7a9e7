"""Results that the formulas of a form have left in its cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from perfxl.model.addresses import Range
from perfxl.model.record import FieldPath, Place, leaves, names_only
from perfxl.report_type.model import ReportType
from perfxl.workbook.cells import Cells


def results(
    values: Mapping[str, Any], cells: Cells, report_type: ReportType, places: Mapping[FieldPath, Place]
) -> frozenset[FieldPath]:
    """Return the paths of those `values` that formulas of the form gave; what was typed over a formula is none."""
    computed = {field.path for sheet in report_type.sheets for field in sheet.inputs() if field.formula}
    sheets = {sheet.title: sheet.cells for sheet in cells.sheets}

    def is_result(place: Place | None) -> bool:
        if place is None or not place.cell:
            return False
        at = Range.parse(place.cell)
        cell = sheets[place.sheet].get((at.top, at.left))
        return cell is not None and cell.kind == "formula"

    found = (path for path, _ in leaves(values) if names_only(path) in computed)
    return frozenset(path for path in found if is_result(places.get(path)))
