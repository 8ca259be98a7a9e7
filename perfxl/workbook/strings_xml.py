"""The strings of a workbook: the shared ones of `sharedStrings.xml`, and those inside a cell."""

from __future__ import annotations

import re

from perfxl.workbook.markup import MAIN, Unusual, elements, root, unescaped
from perfxl.workbook.texts import shown

_TEXT = r'(?:<t(?: xml:space="preserve")?+>[^<]*+</t>|<t/>)'
_FONT = r'<rPr>(?:<\w++(?: \w++="[^"<]*+")*+/>)*+</rPr>|<rPr/>'
_RUN = rf"<r>(?:{_FONT})?+{_TEXT}</r>"
# Chinese and Japanese editions of Excel leave notes on the pronunciation, which are no part of the text.
_SOUND = rf'<rPh(?: \w++="[0-9]*+")*+>{_TEXT}</rPh>'
_INSIDE = rf'((?:{_TEXT})?+(?:{_RUN})*+)(?:{_SOUND})*+(?:<phoneticPr(?: \w++="[^"<]*+")*+/>)?+'
_STRING = re.compile(_INSIDE)
# A string of text alone, one that has runs or sounds, the end, or all the rest where it is none of these.
_NEXT = re.compile(
    rf'<si>(?:<t(?: xml:space="preserve")?+>([^<]*+)</t></si>|{_INSIDE}</si>)|(</sst>\s*+\Z)|(.+)', re.DOTALL
)
_PIECE = re.compile(r'<t(?: xml:space="preserve")?>([^<]*)</t>')


def string_of(inside: bytes) -> str:
    """Return the text of a string, of what stands between its tags. Raises `Unusual`."""
    elements(b'<is xmlns="' + MAIN.encode() + b'">' + inside + b"</is>", "is")
    found = _STRING.fullmatch(inside.decode())
    if found is None:
        raise Unusual(f"a string {inside[:80]!r}")
    return _whole(found[1])


def shared_strings(part: bytes) -> list[str]:
    """Return the strings of `sharedStrings.xml` by their numbers. Raises `Unusual`."""
    elements(part, "sst")
    _, begin = root(part, b"sst")
    found = _NEXT.findall(part[begin:].decode())
    _, _, closing, stray = found.pop()
    if not closing:
        raise Unusual(f"a string {stray[:80]}")
    return [_whole(rich) if rich else shown(unescaped(plain)) for plain, rich, _, _ in found]


def _whole(runs: str) -> str:
    return shown("".join(map(unescaped, _PIECE.findall(runs))))
