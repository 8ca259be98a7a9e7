"""A workbook's package as Excel takes it: parts by their relationships, whatever their names, and Strict Open XML.

Part names count without regard to case (ECMA-376 part 2, 6.2.2.3); some programs write backslashes; and the workbook,
its sheets, strings and styles are wherever relationships lead. openpyxl 3.1.5 looks for them in the usual places and in
the usual namespaces alone, so what it cannot read is packed anew in the usual form.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from perfxl.storage.zip_archive import Damaged, ZipArchive, write_parts
from perfxl.workbook.reading.budget import Budget

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
# Namespaces of Strict Open XML that say something about cells, and what the usual form calls them (ECMA-376 part 1,
# annex A, and part 4, annex A).
_STRICT = b"http://purl.oclc.org/ooxml/"
_USUAL = {
    _STRICT + b"spreadsheetml/main": _MAIN.encode(),
    _STRICT + b"officeDocument/relationships": _OFFICE.encode(),
    _STRICT + b"officeDocument/customProperties": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    ),
    _STRICT + b"officeDocument/docPropsVTypes": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
    ),
}
_DECLARING = re.compile(rb"<[^<>]*\sxmlns[^<>]*>")
_STYLE = re.compile(rb'<c\s[^<>]*\bs="([0-9]{1,6})"')
_MOST_STYLES = 65_000  # Excel takes 65,490 (Microsoft's page on limits)
# The kinds of relationships, by their last word in either form, with the place and the type of what they lead to.
_PLACES = {
    "worksheet": ("xl/worksheets/sheet{}.xml", "worksheet"),
    "chartsheet": ("xl/chartsheets/sheet{}.xml", "chartsheet"),
    "dialogsheet": ("xl/dialogsheets/sheet{}.xml", "dialogsheet"),
    "sharedStrings": ("xl/sharedStrings.xml", "sharedStrings"),
    "styles": ("xl/styles.xml", "styles"),
    "sheetMetadata": ("xl/metadata.xml", "sheetMetadata"),
    "rdRichValue": ("xl/richData/rdrichvalue.xml", "richData"),
    "rdRichValueStructure": ("xl/richData/rdrichvaluestructure.xml", "richData"),
}
_PROPERTIES = ("custom-properties", "customProperties")


class Related(NamedTuple):
    """A relationship: its id, the last word of its type, and the part to which it leads, empty if outside the file."""

    id: str
    kind: str
    part: str


class WorkbookPackage:
    """The parts of a package by their names, which `part` takes in any case and with either slash."""

    def __init__(self, data: bytes) -> None:
        """Raises `Damaged` where `data` has no directory."""
        self._archive = ZipArchive(data)
        self._budget = Budget()
        self._names: dict[str, str] = {}
        for name in self._archive.names():
            self._names.setdefault(_plain(name), name)

    def part(self, name: str) -> bytes | None:
        """Return a part, or None where it is missing or damaged. Raises `Excess` where it holds too much."""
        written = self._names.get(_plain(name))
        try:
            return None if written is None else self._budget.spend(name, self._archive.part(written))
        except Damaged:
            return None

    def related(self, part: str = "") -> list[Related]:
        """Return the relationships of a part, or of the package as a whole."""
        folder, name = posixpath.split(part)
        tree = parsed(self.part(posixpath.join(folder, "_rels", f"{name}.rels")))
        found = [] if tree is None else [each.attrib for each in tree.iter() if each.tag.endswith("}Relationship")]
        return [
            Related(
                given.get("Id", ""),
                posixpath.basename(given.get("Type", "")),
                "" if given.get("TargetMode") == "External" else _target(folder, given.get("Target", "")),
            )
            for given in found
        ]

    @cached_property
    def main(self) -> str:
        """The part that the package is about, to which its first relationship leads; empty where there is none."""
        return next((each.part for each in self.related() if each.kind == "officeDocument"), "")

    def root(self) -> str:
        """Return the name of the root of the main part, such as `workbook`; empty where it is no XML."""
        tree = parsed(self.part(self.main)) if self.main else None
        return "" if tree is None else tree.tag.rpartition("}")[2]


def usual_form(data: bytes) -> bytes | None:
    """Return the workbook `data` with its parts in the usual places and namespaces, or None where it holds none.

    Only what says something about cells is in it. A workbook without styles gets empty ones.
    """
    try:
        package = WorkbookPackage(data)
    except Damaged:
        return None
    book = package.part(package.main) if package.main else None
    if book is None:
        return None
    parts: dict[str, bytes] = {"xl/workbook.xml": _in_usual_words(book)}
    types = {"xl/workbook.xml": _TYPES + "sheet.main+xml"}
    relationships = []
    for number, each in enumerate(package.related(package.main), 1):
        if each.kind not in _PLACES:
            continue
        place, kind = _PLACES[each.kind]
        name = place.format(number)
        relationships.append((each.id, f"{_OFFICE}/{each.kind}", f"/{name}"))
        if (content := package.part(each.part)) is not None:
            parts[name], types[name] = _in_usual_words(content), f"{_TYPES}{kind}+xml"
    properties = next((each.part for each in package.related() if each.kind in _PROPERTIES), "")
    if properties and (content := package.part(properties)) is not None:
        parts["docProps/custom.xml"], types["docProps/custom.xml"] = _in_usual_words(content), _PROPERTIES_TYPE
    if "xl/styles.xml" not in parts:
        sheets = [content for name, content in parts.items() if name.startswith("xl/worksheets/")]
        parts["xl/styles.xml"], types["xl/styles.xml"] = _no_styles(sheets), f"{_TYPES}styles+xml"
    return write_parts(
        {**parts, "[Content_Types].xml": _manifest(types), "xl/_rels/workbook.xml.rels": _links(relationships)}
    )


def _plain(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./").lstrip("/").lower()


def _target(folder: str, target: str) -> str:
    """Return the part that a relationship of a part in `folder` leads to."""
    return posixpath.normpath(posixpath.join("/", folder, unquote(target).replace("\\", "/"))).lstrip("/")


def parsed(part: bytes | None) -> Element | None:
    """Return the root of a part, or None where there is none or it is no XML."""
    if part is None:
        return None
    try:
        tree: Element = fromstring(part)
    except (ParseError, DefusedXmlException, ValueError, LookupError):  # the last of an encoding that is none
        return None
    return tree


def _in_usual_words(part: bytes) -> bytes:
    """Return a part of Strict Open XML in the namespaces of the usual form; its texts stay as they are."""
    return _DECLARING.sub(_declared, part) if _STRICT in part else part


def _declared(found: re.Match[bytes]) -> bytes:
    tag = found[0]
    for strict, usual in _USUAL.items():
        for quote in (b'"', b"'"):
            tag = tag.replace(quote + strict + quote, quote + usual + quote)
    return tag


def _no_styles(sheets: Iterable[bytes]) -> bytes:
    """Return styles that say nothing, as many as the cells of `sheets` name."""
    named = (int(number) for sheet in sheets for number in _STYLE.findall(sheet))
    number = min(max(named, default=0), _MOST_STYLES) + 1
    return f'<styleSheet xmlns="{_MAIN}"><cellXfs>{"<xf/>" * number}</cellXfs></styleSheet>'.encode()


def _manifest(types: Mapping[str, str]) -> bytes:
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    return f'<Types xmlns="{_PACKAGE}content-types">{overrides}</Types>'.encode()


def _links(relationships: Iterable[tuple[str, str, str]]) -> bytes:
    tree = Element(f"{{{_PACKAGE}relationships}}Relationships")
    for id_, kind, target in relationships:
        tree.append(Element(f"{{{_PACKAGE}relationships}}Relationship", Id=id_, Type=kind, Target=target))
    result: bytes = tostring(tree, "utf-8")
    return result
