"""The parts of a document that its body leads to (headers, pictures, charts), taken into another package."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping

from lxml import etree

from perfxl.storage.zip_archive import CONTENT_TYPES

_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def links_of(parts: Mapping[str, bytes], name: str) -> dict[str, tuple[str, str, bool]]:
    """Return what a part leads to, by id: the type, the target, and whether it is outside of the package."""
    folder, _, file = name.rpartition("/")
    own = parts.get(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
    if own is None:
        return {}
    return {
        link.get("Id", ""): (link.get("Type", ""), link.get("Target", ""), link.get("TargetMode") == "External")
        for link in parsed(own)
    }


def resolved(name: str, target: str) -> str:
    """Return the name of the part to which `target` leads from the part `name`."""
    if target.startswith("/"):
        return target.removeprefix("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))


def parsed(part: bytes) -> etree._Element:
    """Return the tree of a part. Raises `etree.XMLSyntaxError`."""
    return etree.fromstring(
        part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    )


class VolumePackage:
    """A package in the making: parts, their types, and what the body leads to. Equal parts are there once."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}
        self._types: dict[str, str] = {}
        # Parts that are added later, such as the one on the origin, are XML without a type of their own.
        self._defaults: dict[str, str] = {
            "rels": "application/vnd.openxmlformats-package.relationships+xml",
            "xml": "application/xml",
        }
        self._links: dict[tuple[str, str, bool], str] = {}
        self._known: dict[str, str] = {}

    def add(self, name: str, content: bytes, kind: str) -> None:
        """Add a part of a content type under a name of its own."""
        self.parts[name] = content
        self._types[name] = kind

    def link(self, kind: str, target: str, *, external: bool = False) -> str:
        """Return the id by which the body leads to a part of the folder `word`, or out of the package."""
        key = kind if kind.startswith("http") else f"{_OFFICE}/{kind}", target, external
        return self._links.setdefault(key, f"rId{len(self._links) + 1}")

    def taken(self, parts: Mapping[str, bytes], kinds: Mapping[str, str], kind: str, name: str) -> str:
        """Return the id by which the body leads to the part `name` of another package, which is taken in."""
        return self.link(kind, self._take(parts, kinds, name).removeprefix("word/"))

    def _take(self, parts: Mapping[str, bytes], kinds: Mapping[str, str], name: str) -> str:
        """Take a part in, with those that it leads to, and return its name here."""
        content = parts[name]
        lines: list[str] = []
        for mark, (kind, target, external) in links_of(parts, name).items():
            if not external:
                inner = resolved(name, target)
                if inner not in parts:
                    continue
                target = f"/{self._take(parts, kinds, inner)}"
            mode = ' TargetMode="External"' if external else ""
            lines.append(f'<Relationship Id="{mark}" Type="{kind}" Target="{_attribute(target)}"{mode}/>')
        links = f'{_DECLARATION}<Relationships xmlns="{_LINKS}">{"".join(lines)}</Relationships>' if lines else ""
        mark = hashlib.sha256(content + links.encode()).hexdigest()
        if mark not in self._known:
            folder, _, file = name.rpartition("/")
            stem, dot, end = file.partition(".")
            stem = stem.rstrip("0123456789") or "part"
            here = f"{folder}/{stem}{len(self._known) + 1}{dot}{end}"
            self._known[mark] = here
            self.add(here, content, kinds.get(name, "application/octet-stream"))
            if links:
                file = here.rpartition("/")[2]
                self.parts[f"{folder}/_rels/{file}.rels"] = links.encode()
        return self._known[mark]

    def finished(self, main: str) -> dict[str, bytes]:
        """Return all parts, with the list of types and what the part `main` leads to."""
        folder, _, file = main.rpartition("/")
        links = "".join(
            f'<Relationship Id="{mark}" Type="{kind}" Target="{_attribute(target)}"'
            + (' TargetMode="External"/>' if external else "/>")
            for (kind, target, external), mark in self._links.items()
        )
        own = f'{_DECLARATION}<Relationships xmlns="{_LINKS}">{links}</Relationships>'
        types = "".join(
            f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in sorted(self._defaults.items())
        ) + "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in self._types.items())
        return {
            CONTENT_TYPES: f'{_DECLARATION}<Types xmlns="{_TYPES}">{types}</Types>'.encode(),
            **self.parts,
            f"{folder}/_rels/{file}.rels": own.encode(),
        }


def kinds_of(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the content type of each part of a package."""
    root = parsed(parts[CONTENT_TYPES])
    ends = {one.get("Extension", "").lower(): one.get("ContentType", "") for one in root.iter(f"{{{_TYPES}}}Default")}
    named = {
        one.get("PartName", "").lstrip("/"): one.get("ContentType", "") for one in root.iter(f"{{{_TYPES}}}Override")
    }
    return {name: named.get(name) or ends.get(name.rpartition(".")[2].lower(), "") for name in parts}


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
