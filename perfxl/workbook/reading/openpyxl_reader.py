"""The careful reader: what openpyxl understands of a workbook. The only module that knows openpyxl.

It takes the parts that say something about cells, and no others: openpyxl itself refuses whole workbooks for a print
title that was deleted, a filter or a drawing that it does not know.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._reader import FORMULA_TAG, MERGE_TAG, ROW_TAG, WorkSheetParser
from openpyxl.worksheet.merge import MergeCells
from openpyxl.xml.constants import ARC_STYLE, SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring, iterparse

from perfxl.model.addresses import Range
from perfxl.workbook.cells import Cell, Cells, SheetCells
from perfxl.workbook.number_formats.builtin import BUILT_IN
from perfxl.workbook.number_formats.codes import is_date
from perfxl.workbook.number_formats.shown import UNSHOWN
from perfxl.workbook.reading.date_serials import moment
from perfxl.workbook.reading.defined_names import cells_of, declaration, is_peoples, reference
from perfxl.workbook.reading.escapes import reaches_outside, shown

_LOG = logging.getLogger("perfxl")
_CHARTSHEET = "chartsheet"
_SHEET = f"{{{SHEET_MAIN_NS}}}worksheet"

Place = tuple[int, int]


def read_carefully(data: bytes) -> Cells | None:
    """Return the cells of the workbook `data`, or None where it is damaged."""
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it would lose on saving (extension lists, shapes); nothing is saved here.
            warnings.simplefilter("ignore")
            reader = _Reader(BytesIO(data), keep_links=False)
            with reader.archive:
                return reader.cells()
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parsers meet in a damaged file, KeyError included
        _LOG.debug("openpyxl cannot load the workbook", exc_info=True)
        return None


class _Reader(ExcelReader):
    """openpyxl's reader, with its own order of things."""

    def cells(self) -> Cells:
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        self.read_custom()
        self.formats = self._number_formats()
        parser: Any = self.parser  # its stubs miss what is needed here, as do the workbook's
        book: Any = self.wb
        names = {
            scope: {name: defined.value or "" for name, defined in of_scope.items() if is_peoples(name)}
            for scope, of_scope in parser.defined_names.by_sheet().items()
        }
        common = names.get("global", {})
        properties = {prop.name: prop.value for prop in book.custom_doc_props.props}
        type_id, version = declaration(common, properties)
        return Cells(
            type_id=type_id,
            version=version,
            sheets=tuple(
                SheetCells(title, self._sheet(part), cells_of(title, names.get(number, {})))
                for number, title, part in self._sheets()
            ),
            names={name: reference(text) for name, text in common.items()},
        )

    def read_strings(self) -> None:
        # openpyxl's own takes `_x005F_` for nothing, so that a typed `_x0041_` becomes `A`.
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName.lstrip("/")) as source:
            for _, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    text: Any = Text.from_tree(node)
                    self.shared_strings.append(text.content)
                    node.clear()

    def _number_formats(self) -> list[str]:
        """Return the number format of each style that a cell may have.

        openpyxl's own (3.1.5) takes a format of the file's own for the one that it knows by the same code, and knows
        none of those that a file names by a number above 49. Raises `KeyError` where there are no styles, which may be
        elsewhere.
        """
        node: Any = fromstring(self.archive.read(ARC_STYLE))
        inside = f"{{{SHEET_MAIN_NS}}}"
        custom = {
            int(each.get("numFmtId")): each.get("formatCode", "")
            for each in node.iterfind(f"{inside}numFmts/{inside}numFmt")
        }
        numbers = [int(each.get("numFmtId", "0")) for each in node.iterfind(f"{inside}cellXfs/{inside}xf")]
        return [custom[number] if number in custom else BUILT_IN.get(number, BUILT_IN[0]) for number in numbers]

    def _sheets(self) -> Iterator[tuple[int, str, str]]:
        """Return number, title and part of each sheet that has cells. A sheet without its part is a damaged file."""
        listed = list(self.parser.find_sheets())
        if len(listed) < len(self.parser.sheets):
            raise KeyError("a sheet that leads nowhere")
        for number, (sheet, related) in enumerate(listed):
            if related.target not in self.valid_files:
                raise KeyError(related.target)
            if _CHARTSHEET not in related.Type:
                # openpyxl refuses titles that Excel would not take, and tells doubles apart.
                yield number, self.wb.create_sheet(sheet.name).title, related.target

    def _sheet(self, part: str) -> dict[Place, Cell]:
        with self.archive.open(part) as source:
            return _ParsedSheet(source, self.wb.epoch, self.formats, self.shared_strings).cells()


class _ParsedSheet(WorkSheetParser):
    """Reads a formula together with the result that the file holds; openpyxl has to read the file twice for that."""

    def __init__(self, source: Any, epoch: datetime, formats: list[str], strings: list[str]) -> None:
        # Dates are told from other numbers by us, as the fast reader does it.
        super().__init__(source, strings, epoch=epoch, date_formats=set(), timedelta_formats=set())
        self._formats = formats
        self._shared: dict[str, str] = {}

    def cells(self) -> dict[Place, Cell]:
        found: dict[Place, Cell] = {}
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                found |= {raw["place"]: raw["cell"] for raw in self.parse_row(element)[1] if raw["cell"] is not None}
                element.clear()
            elif element.tag == MERGE_TAG:
                merges: Any = MergeCells.from_tree(element)
                for merged in merges.mergeCell:
                    _hide(found, Range.parse(merged.ref.upper()))
        if element.tag != _SHEET:  # in other words than openpyxl knows, all of which it would pass over
            raise ValueError(element.tag)
        return found

    def parse_cell(self, element: Any) -> dict[str, Any]:
        node = element.find(FORMULA_TAG)
        formula = None if node is None else self._formula(node)
        if node is not None:
            element.remove(node)  # what is left is read as a value
        raw = super().parse_cell(element)
        cell = self._cell(raw, formula)
        return {"place": (raw["row"], raw["column"]), "cell": cell}

    def _cell(self, raw: dict[str, Any], formula: str | None) -> Cell | None:
        value, is_error = raw["value"], raw["data_type"] == "e"
        if value is None and formula is None:
            return None
        number_format = self._formats[raw["style_id"]]
        if isinstance(value, str):
            value = shown(value)
        elif value is not None and raw["data_type"] == "n" and is_date(number_format):
            try:
                value = moment(value, number_format, self.epoch)
            except (ValueError, OverflowError):
                value, is_error = UNSHOWN, True
        if formula is not None and reaches_outside(formula):
            return Cell(value, number_format, "external")
        if value is None:
            return Cell(None, number_format, "uncached")
        if is_error:
            return Cell(value, number_format, "error")
        return Cell(value, number_format, "typed" if formula is None else "formula")

    def _formula(self, node: Any) -> str:
        text: str = node.text or ""
        if node.get("t") == "shared":
            return self._shared.setdefault(node.get("si"), text) or text
        return text


def _hide(cells: dict[Place, Cell], at: Range) -> None:
    """Drop what a merged range hides, as openpyxl does: nobody sees it in Excel."""
    if (at.bottom - at.top + 1) * (at.right - at.left + 1) < len(cells):
        area = [(row, column) for row in range(at.top, at.bottom + 1) for column in range(at.left, at.right + 1)]
    else:
        area = [place for place in cells if at.holds(place)]
    for place in area:
        if place != (at.top, at.left):
            cells.pop(place, None)
