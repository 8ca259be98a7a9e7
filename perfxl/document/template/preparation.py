"""A Word template as Word and WPS saved it, made ready: what is between author and reviewer does not get published.

The body is called word/document.xml (Word 365 and SharePoint may name it document2.xml), a .dotx is a document, tracked
changes are accepted, and comments, names of people, the company and paths of machines are left out. A template that has
nothing of this stays as it is, byte for byte.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from lxml import etree

from perfxl.document.package.docx_zip import DOCUMENT
from perfxl.document.template.fault import TemplateFault
from perfxl.document.template.revisions import COMMENTED, REVISED, accepted
from perfxl.storage.zip_archive import CONTENT_TYPES

_ROOT_LINKS = "_rels/.rels"
_MAIN = "/officeDocument"
_DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TEMPLATE_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
# Comments and who wrote them, who works on the file for which company, and a picture of its first page.
_PRIVATE = re.compile(r"word/(comments\w*|people)\.xml|docProps/(app|custom)\.xml|docProps/thumbnail\.\w+")
_SETTINGS = "word/settings.xml"
_PRIVATE_SETTINGS = ("attachedTemplate", "mailMerge", "trackRevisions", "rsids")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORD_PARTS = re.compile(r"word/[^/]+\.xml")


def prepared(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts of a template as they may be filled in and published.

    Raises `TemplateFault` where it is no Word document, or one with macros.
    """
    ready = _with_usual_body(dict(parts))
    ready = _without([name for name in ready if _PRIVATE.fullmatch(name)], ready)
    for name, part in ready.items():
        if _WORD_PARTS.fullmatch(name) and (REVISED.search(part) or COMMENTED.search(part)):
            ready[name] = _written(accepted(_parsed(name, part)))
    if _SETTINGS in ready and any(f"w:{name}".encode() in ready[_SETTINGS] for name in _PRIVATE_SETTINGS):
        ready = _with_plain_settings(ready)
    return ready


def _with_usual_body(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts with a body of the usual name and kind."""
    body = _body(parts)
    kind = _kind(parts, body)
    if "macroEnabled" in kind:
        raise TemplateFault("", "模板带有宏（.docm 或 .dotm），请另存为“Word 文档（*.docx）”")
    if kind not in (_DOCUMENT_TYPE, _TEMPLATE_TYPE):
        raise TemplateFault("", "这不是 Word 文档（.docx）")
    if body == DOCUMENT and kind == _DOCUMENT_TYPE:
        return parts
    if posixpath.dirname(body) != "word":
        raise TemplateFault("", f"正文在“{body}”，不在通常的位置，请用 Word 或 WPS 打开后另存为 .docx")
    renamed = {_renamed(name, body): part for name, part in parts.items()}
    types = _parsed(CONTENT_TYPES, parts[CONTENT_TYPES])
    for element in types.iter("{*}Override"):
        if element.get("PartName", "").lstrip("/") == body:
            element.set("PartName", f"/{DOCUMENT}")
            element.set("ContentType", _DOCUMENT_TYPE)
    renamed[CONTENT_TYPES] = _written(types)
    if _ROOT_LINKS in parts:
        links = _parsed(_ROOT_LINKS, parts[_ROOT_LINKS])
        for element in links:
            if element.get("Type", "").endswith(_MAIN):
                element.set("Target", DOCUMENT)
        renamed[_ROOT_LINKS] = _written(links)
    return renamed


def _body(parts: Mapping[str, bytes]) -> str:
    if _ROOT_LINKS in parts:
        for element in _parsed(_ROOT_LINKS, parts[_ROOT_LINKS]):
            if element.get("Type", "").endswith(_MAIN) and element.get("Target", "").lstrip("/") in parts:
                return element.get("Target", "").lstrip("/")
    if DOCUMENT in parts:
        return DOCUMENT
    raise TemplateFault("", "文件里没有正文，请用 Word 或 WPS 打开后另存为 .docx")


def _kind(parts: Mapping[str, bytes], name: str) -> str:
    overrides = _parsed(CONTENT_TYPES, parts[CONTENT_TYPES]).iter("{*}Override")
    kinds = (each.get("ContentType", "") for each in overrides if each.get("PartName", "").lstrip("/") == name)
    return next(kinds, "")


def _renamed(name: str, body: str) -> str:
    if name == body:
        return DOCUMENT
    return _links(DOCUMENT) if name == _links(body) else name


def _links(name: str) -> str:
    """Return the name of the part that says what a part refers to."""
    folder, _, own = name.rpartition("/")
    return f"{folder}/_rels/{own}.rels" if folder else f"_rels/{own}.rels"


def _without(names: list[str], parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts without some, and without what refers to them."""
    if not names:
        return parts
    gone = {*names, *map(_links, names)}
    left = {name: part for name, part in parts.items() if name not in gone}
    types = _parsed(CONTENT_TYPES, left[CONTENT_TYPES])
    for element in list(types.iter("{*}Override")):
        if element.get("PartName", "").lstrip("/") in gone:
            types.remove(element)
    left[CONTENT_TYPES] = _written(types)
    for name in [name for name in left if name.endswith(".rels")]:
        folder = posixpath.dirname(posixpath.dirname(name))
        links = _parsed(name, left[name])
        strange = [each for each in links if _target(folder, each) in gone]
        for element in strange:
            links.remove(element)
        if strange:
            left[name] = _written(links)
    return left


def _target(folder: str, link: etree._Element) -> str:
    target = link.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _with_plain_settings(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts with settings that name no template of the author's, no data source and no editing sessions."""
    settings = _parsed(_SETTINGS, parts[_SETTINGS])
    for name in _PRIVATE_SETTINGS:
        for element in list(settings.iter(_W + name)):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    plain = {**parts, _SETTINGS: _written(settings)}
    if (links := _links(_SETTINGS)) in plain:
        root = _parsed(links, plain[links])
        for element in [each for each in root if each.get("TargetMode") == "External"]:
            root.remove(element)
        plain[links] = _written(root)
    return plain


def _parsed(name: str, part: bytes) -> etree._Element:
    try:
        return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as fault:
        raise TemplateFault(name, f"不是合格的 XML（{fault}）") from fault


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
