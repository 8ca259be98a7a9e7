"""The fast reader: gives the cells that the careful one gives, or nothing where it is not sure to.

A workbook of ten projects takes 3 ms instead of the careful reader's 55 (`bench/reading.py`), and openpyxl need not be
imported, which takes 100. Only parts that say something about cells are looked at. All that is in the cells, strings
and names has to be accounted for: what this module and its neighbours do not know is `UnusualXml`, and the careful
reader decides. The one thing that passes here and not there is a fault in what has nothing to do with cells: openpyxl
refuses the whole workbook for an attribute of a font or a window that it does not know.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from perfxl.fast.workbook.archive import Archive
from perfxl.fast.workbook.defined_names_xml import names_in, parted
from perfxl.fast.workbook.shared_strings_xml import shared_strings
from perfxl.fast.workbook.sheet_xml import SheetParser
from perfxl.fast.workbook.xml_parts import Element, UnusualXml, elements, keeping, known
from perfxl.storage.zip_archive import Damaged
from perfxl.workbook.cells import Cells
from perfxl.workbook.number_formats.builtin import BUILT_IN
from perfxl.workbook.reading.budget import Excess, check_format, check_sheets
from perfxl.workbook.reading.calculation import awaits_calculation
from perfxl.workbook.reading.date_serials import SINCE_1900, SINCE_1904
from perfxl.workbook.reading.defined_names import Defined, declaration, declares, named, reference
from perfxl.workbook.reading.file_kind import first_look

_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATED = frozenset(("Id", "Type", "Target"))
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
    workbookView="visibility minimized showHorizontalScroll showVerticalScroll showSheetTabs xWindow yWindow"
    " windowWidth windowHeight tabRatio firstSheet activeTab autoFilterDateGrouping",
    definedName="name comment customMenu description help statusBar localSheetId hidden function vbProcedure xlm"
    " functionGroupId shortcutKey publishToServer workbookParameter",
    externalReference="id",
)
_OF_WINDOW = re.compile(r"-?[0-9]{1,9}|true|false|visible|hidden|veryHidden")
_STATES = {"visible": False, "hidden": True, "veryHidden": True}
_STYLES = known(
    numFmt="numFmtId formatCode",
    xf="numFmtId fontId fillId borderId xfId quotePrefix pivotButton applyNumberFormat applyFont applyFill applyBorder"
    " applyAlignment applyProtection",
    numFmts="count",
    cellStyleXfs="count",
    cellXfs="count",
    dxfs="count",
)
_NAMES_ALONE = re.compile(rb"<definedNames>(?:<definedName [^<>]*+(?:/>|>[^<]*+</definedName>))*+</definedNames>")
# What numFmts and cellXfs hold in the usual order of things, one style beside the other and none in another.
_FORMATS_ALONE = re.compile(rb"<numFmts[^<>]*+(?:(?<=/)>|>(?:<numFmt [^<>]*+(?<=/)>)*+</numFmts>)")
_STYLES_ALONE = re.compile(
    rb"<cellXfs[^<>]*+>(?:<xf[^<>]*+(?:(?<=/)>|>(?:<(?:alignment|protection)[^<>]*+(?<=/)>)*+</xf>))*+</cellXfs>"
)
_FIRST_CUSTOM = 164
_BAD_IN_TITLE = frozenset("\\*?:/[]")
_LONGEST_TITLE = 31


class _Outline(NamedTuple):
    """What `workbook.xml` says: the title of each sheet, its relationship and whether it is hidden; the first day.

    `defined` are the names outside the usual block.
    """

    sheets: tuple[tuple[str, str, bool], ...]
    defined: tuple[Defined, ...]
    epoch: datetime


def read_fast(data: bytes) -> Cells | None:
    """Return the cells of the workbook `data`, or None where the careful reader has to look, damage included."""
    if first_look(data) is not None:
        return None
    try:
        return _read(Archive(data))
    except (UnusualXml, Excess, Damaged, ValueError, LookupError):
        return None


def _read(archive: Archive) -> Cells:
    strings_part = _strings_part(archive.part("[Content_Types].xml"))
    part = archive.part(_WORKBOOK)
    rest, block = parted(part)
    outline = _outline(rest)
    sheets = _sheets(outline.sheets, _worksheets(archive.part("xl/_rels/workbook.xml.rels")))
    titles = tuple(title for title, _, _ in sheets)
    names = names_in(block, titles) if block and not outline.defined else None
    if names is None:
        names = named(_outline(part).defined, titles)
    if not declares(names.texts) and _PROPERTIES in archive:
        properties = archive.part(_PROPERTIES)
        if b"perfxl." in properties or b"\0" in properties:  # NUL: two bytes a character
            raise UnusualXml("the type or the version is in the properties alone")
    type_id, version = declaration(names.texts, {})
    strings = shared_strings(archive.part(strings_part)) if strings_part else []
    parser = SheetParser(strings, _number_formats(archive.part("xl/styles.xml")), outline.epoch)
    return Cells(
        type_id=type_id,
        version=version,
        sheets=tuple(
            parser.sheet(title, archive.part(part), own, hidden)
            for (title, part, hidden), own in zip(sheets, names.of_sheets, strict=True)
        ),
        names={name: reference(text) for name, text in names.texts.items()},
        awaits_calculation=awaits_calculation(part),
    )


@keeping(16)
def _strings_part(types: bytes) -> str:
    """Return where the shared strings are; empty where there are none."""
    overrides = elements(types, "Types", _PACKAGE, _CONTENT_TYPES)
    tags = types.count(b"<Override ") + types.count(b"<Default ") + types.count(b"<?") + len(("<Types>", "</Types>"))
    if tags != types.count(b"<") and b"\0" not in types:
        raise UnusualXml("types in an unknown form")
    parts = [(given["ContentType"], given["PartName"].lstrip("/")) for _, given, _ in overrides]
    if [part for kind, part in parts if kind in _WORKBOOKS] != [_WORKBOOK]:
        raise UnusualXml("the workbook is elsewhere")
    return next((part for kind, part in parts if kind == _SHARED_STRINGS), "")


@keeping(16)
def _outline(part: bytes) -> _Outline:
    by_kind: dict[str, list[Element]] = {kind: [] for kind in _BOOK}
    for element in elements(part, "workbook", _BOOK):
        by_kind[element[0]].append(element)
    listed = part[part.find(b"<sheets>") : part.find(b"</sheets>")].count(b"<") - 1
    if by_kind["externalReference"] or len(by_kind["sheet"]) != listed:
        raise UnusualXml("links to other workbooks, or sheets in an unknown form")
    since = [attributes.get("date1904", "0") for _, attributes, _ in by_kind["workbookPr"]] or ["0"]
    if since[0] not in ("0", "false", "1", "true"):
        raise UnusualXml("an unknown first day")
    if b"definedName " in part and not _NAMES_ALONE.search(part):
        raise UnusualXml("names in an unknown form")
    for _, given, _ in by_kind["sheet"]:
        _natural(given["sheetId"])
    _check_windows(attributes for _, attributes, _ in by_kind["workbookView"])
    defined = (
        (given["name"], str(_natural(given["localSheetId"])) if "localSheetId" in given else "", "".join(text))
        for _, given, text in by_kind["definedName"]
    )
    return _Outline(
        tuple(
            (given["name"], given[f"{_OFFICE} id"], _STATES[given.get("state", "visible")])
            for _, given, _ in by_kind["sheet"]
        ),
        tuple(defined),
        SINCE_1904 if since[0] in ("1", "true") else SINCE_1900,
    )


def _check_windows(windows: Iterable[Mapping[str, str]]) -> None:
    """Raise `UnusualXml` where a window has a setting that openpyxl refuses, and the workbook with it."""
    for given in windows:
        if not all(_OF_WINDOW.fullmatch(value) for name, value in given.items() if " " not in name):
            raise UnusualXml("a window with an unknown setting")


def _sheets(listed: Sequence[tuple[str, str, bool]], parts: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Return titles and parts of the sheets, and whether they are hidden, of their titles and relationships."""
    check_sheets(len(listed))
    sheets = [(title, parts[relationship], hidden) for title, relationship, hidden in listed]
    if not all(part for _, part, _ in sheets):
        raise UnusualXml("a sheet that has no cells")
    titles = [title for title, _, _ in sheets]
    if len(set(map(str.lower, titles))) < len(titles) or not all(map(_is_title, titles)):
        raise UnusualXml("titles that Excel would not take")
    return sheets


@keeping(16)
def _worksheets(relationships: bytes) -> Mapping[str, str]:
    """Return the part to which each relationship leads, by its id; empty for what is no worksheet."""
    related = elements(relationships, "Relationships", _PACKAGE, _RELATIONSHIPS)
    if not all(_RELATED.issubset(given) for _, given, _ in related):
        raise UnusualXml("a relationship that leads nowhere")
    return {
        given["Id"]: posixpath.normpath(posixpath.join("/xl", given["Target"])).lstrip("/")
        if given["Type"] == f"{_OFFICE}/worksheet" and "TargetMode" not in given
        else ""
        for _, given, _ in related
    }


def _is_title(title: str) -> bool:
    return 0 < len(title) <= _LONGEST_TITLE and _BAD_IN_TITLE.isdisjoint(title)


def _natural(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise UnusualXml(f"no number: {text[:40]}")
    return int(text)


@keeping(8)
def _number_formats(part: bytes) -> tuple[str, ...]:
    """Return the number format of each style that a cell may have. Programs write the same styles for one form."""
    custom: dict[int, str] = {}
    formats: list[str] = []
    section = ""
    if b"<strike" in part[part.find(b"<fonts") : part.find(b"</fonts>")]:
        raise UnusualXml("cells struck out")
    if part.count(b"<cellXfs") != 1 or not _STYLES_ALONE.search(part):
        raise UnusualXml("styles in an unknown form")
    if part.count(b"<numFmts") > 1 or (b"<numFmts" in part and not _FORMATS_ALONE.search(part)):
        raise UnusualXml("number formats in an unknown form")
    # Differential formats hold numFmt as well, and named styles hold xf: what counts is what they are in.
    for name, attributes, _ in elements(part, "styleSheet", _STYLES):
        if name == "numFmt" and section == "numFmts":
            check_format(attributes["formatCode"])
            custom[_natural(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "xf" and section == "cellXfs":
            formats.append(_format(_natural(attributes.get("numFmtId", "0")), custom))
        elif name not in ("numFmt", "xf"):
            section = name
    if not formats:
        raise UnusualXml("no styles")
    return tuple(formats)


def _format(number: int, custom: Mapping[int, str]) -> str:
    if number in custom:
        return custom[number]
    if number >= _FIRST_CUSTOM:
        raise UnusualXml("a number format that is not there")
    return BUILT_IN.get(number, BUILT_IN[0])
