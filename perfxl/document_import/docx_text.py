"""What a paragraph of Word shows: the text of its runs, and the text boxes that hang on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VML = "{urn:schemas-microsoft-com:vml}"

_SIGNS = {
    W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-", W + "softHyphen": "",
}  # fmt: skip
# Ticks and boxes are often characters of a symbol font, which mean other characters elsewhere.
_SYMBOLS = {"F0A8": "□", "F06F": "□", "F0FE": "☑", "F052": "☑", "F0FC": "√", "F050": "√", "F0B7": "·"}
_UNSEEN = {W + "instrText", W + "delInstrText", W + "rt", W + "pPr", W + "rPr", W + "sectPr", W + "fldData"}
_DELETED = {W + "del", W + "moveFrom"}


class Seen(NamedTuple):
    """The text of a paragraph, what of it is struck out or hidden, and the contents of its text boxes."""

    text: str
    deleted: str
    hidden: str
    boxes: list[Element]


def seen(paragraph: Element) -> Seen:
    """Return what `paragraph` shows."""
    text: list[str] = []
    deleted: list[str] = []
    hidden: list[str] = []
    boxes: list[Element] = []
    # A stack of our own: how deep elements are nested is up to whoever wrote the file.
    todo: list[tuple[Element, list[str]]] = [(paragraph, text)]
    while todo:
        element, into = todo.pop()
        tag = element.tag
        if tag == W + "t" or tag == MATH + "t" or tag == W + "delText":
            (deleted if tag == W + "delText" else into).append(element.text or "")
        elif tag == W + "br":
            into.append("" if element.get(W + "type") in ("page", "column") else "\n")
        elif tag == W + "tab" and element.get(W + "pos") is not None:
            continue  # a tab stop, not a tab
        elif tag in _SIGNS:
            into.append(_SIGNS[tag])
        elif tag == W + "sym":
            into.append(_symbol(element.get(W + "char", "")))
        elif tag == W + "txbxContent":
            boxes.append(element)
        elif tag == VML + "textpath":
            into.append(element.get("string", ""))
        elif tag not in _UNSEEN:
            if tag in _DELETED:
                into = deleted
            elif tag == W + "r" and into is text and _is_hidden(element):
                into = hidden
            todo += [(child, into) for child in reversed(list(_shown(element)))]
    return Seen("".join(text), "".join(deleted), "".join(hidden), boxes)


def _shown(element: Element) -> Iterator[Element]:
    """Yield the children of an element; of alternatives the first, which the newer programs show."""
    if element.tag == COMPATIBILITY + "AlternateContent":
        first = element.find(COMPATIBILITY + "Choice")
        yield from first if first is not None else element.findall(COMPATIBILITY + "Fallback")
    else:
        yield from element


def _is_hidden(run: Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(W + "val", "true") not in ("0", "false", "off")


def _symbol(code: str) -> str:
    if code.upper() in _SYMBOLS:
        return _SYMBOLS[code.upper()]
    try:
        sign = chr(int(code, 16))
    except (ValueError, OverflowError):
        return "□"
    return "□" if "\ue000" <= sign <= "\uf8ff" or "\ud800" <= sign <= "\udfff" or sign < " " else sign
