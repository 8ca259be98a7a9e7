"""The strings of a workbook: the shared ones of `sharedStrings.xml`, and those inside a cell."""

from __future__ import annotations

import re

from perfxl.workbook.markup import Unusual, elements, root, text_of
from perfxl.workbook.texts import shown

_TEXT = rb'(?:<t(?: xml:space="preserve")?+>[^<]*+</t>|<t/>)'
_FONT = rb"<rPr>(?:<\w++(?: \w++=\"[^\"<&]*+\")*+/>)*+</rPr>|<rPr/>"
_RUN = rb"<r>(?:" + _FONT + rb")?+" + _TEXT + rb"</r>"
# Chinese and Japanese editions of Excel leave notes on the pronunciation, which are no part of the text.
_SOUND = rb"<rPh(?: \w++=\"[0-9]*+\")*+>" + _TEXT + rb"</rPh>"
_SOUNDS = rb"(?:" + _SOUND + rb")*+(?:<phoneticPr(?: \w++=\"[^\"<&]*+\")*+/>)?+"
_INSIDE = rb"((?:" + _TEXT + rb")?+(?:" + _RUN + rb")*+)" + _SOUNDS
_STRING = re.compile(_INSIDE)
_NEXT = re.compile(
    rb'<si>(?:<t(?: xml:space="preserve")?+>([^<]*+)</t></si>|' + _INSIDE + rb"</si>)|</sst>\s*\Z|(.)", re.DOTALL
)
_PIECE = re.compile(rb"<t(?: xml:space=\"preserve\")?>([^<]*)</t>")


def string_of(inside: bytes) -> str:
    """Return the text of a string, of what stands between its tags. Raises `Unusual`."""
    found = _STRING.fullmatch(inside)
    if found is None:
        raise Unusual(f"a string {inside[:80]!r}")
    return shown("".join(map(text_of, _PIECE.findall(found[1]))))


def shared_strings(part: bytes) -> list[str]:
    """Return the strings of `sharedStrings.xml` by their numbers. Raises `Unusual`."""
    _, begin = root(part, b"sst")
    # The expression below sees to what is well-formed in the strings, expat to what is before them.
    elements(part[:begin] + b"</sst>", "sst", frozenset())
    strings: list[str] = []
    for found in _NEXT.finditer(part, begin):
        plain, rich, stray = found.groups()
        if stray is not None:
            raise Unusual(f"a string {part[found.start():][:80]!r}")
        if plain is not None:
            strings.append(shown(text_of(plain)))
        elif rich is not None:
            strings.append(shown("".join(map(text_of, _PIECE.findall(rich)))))
        else:
            return strings
    raise Unusual("strings without an end")
