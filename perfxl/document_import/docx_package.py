"""The parts of a .docx: found through their relationships, parsed within bounds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring

from perfxl.document_import.blocks import Unreadable
from perfxl.storage.zip_archive import ENCRYPTED, Damaged, ZipArchive

MAX_ENTRIES = 5_000
MAX_XML_BYTES = 48 * 2**20  # 300 pages take about 10 MiB
MAX_OTHER_BYTES = 512 * 2**20
MAX_ELEMENTS = 300_000  # 300 pages have some 150,000, and each takes 200 bytes

_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# “Strict Open XML” has the same elements in other namespaces.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)


class WordPackage:
    """A .docx in memory. Every failure to read it is `Unreadable`."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = ZipArchive(data)
        except Damaged as fault:
            raise Unreadable("W03") from fault
        entries = self._archive.entries
        names = [entry.name for entry in entries]
        if any(entry.flags & ENCRYPTED for entry in entries):
            raise Unreadable("W02")
        if len(set(names)) < len(names) or any(".." in name.replace("\\", "/").split("/") for name in names):
            raise Unreadable("W03")
        xml = sum(entry.size for entry in entries if entry.name.endswith((".xml", ".rels", ".vml")))
        size = sum(entry.size for entry in entries)
        if len(entries) > MAX_ENTRIES or xml > MAX_XML_BYTES or size - xml > MAX_OTHER_BYTES:
            raise Unreadable("W04", size=size // 2**20)
        self._sizes = {entry.name: entry.size for entry in entries}
        main = next((target for kind, target in self._related("") if kind == "officeDocument"), "word/document.xml")
        self.main = main if main in self._sizes else "word/document.xml"

    def document(self) -> Element:
        """Return the main part."""
        return self._parsed(self.main)

    def related(self, *kinds: str) -> Iterator[Element]:
        """Yield the parts of the given kinds (`styles`, `header` …) that the document names and that are there."""
        for kind, target in self._related(self.main):
            if kind in kinds and target in self._sizes:
                yield self._parsed(target)

    def _related(self, part: str) -> Iterator[tuple[str, str]]:
        """Yield the kind and the path of everything that `part`, or the package itself, names."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations not in self._sizes:
            return
        for each in self._parsed(relations).iter(_RELATIONSHIPS):
            if each.get("TargetMode") != "External":
                target = each.get("Target", "")
                path = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
                yield each.get("Type", "").rsplit("/", 1)[-1], path

    def _parsed(self, name: str) -> Element:
        try:
            # Not more than the directory states, for that is what the bounds were held against.
            part = self._archive.part(name, self._sizes.get(name, 0) + 1)
        except Damaged as fault:
            raise Unreadable("W03") from fault
        if len(part) != self._sizes[name]:
            raise Unreadable("W03")
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise Unreadable("W03")
        if part.count(b"<") > 2 * MAX_ELEMENTS:
            raise Unreadable("W04", size=len(part) // 2**20)
        for strict, usual in _STRICT:
            part = part.replace(strict, usual)
        try:
            return fromstring(part)
        except (ParseError, ValueError, LookupError) as fault:
            raise Unreadable("W03") from fault
