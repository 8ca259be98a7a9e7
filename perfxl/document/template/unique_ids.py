"""Ids that a loop repeats, made different again: Word calls a document damaged in which two pictures have the same.

docxtpl does the same for pictures alone. What is written once keeps its id; page headings are numbered elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count

REPEATABLE = re.compile(r"<wp:docPr\b|<w:sdtPr>|<v:\w+ [^>]*\bid=|<w:bookmarkStart\b(?![^>]*w:name=\"_Toc)")
"""Finds what has an id that a loop would repeat."""

_PICTURE = re.compile(r'(<wp:docPr\b[^>]*?\bid=")([0-9]+)(")')
_CONTROL = re.compile(r'(<w:sdtPr>(?:(?!</w:sdtPr>).)*?<w:id w:val=")(-?[0-9]+)(")', re.DOTALL)
_SHAPE = re.compile(r'(<v:(?!shapetype)\w+ [^>]*?\bid=")([^"]+)(")')
_SHAPE_NUMBER = re.compile(r'(\bo:spid=")([^"]+)(")')
_BOOKMARK = re.compile(r"<w:bookmark(Start|End)\b[^>]*>")
_ID = re.compile(r'(\bw:id=")([0-9]+)(")')
_NAME = re.compile(r'(\bw:name=")([^"]*)(")')


def unique_ids(xml: str) -> str:
    """Return the XML of a part in which pictures, shapes, controls and bookmarks have ids of their own."""
    if "<wp:docPr" in xml:
        xml = _apart(xml, _PICTURE, _next_number)
    if "<w:sdtPr>" in xml:
        xml = _apart(xml, _CONTROL, _next_number)
    if "<v:" in xml:
        xml = _apart(_apart(xml, _SHAPE, _next_name), _SHAPE_NUMBER, _next_name)
    return _bookmarks_apart(xml) if "<w:bookmarkStart" in xml else xml


def _apart(xml: str, pattern: re.Pattern[str], following: Callable[[str, set[str]], str]) -> str:
    found = [match[2] for match in pattern.finditer(xml)]
    if len(set(found)) == len(found):
        return xml
    used, seen = set(found), set[str]()

    def own(match: re.Match[str]) -> str:
        known = match[2]
        if known in seen:
            known = following(known, used)
            used.add(known)
        seen.add(known)
        return match[1] + known + match[3]

    return pattern.sub(own, xml)


def _next_number(_: str, used: set[str]) -> str:
    return str(max(map(int, used)) + 1)


def _next_name(name: str, used: set[str]) -> str:
    return next(free for number in count(2) if (free := f"{name}_{number}") not in used)


def _bookmarks_apart(xml: str) -> str:
    """Return the XML with bookmarks apart: an end belongs to the last beginning of the same id."""
    starts = [match[0] for match in _BOOKMARK.finditer(xml) if match[1] == "Start" and _ID.search(match[0])]
    ids = [found[2] for start in starts if (found := _ID.search(start))]
    names = [found[2] for start in starts if (found := _NAME.search(start))]
    if len(set(ids)) == len(ids) and len(set(names)) == len(names):
        return xml
    used, used_names = set(ids), set(names)
    seen, seen_names = set[str](), set[str]()
    current: dict[str, str] = {}

    def own(match: re.Match[str]) -> str:
        tag = match[0]
        number = _ID.search(tag)
        if number is None:
            return tag
        if match[1] == "End":
            return _ID.sub(lambda found: found[1] + current.get(found[2], found[2]) + found[3], tag)
        new = number[2] if number[2] not in seen else _next_number("", used)
        current[number[2]] = new
        used.add(new)
        seen.add(new)
        name = _NAME.search(tag)
        if name is not None:
            called = name[2] if name[2] not in seen_names else _next_name(name[2], used_names)
            used_names.add(called)
            seen_names.add(called)
            tag = _NAME.sub(lambda found: found[1] + called + found[3], tag)
        return _ID.sub(lambda found: found[1] + new + found[3], tag)

    return _BOOKMARK.sub(own, xml)
