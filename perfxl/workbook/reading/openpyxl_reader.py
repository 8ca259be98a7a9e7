"""The careful reader: what openpyxl understands of a workbook, of which no other module but for drawings knows.

It takes the parts that say something about cells, and no others: openpyxl itself refuses whole workbooks for a print
title that was deleted, a filter or a drawing that it does not know.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._reader import (
    COL_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    MERGE_TAG,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
)
from openpyxl.worksheet.merge import MergeCells
from openpyxl.xml.constants import ARC_STYLE, SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring, iterparse

from perfxl.model.addresses import Range
from perfxl.workbook.cells import Cell, Cells, Kind, SheetCells
from perfxl.workbook.number_formats.builtin import BUILT_IN
from perfxl.workbook.number_formats.codes import is_date
from perfxl.workbook.number_formats.shown import UNSHOWN
from perfxl.workbook.reading.budget import (
    MAX_MERGED,
    Budget,
    Excess,
    check_format,
    check_formula,
    check_merges,
    check_sheets,
)
from perfxl.workbook.reading.calculation import awaits_calculation
from perfxl.workbook.reading.date_serials import moment
from perfxl.workbook.reading.defined_names import cells_of, declaration, is_peoples, reference
from perfxl.workbook.reading.escapes import is_picture, kind_of_text, reaches_outside, shown
from perfxl.workbook.reading.rich_values import METADATA, pictures

_LOG = logging.getLogger("perfxl")
_CHARTSHEET = "chartsheet"
_SHEET = f"{{{SHEET_MAIN_NS}}}worksheet"

_TRUE = ("1", "true")
_NO_SIZE = re.compile(r"0(?:\.0*)?")

Place = tuple[int, int]
Runs = tuple[tuple[str, bool | None], ...]
"""The pieces of a text, and whether each is struck out; None where that is for the cell to say."""


def read_carefully(data: bytes) -> Cells | None:
    """Return the cells of the workbook `data`, or None where it is damaged.

    Raises `Excess` where it holds more than is read.
    """
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it would lose on saving (extension lists, shapes); nothing is saved here.
            warnings.simplefilter("ignore")
            reader = _Reader(BytesIO(data), keep_links=False)
            with reader.archive as archive:
                reader.archive = _Parts(archive)
                return reader.cells()
    except Excess:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parsers meet in a damaged file, KeyError included
        _LOG.debug("openpyxl cannot load the workbook", exc_info=True)
        return None


class _Parts:
    """The parts of an archive, as openpyxl asks for them; each is paid for before it is parsed."""

    def __init__(self, archive: Any) -> None:
        self._archive, self._budget = archive, Budget()
        self.namelist = archive.namelist

    def read(self, name: str) -> bytes:
        part: bytes = self._archive.read(name)
        return self._budget.spend(name, part)

    def open(self, name: str) -> BytesIO:
        return BytesIO(self.read(name))


class _Reader(ExcelReader):
    """openpyxl's reader, with its own order of things."""

    archive: Any

    def cells(self) -> Cells:
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        self.read_custom()
        self.formats, self.struck_styles = self._styles()
        self.pictures = pictures(self._part) if METADATA in self.valid_files else frozenset()
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
                self._sheet(part).cells(title, cells_of(title, names.get(number, {})), hidden)
                for number, title, hidden, part in self._sheets()
            ),
            names={name: reference(text) for name, text in common.items()},
            awaits_calculation=awaits_calculation(self.archive.read(parser.workbook_part_name)),
        )

    def read_strings(self) -> None:
        # openpyxl's own takes `_x005F_` for nothing, so that a typed `_x0041_` becomes `A`.
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        self.runs: dict[int, Runs] = {}
        if part is None:
            return
        with self.archive.open(part.PartName.lstrip("/")) as source:
            for _, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    text: Any = Text.from_tree(node)
                    if text.r:
                        self.runs[len(self.shared_strings)] = _runs(text)
                    self.shared_strings.append(text.content)
                    node.clear()

    def _part(self, name: str) -> bytes | None:
        return self.archive.read(name) if name in self.valid_files else None

    def _styles(self) -> tuple[list[str], set[int]]:
        """Return the number format of each style that a cell may have, and the styles that strike the cell out.

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
        for code in custom.values():
            check_format(code)
        strikes = (each.find(f"{inside}strike") for each in node.iterfind(f"{inside}fonts/{inside}font"))
        struck = [strike is not None and strike.get("val", "1") in _TRUE for strike in strikes]
        styles = list(node.iterfind(f"{inside}cellXfs/{inside}xf"))
        numbers = [int(each.get("numFmtId", "0")) for each in styles]
        formats = [custom[number] if number in custom else BUILT_IN.get(number, BUILT_IN[0]) for number in numbers]
        fonts = [int(each.get("fontId", "0")) for each in styles]
        return formats, {style for style, font in enumerate(fonts) if font < len(struck) and struck[font]}

    def _sheets(self) -> Iterator[tuple[int, str, bool, str]]:
        """Return of each sheet that has cells the number, the title, whether it is hidden, and its part.

        A sheet without its part is a damaged file.
        """
        check_sheets(len(self.parser.sheets))
        listed = list(self.parser.find_sheets())
        if len(listed) < len(self.parser.sheets):
            raise KeyError("a sheet that leads nowhere")
        for number, (sheet, related) in enumerate(listed):
            if related.target not in self.valid_files:
                raise KeyError(related.target)
            if _CHARTSHEET not in related.Type:
                # openpyxl refuses titles that Excel would not take, and tells doubles apart.
                hidden = sheet.state not in (None, "visible")
                yield number, self.wb.create_sheet(sheet.name).title, hidden, related.target

    def _sheet(self, part: str) -> _ParsedSheet:
        return _ParsedSheet(self.archive.open(part), self)


class _ParsedSheet(WorkSheetParser):
    """Reads a formula together with the result that the file holds; openpyxl has to read the file twice for that."""

    def __init__(self, source: Any, book: _Reader) -> None:
        # Dates are told from other numbers by us, as the fast reader does it.
        super().__init__(source, book.shared_strings, epoch=book.wb.epoch, date_formats=set(), timedelta_formats=set())
        self._formats = book.formats
        self._book = book
        self._shared: dict[str, str] = {}
        self._struck: dict[Place, str] = {}

    def cells(self, title: str, names: Mapping[str, Range | None], hidden: bool) -> SheetCells:
        """Return the sheet of that title, with what is known of it."""
        found: dict[Place, Cell] = {}
        rows: set[int] = set()
        columns: list[tuple[int, int]] = []
        merged: list[Range] = []
        source: Any = self.source
        with source:
            for _, element in iterparse(source):
                if element.tag == ROW_TAG:
                    cells = self.parse_row(element)[1]
                    found |= {raw["place"]: raw["cell"] for raw in cells if raw["cell"] is not None}
                    if _is_hidden(element, "ht"):
                        rows.add(self.row_counter)
                    element.clear()
                elif element.tag == COL_TAG and _is_hidden(element, "width"):
                    columns.append((int(element.get("min")), int(element.get("max"))))
                elif element.tag == MERGE_TAG:
                    merges: Any = MergeCells.from_tree(element)
                    merged += (Range.parse(each.ref.upper()) for each in merges.mergeCell)
        if element.tag != _SHEET:  # in other words than openpyxl knows, all of which it would pass over
            raise ValueError(element.tag)
        check_merges(len(merged))
        room = MAX_MERGED
        for at in merged:
            room -= _hide(found, at)
            if room < 0:
                raise Excess("合并单元格重叠，或者盖住的格子太多")
        struck = {place: words for place, words in self._struck.items() if place in found}
        return SheetCells(title, found, names, hidden, frozenset(rows), tuple(columns), tuple(merged), struck)

    def parse_cell(self, element: Any) -> dict[str, Any]:
        node = element.find(FORMULA_TAG)
        formula = None if node is None else self._formula(node)
        if node is not None:
            element.remove(node)  # what is left is read as a value
        runs = self._runs(element)
        raw = super().parse_cell(element)
        place = raw["row"], raw["column"]
        if element.get("t") == "e" and int(element.get("vm", "0")) in self._book.pictures:
            return {"place": place, "cell": Cell(None, self._formats[raw["style_id"]], "picture")}
        cell = self._cell(raw, formula)
        if cell is not None:
            self._strike(place, runs, raw["style_id"] in self._book.struck_styles)
        return {"place": place, "cell": cell}

    def _runs(self, element: Any) -> Runs:
        """Return the pieces of the text of a cell that has several."""
        kind = element.get("t")
        if kind == "s" and self._book.runs and (value := element.findtext(VALUE_TAG)):
            return self._book.runs.get(int(value), ())
        if kind == "inlineStr" and (node := element.find(INLINE_STRING)) is not None:
            return _runs(Text.from_tree(node))
        return ()

    def _strike(self, place: Place, runs: Runs, whole: bool) -> None:
        """Note what is struck out in a cell."""
        words = [text for text, struck in runs if text and (whole if struck is None else struck)]
        if (whole and not runs) or (words and len(words) == sum(1 for text, _ in runs if text)):
            self._struck[place] = ""
        elif words:
            self._struck[place] = shown("".join(words))

    def _cell(self, raw: dict[str, Any], formula: str | None) -> Cell | None:
        value, is_error = raw["value"], raw["data_type"] == "e"
        if value is None and formula is None:
            return None
        number_format = self._formats[raw["style_id"]]
        kind: Kind = "typed"
        if isinstance(value, str):
            value = shown(value)
            kind = kind_of_text(value)
        elif value is not None and raw["data_type"] == "n" and is_date(number_format):
            try:
                value = moment(value, number_format, self.epoch)
            except (ValueError, OverflowError):
                value, is_error = UNSHOWN, True
        return Cell(value, number_format, _kind(kind, formula, value is None, is_error))

    def _formula(self, node: Any) -> str:
        text: str = node.text or ""
        check_formula(text)
        if node.get("t") == "shared":
            return self._shared.setdefault(node.get("si"), text) or text
        return text


def _is_hidden(element: Any, size: str) -> bool:
    """Whether nobody sees a row or a column: it is hidden, or of no size."""
    return element.get("hidden") in _TRUE or _NO_SIZE.fullmatch(element.get(size, "")) is not None


def _kind(kind: Kind, formula: str | None, blank: bool, is_error: bool) -> Kind:
    """Return how a value came about that is of this `kind` by itself."""
    if formula is not None and is_picture(formula):
        return "picture"
    if formula is not None and reaches_outside(formula):
        return "external"
    if blank:
        return "uncached"
    if is_error:
        return "error"
    return "formula" if kind == "typed" and formula is not None else kind


def _runs(text: Any) -> Runs:
    """Return the pieces of a rich text. A piece without a font of its own looks as its cell does."""
    pieces: list[tuple[str, bool | None]] = [(text.t, None)] if text.t else []
    pieces += [(run.t or "", bool(run.rPr.strike) if run.rPr is not None else None) for run in text.r]
    return tuple(pieces)


def _hide(cells: dict[Place, Cell], at: Range) -> int:
    """Drop what a merged range hides, as openpyxl does: nobody sees it in Excel. Return how many places that took."""
    if (at.bottom - at.top + 1) * (at.right - at.left + 1) < len(cells):
        area = [(row, column) for row in range(at.top, at.bottom + 1) for column in range(at.left, at.right + 1)]
        looked = len(area)
    else:
        area = [place for place in cells if at.holds(place)]
        looked = len(cells)
    for place in area:
        if place != (at.top, at.left):
            cells.pop(place, None)
    return looked
