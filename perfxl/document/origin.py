"""What a document says of where it comes from: the workbook, the rules, the program, and what it said when it was made.

It is a part of its own (a custom XML part, which Word, WPS and LibreOffice keep when they save), not seen by readers,
without a name of a person or a machine. It is no signature: who wants to forge it can.
"""

from __future__ import annotations

import hashlib
import re
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from perfxl import __version__
from perfxl.document.body_text import lines, lines_as_made
from perfxl.document.contents.toc import unnumbered
from perfxl.document.package.docx_zip import DOCUMENT, read_parts
from perfxl.document.package.property_text import EMPTY, LINK, TYPE, with_entry
from perfxl.document.package.property_text import PART as PROPERTIES
from perfxl.storage.compression import NotDeflated, checksum, inflated
from perfxl.storage.zip_archive import CONTENT_TYPES, Packed, packed, packed_once, packed_parts, write_packed

if TYPE_CHECKING:  # documents are made without a parser
    from xml.etree.ElementTree import Element

RULES = "perfxl.profile"  # the custom property that says by which rules a document was checked
_NAMESPACE = "urn:perfxl:origin"
_FOLDER = "customXml/"
_PART, _ABOUT = f"{_FOLDER}perfxl.xml", f"{_FOLDER}perfxlProps.xml"
_PART_LINKS, _DOCUMENT_LINKS = f"{_FOLDER}_rels/perfxl.xml.rels", "word/_rels/document.xml.rels"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ABOUT_XML = (
    f'{_DECLARATION}<ds:datastoreItem ds:itemID="{{6D3B5F4E-2C57-4F0B-9C43-7E2A5A0C1B77}}"'
    f' xmlns:ds="{_OFFICE}/customXml"><ds:schemaRefs><ds:schemaRef ds:uri="{_NAMESPACE}"/></ds:schemaRefs>'
    "</ds:datastoreItem>"
).encode()
_PART_LINKS_XML = (
    f'{_DECLARATION}<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" Target="perfxlProps.xml"'
    f' Type="{_OFFICE}/relationships/customXmlProps"/></Relationships>'
).encode()
_LINK = f'<Relationship Id="rIdPerfxlOrigin" Type="{_OFFICE}/relationships/customXml" Target="../{_PART}"/>'
_TYPE = (
    f'<Override PartName="/{_ABOUT}"'
    ' ContentType="application/vnd.openxmlformats-officedocument.customXmlProperties+xml"/>'
)
# What changes when page numbers are put in, and what the seal itself brings along.
_UNSEALED = frozenset((DOCUMENT, CONTENT_TYPES, PROPERTIES, "_rels/.rels", _DOCUMENT_LINKS))
_SIZE = 4  # bytes of the mark of a paragraph
_MOST = 64 * 2**20  # bytes of a document that may be one of ours
_SAID_BODY, _SAID_PARTS = (re.compile(rf' {name}="([0-9a-f]{{16}})"'.encode()) for name in ("body", "parts"))


class Origin(NamedTuple):
    """Where a document comes from. `workbook` is the SHA-256 of the form, in hexadecimal digits."""

    workbook: str
    type_id: str
    profile: str
    draft: bool = False
    program: str = __version__


class Seal(NamedTuple):
    """What a document holds of its origin: that itself, the mark of its other parts, and those of its paragraphs.

    Of the body there is a mark of its own besides, page numbers aside: for telling that not even its looks changed.
    """

    origin: Origin
    parts: str
    paragraphs: tuple[bytes, ...]


def sealed(document: bytes, origin: Origin) -> bytes:
    """Return a finished .docx with what it comes from; nothing else of it changes."""
    parts = packed_parts(document)
    body = _unpacked(parts[DOCUMENT]).decode()
    said = _marked(lines_as_made(body))
    words = {
        "workbook": origin.workbook, "type": origin.type_id, "profile": origin.profile,
        "draft": "1" if origin.draft else "0", "program": origin.program, "parts": _parts_mark(parts),
        "body": _body_mark(body),
    }  # fmt: skip
    attributes = "".join(f' {name}="{escape(word)}"' for name, word in words.items())
    inside = f"<paragraphs>{b64encode(said).decode()}</paragraphs>"
    xml = f'{_DECLARATION}<origin xmlns="{_NAMESPACE}"{attributes}>{inside}</origin>'
    added = {
        **_with_rules(parts, origin.profile),
        _PART: packed(xml.encode()),
        _ABOUT: packed_once(_ABOUT_XML),
        _PART_LINKS: packed_once(_PART_LINKS_XML),
    }
    if _PART not in parts:
        added[CONTENT_TYPES] = _with(added[CONTENT_TYPES], _TYPE, "</Types>")
        added[_DOCUMENT_LINKS] = _with(parts[_DOCUMENT_LINKS], _LINK, "</Relationships>")
    return write_packed(added.items())


def _with_rules(parts: Mapping[str, Packed], rules: str) -> dict[str, Packed]:
    """Return the parts with the rules in the properties, where people look (文件—信息—属性—自定义)."""
    added = dict(parts)
    there = parts.get(PROPERTIES)
    if there is None:
        added[CONTENT_TYPES] = _with(parts[CONTENT_TYPES], TYPE, "</Types>")
        added["_rels/.rels"] = _with(parts["_rels/.rels"], LINK, "</Relationships>")
    xml = EMPTY if there is None else _unpacked(there).decode()
    try:
        stated = with_entry(xml, RULES, rules).encode()
    except ValueError:
        from perfxl.document.package.properties import with_property  # its XML is not written as ours

        stated = with_property({PROPERTIES: xml.encode()}, RULES, rules)[PROPERTIES]
    added[PROPERTIES] = packed_once(stated)
    return added


def is_as_made(document: bytes) -> bool:
    """Whether this program has made a .docx, and nobody has changed or even saved it since.

    Page numbers and custom properties may have been put in afterwards, as we do it ourselves.
    """
    if len(document) > _MOST:
        return False
    try:
        parts = packed_parts(document)
        if sum(part.size for part in parts.values()) > _MOST or write_packed(parts.items()) != document:
            return False
        unpacked = {name: _unpacked(part) for name, part in parts.items()}
        if any(checksum(unpacked[name]) != part.checksum for name, part in parts.items()):
            return False
        said = [
            match[1].decode() for pattern in (_SAID_BODY, _SAID_PARTS) if (match := pattern.search(unpacked[_PART]))
        ]
        return said == [_body_mark(unpacked[DOCUMENT].decode()), _parts_mark(parts)]
    except (ValueError, KeyError, struct.error, NotDeflated):
        return False


def _body_mark(body: str) -> str:
    xml = unnumbered(body).encode()
    return _mark_of([(DOCUMENT, checksum(xml), len(xml))])


def seal_of(document: bytes) -> Seal | None:
    """Return what a document holds of its origin; None where it holds nothing of the kind.

    Raises `ValueError` where it is no .docx.
    """
    for name, part in read_parts(document).items():
        if name.startswith(_FOLDER) and _NAMESPACE.encode() in part and (seal := seal_in(part)) is not None:
            return seal
    return None


def seal_text(document: bytes) -> bytes:
    """Return the seal of a .docx of ours as it is written in it, empty where it has none."""
    try:
        part = packed_parts(document).get(_PART)
    except (ValueError, struct.error):
        return b""
    return b"" if part is None else _unpacked(part)


def seal_in(written: bytes) -> Seal | None:
    """Return the seal that is `written`; None where it is none."""
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(written)
        return _read(root) if root.tag == f"{{{_NAMESPACE}}}origin" else None
    except (ElementTree.ParseError, ValueError):
        return None


def _read(root: Element) -> Seal:
    word = root.attrib.get
    origin = Origin(
        word("workbook", ""), word("type", ""), word("profile", ""), word("draft") == "1", word("program", "")
    )
    said = b64decode(root.findtext(f"{{{_NAMESPACE}}}paragraphs", ""), validate=True)
    marks = tuple(said[at : at + _SIZE] for at in range(0, len(said), _SIZE))
    return Seal(origin, word("parts", ""), marks)


def paragraphs(document: bytes) -> list[str]:
    """Return the paragraphs of a .docx, whoever saved it, as seals know them. Raises `ValueError`."""
    from xml.etree import ElementTree

    parts = read_parts(document)
    if DOCUMENT not in parts:
        raise ValueError("not a readable .docx: no body")
    try:
        return lines(parts[DOCUMENT])
    except ElementTree.ParseError as fault:
        raise ValueError(f"not a readable .docx: {fault}") from fault


def parts_mark(document: bytes) -> str:
    """Return the mark of the parts beside the body of a .docx: of the looks, the headers, the pictures.

    Raises `ValueError` where it is no .docx.
    """
    parts = read_parts(document)
    return _mark_of((name, crc32(part), len(part)) for name, part in parts.items() if _is_sealed(name))


def marked(said: Sequence[str]) -> list[bytes]:
    """Return the marks of paragraphs."""
    together = _marked(said)
    return [together[at : at + _SIZE] for at in range(0, len(together), _SIZE)]


def _marked(said: Sequence[str]) -> bytes:
    lines = "\0".join(said).encode("utf-8", "replace").split(b"\0") if said else []
    return struct.pack(f">{len(lines)}I", *map(crc32, lines))


def _parts_mark(parts: Mapping[str, Packed]) -> str:
    return _mark_of((name, part.checksum, part.size) for name, part in parts.items() if _is_sealed(name))


def _is_sealed(name: str) -> bool:
    return name not in _UNSEALED and not name.startswith(f"{_FOLDER}perfxl") and name != _PART_LINKS


def _mark_of(parts: Iterable[tuple[str, int, int]]) -> str:
    return hashlib.sha256(repr(sorted(parts)).encode()).hexdigest()[:16]


def _with(part: Packed, added: str, before: str) -> Packed:
    xml = _unpacked(part).decode()
    at = xml.rindex(before)
    return packed_once((xml[:at] + added + xml[at:]).encode())


def _unpacked(part: Packed) -> bytes:
    return inflated(part.data, part.size)
