"""The contents page of a template: what its TOC field lists, and marks in its place.

A template has a contents page where it has a TOC field; which headings it lists the field itself says, in Word's own
words (`TOC \\o "1-2" \\h \\z \\u`). The template's entries are only there to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lxml import etree

from perfxl.document.contents.toc import FROM, HERE, PREFIX, TO, Rules

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY_TEXT = 9  # the outline level of what is no heading

_SWITCH = re.compile(r'\\([A-Za-z])\s*(?:"([^"]*)")?')
_SPAN = re.compile(r"\s*(\d)\s*-\s*(\d)\s*$")
_TOC = re.compile(r"\s*TOC(?![^\s\\])(?!.*\\[ac])")  # with \a or \c it lists figures or tables


def prepared(document: etree._Element, styles: etree._Element | None) -> Rules | None:
    """Return what the contents page of a template lists, and put marks in its place; None where there is none.

    The template's own entries go: somebody may have updated the field, and then they repeat the tags of the headings.
    So do the bookmarks of 目录, because a heading that is repeated would repeat them, which Word calls damage.
    """
    field = _ComplexField.find(document)
    if field is None or styles is None:
        return None
    _drop_bookmarks(document)
    levels, direct, span = _listed(field.code, styles)
    names = _names(styles)
    entries = {level: names[f"toc {level}"] for level in range(1, 10) if f"toc {level}" in names}
    opening, closing = field.cut()
    return Rules(levels, direct, span[0], span[1], entries, opening, closing)


class _ComplexField:
    """The TOC field of a template: its code, and the paragraphs from its beginning to its end."""

    def __init__(self, begin: etree._Element, code: str, end: etree._Element) -> None:
        self.code = code
        self._begin, self._end = _around(begin, "r"), _around(end, "r")
        self._first, self._last = _around(begin, "p"), _around(end, "p")

    @classmethod
    def find(cls, document: etree._Element) -> _ComplexField | None:
        depth, code, begin = 0, "", None
        for element in document.iter(_W + "fldChar", _W + "instrText"):
            if element.tag == _W + "instrText":
                code += (element.text or "") if depth == 1 else ""
                continue
            kind = element.get(_W + "fldCharType")
            if kind == "begin":
                depth += 1
                if depth == 1:
                    begin, code = element, ""
            elif kind == "end":
                depth -= 1
                if depth == 0 and begin is not None and _TOC.match(code):
                    field = cls(begin, code, element)
                    return field if field._first.getparent() is field._last.getparent() else None
        return None

    def cut(self) -> tuple[str, str]:
        """Put marks in the place of the field, and return the runs before its entries and after them."""
        paragraphs = [self._first]
        while paragraphs[-1] is not self._last:
            following = paragraphs[-1].getnext()
            assert following is not None  # both have the same parent
            paragraphs.append(following)
        frame = next(self._first.iterancestors(_W + "sdt"), None)
        around = (frame, frame) if frame is not None else (self._first, self._last)
        around[0].addprevious(_mark(FROM))
        around[1].addnext(_mark(TO))
        self._first.addprevious(_mark(HERE))
        runs = list(self._first.iter(_W + "r"))
        opening = _markup(runs[runs.index(self._begin) : _separator(runs) + 1])
        closing = _markup([self._end]) if self._last is self._first else ""
        for paragraph in paragraphs if closing else paragraphs[:-1]:
            _drop(paragraph)
        if not closing:
            for child in list(self._last):
                if child.tag != _W + "pPr" and child is not self._end:
                    self._last.remove(child)
        return opening, closing


def _mark(text: str) -> etree._Element:
    return etree.ProcessingInstruction(text.strip("<?> "))


def _separator(runs: Sequence[etree._Element]) -> int:
    """Return the index of the run that ends the field's code."""
    for index, run in enumerate(runs):
        if any(mark.get(_W + "fldCharType") == "separate" for mark in run.iter(_W + "fldChar")):
            return index
    return len(runs) - 1


def _listed(code: str, styles: etree._Element) -> tuple[dict[str, int], bool, tuple[int, int]]:
    """Return the levels that a field lists by style, whether single paragraphs count, and from where to where."""
    switches = dict(_SWITCH.findall(code))
    known = {style.get(_W + "styleId", ""): style for style in styles.iter(_W + "style")}
    names = _names(styles)
    # Without a switch that says what to list, Word lists its nine headings.
    headings, outline = "o" in switches or not switches.keys() & {"u", "t"}, "u" in switches
    span = _SPAN.match(switches.get("o", ""))
    lowest, highest = (int(span[1]), int(span[2])) if span else (1, 9)
    levels: dict[str, int] = {}
    for name, style_id in names.items():
        level = _outline(style_id, known) + 1 if outline else 0
        if headings and re.fullmatch("heading [1-9]", name):
            level = int(name[-1])
        if lowest <= level <= highest and level <= _BODY_TEXT:
            levels[style_id] = level
    pairs = re.split("[,;，；]", switches.get("t", ""))
    for name, number in zip(pairs[::2], pairs[1::2], strict=False):
        if name.strip().lower() in names and number.strip().isdigit():
            levels[names[name.strip().lower()]] = int(number)
    return levels, outline, (lowest, highest)


def _names(styles: etree._Element) -> dict[str, str]:
    """Return the ids of the paragraph styles by name: Word in Chinese gives ids such as `1` and `a3`."""
    found = (style for style in styles.iter(_W + "style") if style.get(_W + "type") == "paragraph")
    return {_value(style, "name").lower(): style.get(_W + "styleId", "") for style in found}


def _outline(style_id: str, known: Mapping[str, etree._Element]) -> int:
    """Return the outline level of a style or of the nearest one it is based on, from 0; 9 is no heading."""
    for _ in range(len(known)):
        style = known.get(style_id)
        if style is None:
            break
        level = style.find(f"{_W}pPr/{_W}outlineLvl")
        if level is not None:
            return int(level.get(_W + "val", _BODY_TEXT))
        style_id = _value(style, "basedOn")
    return _BODY_TEXT


def _drop_bookmarks(document: etree._Element) -> None:
    ours = [mark for mark in document.iter(_W + "bookmarkStart") if mark.get(_W + "name", "").startswith(PREFIX)]
    ids = {mark.get(_W + "id") for mark in ours}
    for mark in (*ours, *(mark for mark in document.iter(_W + "bookmarkEnd") if mark.get(_W + "id") in ids)):
        _drop(mark)


def _markup(elements: Sequence[etree._Element]) -> str:
    text = "".join(etree.tostring(element, encoding="unicode", with_tail=False) for element in elements)
    return re.sub(r' xmlns:\w+="[^"]*"', "", text)  # they stand on the root


def _value(element: etree._Element, name: str) -> str:
    child = element.find(_W + name)
    return child.get(_W + "val", "") if child is not None else ""


def _around(element: etree._Element, name: str) -> etree._Element:
    return next(element.iterancestors(_W + name))


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
