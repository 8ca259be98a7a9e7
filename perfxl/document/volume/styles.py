"""The styles of many documents in one sheet, so that none changes the looks of another.

Documents with the same sheet share their styles; those of any other sheet get names of their own. Headings go down by
one level, because each document becomes a chapter.
"""

from __future__ import annotations

import hashlib
from copy import deepcopy

from lxml import etree

from perfxl.document.volume.related_parts import parsed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LOWEST = 8  # of the outline levels that are headings, counted from 0
_REFERENCES = ("basedOn", "next", "link")
_PARAGRAPH_ORDER = """
    pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
    suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
    snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
    textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"""
_RUN_ORDER = """
    rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish
    webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang
    eastAsianLayout specVanish oMath"""
_ORDER = {"pPr": tuple(_PARAGRAPH_ORDER.split()), "rPr": tuple(_RUN_ORDER.split())}
_USES = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}


class StyleSheet:
    """One sheet in the making. The first document's styles keep their ids, and its defaults hold."""

    def __init__(self) -> None:
        self._root: etree._Element | None = None
        self._known: dict[str, dict[str, str]] = {}
        self._defaults: dict[str, dict[str, str]] = {}

    def take(self, sheet: bytes) -> str:
        """Take the styles of a document in, and return the mark by which they are asked for."""
        mark = hashlib.sha256(sheet).hexdigest()
        if mark not in self._known:
            root = parsed(sheet)
            _lower(root)
            if self._root is None:
                self._root = root
                ids = {style.get(W + "styleId", ""): style.get(W + "styleId", "") for style in root.iter(W + "style")}
            else:
                ids = self._added(root, f"v{len(self._known) + 1}")
            self._known[mark] = ids
            self._defaults[mark] = _default_ids(root)
        return mark

    def rename(self, body: etree._Element, mark: str) -> None:
        """Let a body use its styles by the ids that they have here, those that nobody names by name."""
        ids, defaults = self._known[mark], self._defaults[mark]
        for use in _USES:
            for element in body.iter(W + use):
                known = element.get(W + "val", "")
                element.set(W + "val", ids.get(known, known))
        first = next(iter(self._known)) == mark
        if first:
            return
        if "paragraph" in defaults:
            for paragraph in body.iter(W + "p"):
                _name(paragraph, "pPr", "pStyle", defaults["paragraph"])
        if "table" in defaults:
            for table in body.iter(W + "tbl"):
                _name(table, "tblPr", "tblStyle", defaults["table"])

    def root(self) -> etree._Element:
        """Return the sheet."""
        assert self._root is not None
        return self._root

    def _added(self, root: etree._Element, prefix: str) -> dict[str, str]:
        """Add the styles of another sheet under names of their own, with its defaults put into them."""
        ids = {each: f"{prefix}{each}" for style in root.iter(W + "style") if (each := style.get(W + "styleId"))}
        defaults = root.find(W + "docDefaults")
        for style in root.findall(W + "style"):
            copy = deepcopy(style)
            copy.set(W + "styleId", ids[style.get(W + "styleId", "")])
            if W + "default" in copy.attrib:
                del copy.attrib[W + "default"]
            copy.set(W + "customStyle", "1")
            name = copy.find(W + "name")
            if name is not None:
                name.set(W + "val", f"{name.get(W + 'val', '')} {prefix}")
            for reference in _REFERENCES:
                for element in copy.iter(W + reference):
                    element.set(W + "val", ids.get(element.get(W + "val", ""), ""))
            if style.get(W + "type") == "paragraph" and copy.find(W + "basedOn") is None and defaults is not None:
                _put_in(copy, defaults)
            self.root().append(copy)
        for style in root.findall(W + "style"):
            style.set(W + "styleId", ids[style.get(W + "styleId", "")])
        return ids


def _default_ids(root: etree._Element) -> dict[str, str]:
    return {
        style.get(W + "type", ""): style.get(W + "styleId", "")
        for style in root.iter(W + "style")
        if style.get(W + "default") in ("1", "true", "on")
    }


def _lower(root: etree._Element) -> None:
    """Let headings go down by one level; Word's own names for headings would keep them on theirs."""
    for style in root.iter(W + "style"):
        level = style.find(f"{W}pPr/{W}outlineLvl")
        if level is not None:
            lower(level)
        name = style.find(W + "name")
        if name is not None and name.get(W + "val", "").lower().startswith("heading "):
            name.set(W + "val", f"单位文本 {name.get(W + 'val', '')}")
            style.set(W + "customStyle", "1")
            for element in style.findall(W + "link"):
                style.remove(element)


def lower(level: etree._Element) -> None:
    """Let an outline level go down by one."""
    number = int(level.get(W + "val", "9"))
    if number < _LOWEST:
        level.set(W + "val", str(number + 1))


def _put_in(style: etree._Element, defaults: etree._Element) -> None:
    """Put the defaults of a sheet into a style that is based on none, where it does not say otherwise."""
    for kind in ("pPr", "rPr"):
        given = defaults.find(f"{W}{kind}Default/{W}{kind}")
        if given is None:
            continue
        own = style.find(W + kind)
        if own is None:
            own = etree.Element(W + kind)
            run = style.find(W + "rPr")
            run.addprevious(own) if kind == "pPr" and run is not None else style.append(own)
        said = {child.tag for child in own}
        children = [*own, *(deepcopy(child) for child in given if child.tag not in said)]
        for child in list(own):
            own.remove(child)
        own.extend(sorted(children, key=lambda child: _place(child, kind)))


def _place(child: etree._Element, kind: str) -> int:
    """Return where a property stands among others (ECMA-376-1, 17.3.1.26 and 17.3.2.28)."""
    name = str(child.tag).rpartition("}")[2]
    return _ORDER[kind].index(name) if name in _ORDER[kind] else len(_ORDER[kind])


def _name(element: etree._Element, properties: str, use: str, style: str) -> None:
    """Let a paragraph or table that names no style name its document's usual one."""
    own = element.find(W + properties)
    if own is None:
        own = etree.Element(W + properties)
        element.insert(0, own)
    if own.find(W + use) is None:
        named = etree.Element(W + use)
        named.set(W + "val", style)
        own.insert(0, named)
