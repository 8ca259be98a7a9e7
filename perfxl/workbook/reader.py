"""Reads a workbook: bytes → `Cells`. The only module that knows openpyxl."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterable, Mapping
from io import BytesIO
from zipfile import ZipFile

from openpyxl.cell.cell import Cell as SourceCell
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from perfxl.addresses import Range
from perfxl.remark import Remark
from perfxl.workbook.cells import Cell, Cells, Content, SheetCells
from perfxl.workbook.container import first_look

_LOG = logging.getLogger("perfxl")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s")
_EXTERNAL = re.compile(r"\[[^\]]+\][^!]*!")


class _Reader(ExcelReader):  # type: ignore[misc]  # its stubs leave the class untyped
    """openpyxl's reader, but for the strings: it takes `_x005F_` for nothing, so that a typed `_x0041_` becomes `A`."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName.lstrip("/")) as source:
            for _, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()


def _load(data: bytes, *, values: bool) -> Workbook:
    reader = _Reader(BytesIO(data), data_only=values)
    reader.read()
    return reader.wb


def read(data: bytes) -> Cells | Remark:
    """Return the cells of the workbook `data`, or the one remark that says why it cannot be read."""
    if (trouble := first_look(data)) is not None:
        return trouble
    try:
        with warnings.catch_warnings():
            # openpyxl warns of parts that it would lose on saving (extension lists, shapes); nothing is saved here.
            warnings.simplefilter("ignore")
            formulas = _load(data, values=False)
            values = _load(data, values=True)
            if len(formulas.sheetnames) != _declared_sheets(data):
                return Remark("F04")
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parsers meet in a damaged file, KeyError included
        _LOG.debug("openpyxl cannot load the workbook", exc_info=True)
        return Remark("F04")
    return _cells(formulas, values)


def _declared_sheets(data: bytes) -> int:
    """Return how many sheets the workbook says it has: openpyxl passes over those whose part is missing."""
    with ZipFile(BytesIO(data)) as archive:
        return len(_SHEET.findall(archive.read("xl/workbook.xml")))


def _cells(formulas: Workbook, values: Workbook) -> Cells:
    names = {name: _reference(defined) for name, defined in formulas.defined_names.items()}
    properties = {prop.name: prop.value for prop in formulas.custom_doc_props.props}  # type: ignore[attr-defined]  # missing in its stubs
    declared = _constant(formulas.defined_names, "perfxl.type") or str(properties.get("perfxl.type", ""))
    version = _constant(formulas.defined_names, "perfxl.version") or str(properties.get("perfxl.version", "0"))
    return Cells(
        type_id=declared,
        version=int(version) if version.isascii() and version.isdigit() else 0,
        sheets=tuple(_sheet(sheet, values[sheet.title]) for sheet in formulas.worksheets),
        names=names,
    )


def _constant(names: Mapping[str, DefinedName], name: str) -> str:
    """Return the constant that a name stands for: `="performance_plan"` or `=1`."""
    defined = names.get(name)
    return (defined.value or "").lstrip("=").strip('"') if defined else ""


def _reference(defined: DefinedName) -> tuple[str, Range] | None:
    """Return the sheet and the cells of a name, or None where they were deleted or it stands for something else."""
    found = _REFERENCE.fullmatch((defined.value or "").strip())
    if not found:
        return None
    quoted, plain, address = found.groups()
    return (quoted.replace("''", "'") if quoted else plain), Range.parse(address)


def _sheet(sheet: Worksheet, values: Worksheet) -> SheetCells:
    names: dict[str, Range | None] = {}
    for name, defined in sheet.defined_names.items():
        reference = _reference(defined)
        # A copy made by some programs keeps names that still point to the sheet it was copied from.
        names[name] = reference[1] if reference and reference[0] == sheet.title else None
    cells = {
        (source.row, source.column): cell
        for row in _rows(sheet)
        for source in row
        if (cell := _cell(source, values)) is not None
    }
    return SheetCells(sheet.title, cells, names)


def _rows(sheet: Worksheet) -> Iterable[Iterable[SourceCell]]:
    # `_cells` holds the cells that the file has, where iter_rows would make a million blank ones of one far below.
    return ((cell for cell in sheet._cells.values() if isinstance(cell, SourceCell)),)


def _cell(source: SourceCell, values: Worksheet) -> Cell | None:
    if source.value is None:
        return None
    if source.data_type == "e":
        return Cell(str(source.value), source.number_format, "error")
    if source.data_type != "f":
        return Cell(_content(source.value), source.number_format)
    cached = values.cell(source.row, source.column)
    # An array formula is an object with the text inside.
    text = str(getattr(source.value, "text", source.value))
    if _EXTERNAL.search(text):
        return Cell(_content(cached.value), source.number_format, "external")
    if cached.data_type == "e":
        return Cell(str(cached.value), source.number_format, "error")
    if cached.value is None:
        return Cell(None, source.number_format, "uncached")
    return Cell(_content(cached.value), source.number_format, "formula")


def _content(value: object) -> Content:
    """Return a value as people see it in the cell: openpyxl leaves `_x000D_` and rich text as they are in the file."""
    if isinstance(value, (bool, int, float)) or not isinstance(value, str):
        return value  # type: ignore[return-value]  # a date, a time or a duration: what openpyxl makes of numbers
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    return text.replace("\r\n", "\n").replace("\r", "\n")
