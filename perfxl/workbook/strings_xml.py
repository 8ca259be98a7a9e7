"""The strings of a workbook: the shared ones of `sharedStrings.xml`, and those inside a cell."""

from __future__ import annotations

from functools import lru_cache

from perfxl import patterns
from perfxl.workbook.markup import MAIN, Unusual, checked, elements, root, unescaped
from perfxl.workbook.texts import shown

_TEXT = r'(?:<t(?: xml:space="preserve")?+>[^<]*+</t>|<t/>)'
_FONT = r'<rPr>(?:<\w++(?: \w++="[^"<]*+")*+/>)*+</rPr>|<rPr/>'
_RUN = rf"<r>(?:{_FONT})?+{_TEXT}</r>"
# Chinese and Japanese editions of Excel leave notes on the pronunciation, which are no part of the text.
_SOUND = rf'<rPh(?: \w++="[0-9]*+")*+>{_TEXT}</rPh>'
_INSIDE = rf'((?:{_TEXT})?+(?:{_RUN})*+)(?:{_SOUND})*+(?:<phoneticPr(?: \w++="[^"<]*+")*+/>)?+'
_STRING = patterns.compile(_INSIDE)
# A string of text alone, one that has runs or sounds, the end, or all the rest where it is none of these.
_NEXT = patterns.compile(
    rf'(?s)<si>(?:<t(?: xml:space="preserve")?+>([^<]*+)</t></si>|{_INSIDE}</si>)|(</sst>\s*+\Z)|(.+)'
)
_PIECE = patterns.compile(r'<t(?: xml:space="preserve")?>([^<]*)</t>')
_NOTE = patterns.compile(r'<phoneticPr fontId="[0-9]+"(?: type="\w+")?(?: alignment="\w+")?/>')
_FONT_ALONE = patterns.compile(_FONT)
_MARKED = patterns.compile("\2([^\0\2\3]*)\3")
_XML_BLANKS = " \t\r\n"
_OPEN = "<t>"
_KEPT = '<t xml:space="preserve">'
_FIRST = "<si><t>"
_BETWEEN = "</t></si><si><t>"
_LAST = "</t></si></sst>"
_TAGS = 4  # of a string
_LONGEST_FONT = 10_000  # characters


def string_of(inside: bytes) -> str:
    """Return the text of a string, of what stands between its tags. Raises `Unusual`."""
    elements(b'<is xmlns="' + MAIN.encode() + b'">' + inside + b"</is>", "is")
    found = _STRING.fullmatch(inside.decode())
    if found is None:
        raise Unusual(f"a string {inside[:80]!r}")
    return _whole(found[1])


def shared_strings(part: bytes) -> list[str]:
    """Return the strings of `sharedStrings.xml` by their numbers. Raises `Unusual`."""
    _, begin = root(part, b"sst")
    found = _all(part, begin)
    if found is not None:
        return found
    elements(part, "sst")
    strings = _NEXT.findall(part[begin:].decode())
    _, _, closing, stray = strings.pop()
    if not closing:
        raise Unusual(f"a string {stray[:80]}")
    return [_whole(rich) if rich else shown(unescaped(plain)) for plain, rich, _, _ in strings]


def _all(part: bytes, begin: int) -> list[str] | None:
    """Return the strings where all have nothing but text, or runs that have nothing but fonts and text, or None.

    Raises `Unusual`. They are looked at together: five hundred take 0.2 ms, and 0.9 ms one by one.
    """
    text = checked(part[begin:])  # so that there are none of the signs that mark places below
    text = text.rstrip(_XML_BLANKS).replace(_KEPT, _OPEN)
    if "\r" in text:
        return None
    if (at := text.find("<phoneticPr")) >= 0:
        # Chinese editions of Excel add the same note to every string that was typed.
        note = text[at : text.find("/>", at) + 2]
        if _NOTE.fullmatch(note):
            text = text.replace(f"{note}</si>", "</si>")
    if "<r>" in text:
        text = _runs_joined(text)
    if not (text.startswith(_FIRST) and text.endswith(_LAST)):
        return None
    number = text.count(_BETWEEN) + 1
    if text.count("<") != _TAGS * number + 1:
        return None
    elements(part[:begin] + b"</sst>", "sst")
    texts = text[len(_FIRST) : -len(_LAST)].replace(_BETWEEN, "\0")
    if "\2" in texts:
        texts = _MARKED.sub(r"\1", texts)
    if "\1" in texts or "\2" in texts or "\3" in texts:
        return None
    texts = unescaped(texts)
    return [shown(each) for each in texts.split("\0")] if "_x" in texts or "\r" in texts else texts.split("\0")


def _runs_joined(text: str) -> str:
    """Return the strings with their runs made one, between \\2 and \\3; \\1 stays where fonts are in a wrong place."""
    first, *pieces = text.split("<rPr>")
    parts = [piece.partition("</rPr>") for piece in pieces]
    for font in {font for font, _, _ in parts}:
        _check_font(font)
    text = "\1".join((first, *(rest for _, _, rest in parts))).replace("<r>\1<t>", "<r><t>")
    text = text.replace("</t></r><r><t>", "").replace("<si><r><t>", "<si><t>\2")
    return text.replace("</t></r></si>", "\3</t></si>")


@lru_cache(maxsize=256)
def _check_font(font: str) -> None:
    if len(font) > _LONGEST_FONT or not _FONT_ALONE.fullmatch(f"<rPr>{font}</rPr>"):
        raise Unusual(f"a font {font[:80]}")
    elements(f'<rPr xmlns="{MAIN}">{font}</rPr>'.encode(), "rPr")


def _whole(runs: str) -> str:
    return shown("".join(map(unescaped, _PIECE.findall(runs))))
