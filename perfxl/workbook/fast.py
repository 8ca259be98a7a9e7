"""The fast reader: gives the cells that the careful one gives, or nothing where it is not sure to.

A workbook of ten projects takes 6 ms instead of the careful reader's 55 (`bench/reading.py`), and openpyxl need not be
imported, which takes 100. Only parts that say something about cells are looked at. All that is in the cells, strings
and names has to be accounted for: what this module and its neighbours do not know is `Unusual`, and the careful reader
decides. The one thing that passes here and not there is a fault in what has nothing to do with cells: openpyxl refuses
the whole workbook for an attribute of a font or a window that it does not know.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zipfile import BadZipFile

from perfxl.workbook.archive import Archive
from perfxl.workbook.cells import Cells, SheetCells
from perfxl.workbook.markup import Element, Unusual, elements, known
from perfxl.workbook.names import cells_of, declaration, declares, is_peoples, reference
from perfxl.workbook.serial import BUILT_IN, SINCE_1900, SINCE_1904
from perfxl.workbook.sheet_xml import SheetParser
from perfxl.workbook.strings_xml import shared_strings

_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHARED_STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_WORKBOOKS = frozenset(
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "application/vnd.ms-excel.template.macroEnabled.main+xml",
    )
)
_WORKBOOK = "xl/workbook.xml"
_PROPERTIES = "docProps/custom.xml"
# What is looked at, and the attributes that it may have: openpyxl refuses others, and what a misspelt one was to say is
# unknown.
_PACKAGE = known(
    Override="PartName ContentType",
    Relationship="Id Type Target TargetMode",
)
_BOOK = known(
    workbookPr="date1904 dateCompatibility showObjects showBorderUnselectedTables filterPrivacy promptedSolutions"
    " showInkAnnotation backupFile saveExternalLinkValues updateLinks codeName hidePivotFieldList showPivotChartFilter"
    " allowRefreshQuery publishItems checkCompatibility autoCompressPictures refreshAllConnections defaultThemeVersion",
    sheet="name sheetId state id",
    definedName="name comment customMenu description help statusBar localSheetId hidden function vbProcedure xlm"
    " functionGroupId shortcutKey publishToServer workbookParameter",
    externalReference="id",
)
_STYLES = known(
    numFmt="numFmtId formatCode",
    xf="numFmtId fontId fillId borderId xfId quotePrefix pivotButton applyNumberFormat applyFont applyFill applyBorder"
    " applyAlignment applyProtection",
    numFmts="count",
    cellStyleXfs="count",
    cellXfs="count",
    dxfs="count",
)
_FIRST_CUSTOM = 164
_BAD_IN_TITLE = frozenset("\\*?:/[]")
_LONGEST_TITLE = 31
_LONGEST_STYLES = 200_000


@dataclass
class _Workbook:
    """What `workbook.xml` says: titles and parts of the sheets, names of the workbook and of each sheet by number."""

    sheets: Sequence[tuple[str, str]]
    names: Mapping[str, str]
    sheet_names: Sequence[Mapping[str, str]]
    epoch: datetime


def read_fast(data: bytes) -> Cells | None:
    """Return the cells of the workbook `data`, or None where the careful reader has to look, damage included."""
    try:
        return _read(Archive(data))
    except (Unusual, BadZipFile, ValueError, LookupError, NotImplementedError):
        return None


def _read(archive: Archive) -> Cells:
    strings_part = _strings_part(archive)
    workbook = _workbook(archive)
    if not declares(workbook.names) and _PROPERTIES in archive:
        properties = archive.part(_PROPERTIES)
        if b"perfxl." in properties or b"\0" in properties:  # NUL: two bytes a character
            raise Unusual("the type or the version is in the properties alone")
    type_id, version = declaration(workbook.names, {})
    strings = shared_strings(archive.part(strings_part)) if strings_part else []
    styles = archive.part("xl/styles.xml")
    formats = _number_formats(styles) if len(styles) < _LONGEST_STYLES else _number_formats.__wrapped__(styles)
    parser = SheetParser(strings, formats, workbook.epoch)
    return Cells(
        type_id=type_id,
        version=version,
        sheets=tuple(
            SheetCells(title, parser.cells(archive.part(part)), cells_of(title, names))
            for (title, part), names in zip(workbook.sheets, workbook.sheet_names, strict=True)
        ),
        names={name: reference(text) for name, text in workbook.names.items()},
    )


def _strings_part(archive: Archive) -> str:
    """Return where the shared strings are; empty where there are none."""
    overrides = elements(archive.part("[Content_Types].xml"), "Types", _PACKAGE, _CONTENT_TYPES)
    parts = [(given["ContentType"], given["PartName"].lstrip("/")) for _, given, _ in overrides]
    if [part for kind, part in parts if kind in _WORKBOOKS] != [_WORKBOOK]:
        raise Unusual("the workbook is elsewhere")
    return next((part for kind, part in parts if kind == _SHARED_STRINGS), "")


def _workbook(archive: Archive) -> _Workbook:
    part = archive.part(_WORKBOOK)
    by_kind: dict[str, list[Element]] = {kind: [] for kind in _BOOK}
    for element in elements(part, "workbook", _BOOK):
        by_kind[element[0]].append(element)
    listed = part[part.find(b"<sheets>") : part.find(b"</sheets>")].count(b"<") - 1
    if by_kind["externalReference"] or len(by_kind["sheet"]) != listed:
        raise Unusual("links to other workbooks, or sheets in an unknown form")
    sheets = _sheets(archive, [attributes for _, attributes, _ in by_kind["sheet"]])
    names, sheet_names = _names(by_kind["definedName"], len(sheets))
    since = [attributes.get("date1904", "0") for _, attributes, _ in by_kind["workbookPr"]] or ["0"]
    if since[0] not in ("0", "false", "1", "true"):
        raise Unusual("an unknown first day")
    return _Workbook(sheets, names, sheet_names, SINCE_1904 if since[0] in ("1", "true") else SINCE_1900)


def _sheets(archive: Archive, listed: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    part = archive.part("xl/_rels/workbook.xml.rels")
    relationships = {given["Id"]: given for _, given, _ in elements(part, "Relationships", _PACKAGE, _RELATIONSHIPS)}
    sheets = []
    for sheet in listed:
        related = relationships[sheet[f"{_OFFICE} id"]]
        if related["Type"] != f"{_OFFICE}/worksheet" or "TargetMode" in related:
            raise Unusual("a sheet that has no cells")
        sheets.append((sheet["name"], posixpath.normpath(posixpath.join("/xl", related["Target"])).lstrip("/")))
    titles = [title for title, _ in sheets]
    if len({title.lower() for title in titles}) < len(titles) or not all(map(_is_title, titles)):
        raise Unusual("titles that Excel would not take")
    return sheets


def _is_title(title: str) -> bool:
    return 0 < len(title) <= _LONGEST_TITLE and _BAD_IN_TITLE.isdisjoint(title)


def _names(defined: Sequence[Element], sheets: int) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the names of the workbook, and those of each sheet, with what they stand for."""
    names: dict[str, str] = {}
    of_sheets: list[dict[str, str]] = [{} for _ in range(sheets)]
    for _, attributes, text in defined:
        name = attributes["name"]
        if not is_peoples(name):
            continue
        if "localSheetId" not in attributes:
            names[name] = "".join(text)
        elif (number := _natural(attributes["localSheetId"])) < sheets:
            of_sheets[number][name] = "".join(text)
    return names, of_sheets


def _natural(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise Unusual(f"no number: {text[:40]}")
    return int(text)


@lru_cache(maxsize=8)
def _number_formats(part: bytes) -> Sequence[str]:
    """Return the number format of each style that a cell may have. Programs write the same styles for one form."""
    custom: dict[int, str] = {}
    formats: list[str] = []
    section = ""
    # Differential formats hold numFmt as well, and named styles hold xf: what counts is what they are in.
    for name, attributes, _ in elements(part, "styleSheet", _STYLES):
        if name == "numFmt" and section == "numFmts":
            custom[_natural(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "xf" and section == "cellXfs":
            formats.append(_format(_natural(attributes.get("numFmtId", "0")), custom))
        elif name not in ("numFmt", "xf"):
            section = name
    if not formats:
        raise Unusual("no styles")
    return formats


def _format(number: int, custom: Mapping[int, str]) -> str:
    if number in custom:
        return custom[number]
    if number >= _FIRST_CUSTOM:
        raise Unusual("a number format that is not there")
    return BUILT_IN.get(number, BUILT_IN[0])
