"""The XML of a workbook's parts, as far as the fast reader needs it: elements of small parts, and texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Concatenate, ParamSpec, TypeVar
from xml.parsers import expat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


_ROOT = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?(?: standalone="(?:yes|no)")?\s*\?>\s*)?'
    rb"<(\w+)((?:\s+[\w:]+=\"[^\"<>]*\")+)\s*>"
)
_DECLARATION = re.compile(
    rb'(?:\xef\xbb\xbf)?<\?xml version="1\.0"(?: encoding="(?i:utf-8|utf-16)")?(?: standalone="(?:yes|no)")?\s*\?>'
)
# The attributes without a prefix that the root of a part may have; openpyxl refuses others.
_OF_ROOT = {"workbook": ("conformance",), "sst": ("count", "uniqueCount")}
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(\w+));")
_ENTITIES = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}  # the last may bring forth the others
_DEFAULT = b'xmlns="' + MAIN.encode() + b'"'
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_STRAY = re.compile(rb"&(?!amp;|lt;|gt;|quot;|apos;|#x[0-9a-fA-F]{1,6};|#[0-9]{1,7};)")

Element = tuple[str, dict[str, str], list[str]]
"""The local name of an element, its attributes, and its text in pieces."""


_PREFIXED = " "  # expat's separator: it stands in the names of attributes that have a prefix
_NOTHING: Mapping[str, frozenset[str]] = {}


_Rest = ParamSpec("_Rest")
_Result = TypeVar("_Result")
_Work = Callable[Concatenate[bytes, _Rest], _Result]
_LONGEST_KEPT = 100_000  # bytes


class UnusualXml(Exception):
    """Raised where a part is not written as programs write it, so that it takes the careful reader to be sure."""


def keeping(number: int) -> Callable[[_Work[_Rest, _Result]], _Work[_Rest, _Result]]:
    """Return a decorator that keeps what a function found out about that many parts, unless they are very long.

    The forms of an office were copied from one file, and programs write what people did not touch the same each time.
    """

    def decorated(work: _Work[_Rest, _Result]) -> _Work[_Rest, _Result]:
        kept = lru_cache(maxsize=number)(work)

        def either(part: bytes, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Result:
            return (kept if len(part) <= _LONGEST_KEPT else work)(part, *rest, **named)

        return either

    return decorated


def known(**attributes: str) -> Mapping[str, frozenset[str]]:
    """Return names of elements with those of their attributes, for `elements`."""
    return {name: frozenset(text.split()) for name, text in attributes.items()}


def elements(
    part: bytes, root: str, wanted: Mapping[str, frozenset[str]] = _NOTHING, namespace: str = MAIN
) -> list[Element]:
    """Return the elements of a part that are `wanted`, in their order, with their own text.

    `wanted` tells for each what attributes it may have besides those with a prefix. Raises `UnusualXml` where it has
    others, and where the part is not well-formed, declares entities or has another root.
    """
    if b"<?xml" in part[:8] and not _DECLARATION.match(part):
        raise UnusualXml("an unknown declaration")
    found: list[Element] = []
    names = {f"{namespace} {name}": (name, may) for name, may in wanted.items()}
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, attributes: dict[str, str]) -> None:
        if (expected := names.get(name)) is not None:
            local, may = expected
            if not may.issuperset(attributes) and any(_PREFIXED not in other for other in attributes.keys() - may):
                raise UnusualXml(f"attributes of {local}: {' '.join(attributes)}")
            text: list[str] = []
            found.append((local, attributes, text))
            parser.CharacterDataHandler = text.append

    def end(_: str) -> None:
        parser.CharacterDataHandler = None

    def check_root(name: str, attributes: dict[str, str]) -> None:
        if name != f"{namespace} {root}":
            raise UnusualXml(f"{name} instead of {root}")
        if any(_PREFIXED not in other and other not in _OF_ROOT.get(root, ()) for other in attributes):
            raise UnusualXml(f"attributes of {root}: {' '.join(attributes)}")
        # Every call into Python costs more than expat's own work on an element.
        parser.StartElementHandler = start if names else None
        parser.EndElementHandler = end if names else None

    parser.StartElementHandler = check_root
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(part, True)
    except expat.ExpatError as fault:
        raise UnusualXml(str(fault)) from fault
    finally:
        # Parser and handlers hold each other, and so some 50 kB until the garbage collector comes by.
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
    return found


def _refuse(*_: object) -> None:
    raise UnusualXml("a document type declaration")


def root(part: bytes, name: bytes) -> tuple[bytes, int]:
    """Return the attributes of the root of a part, and where its tag ends.

    Raises `UnusualXml` where the part is not in UTF-8, or its namespace is not the default or has a prefix as well.
    """
    match = _ROOT.match(part)
    if match is None or match[1] != name or _DEFAULT not in match[2] or match[2].count(MAIN.encode()) != 1:
        raise UnusualXml("no part as it is commonly written")
    return match[2], match.end()


def checked(raw: bytes) -> str:
    """Return what stands between two tags, as it is written. Raises `UnusualXml` where no XML parser would take it."""
    if len(raw.translate(None, _CONTROLS)) < len(raw) or (b"&" in raw and _STRAY.search(raw)):
        raise UnusualXml("text that is no XML")
    if b"]" in raw and b"]]>" in raw:
        raise UnusualXml("the end of a section of characters")
    try:
        text = raw.decode()
    except UnicodeDecodeError as fault:
        raise UnusualXml("text that is not UTF-8") from fault
    if "\ufffe" in text or "\uffff" in text:
        raise UnusualXml("a character that XML does not have")
    return text


def text_of(raw: bytes) -> str:
    """Return the text between two tags, as an XML parser gives it. Raises `UnusualXml` where it would refuse it."""
    return unescaped(checked(raw))


def unescaped(text: str) -> str:
    """Return what a text between two tags means that is known to be well-formed. Raises `UnusualXml`."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&#" in text:
        return _ENTITY.sub(_character, text)
    if "&" in text:
        for name, sign in _ENTITIES.items():
            text = text.replace(f"&{name};", sign)
    return text


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name:
        return _ENTITIES[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
        return chr(code)
    raise UnusualXml("a character that XML does not have")
