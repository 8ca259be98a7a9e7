"""How high and how wide a text stands: paragraph properties as styles and paragraphs give them, and lines counted.

Lengths are in twentieths of a point (twips), as in the file. What is not here has no bearing on where pages break in
documents with exact line distances, or is too rare to be worth its time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = frozenset({"0", "false", "off"})
_SINGLE = 1.3  # height of a line of Chinese type at single spacing, in sizes
_AUTO_SPACE = 0.2  # between Chinese characters and Western ones, in sizes; LibreOffice 7.4 knows no autoSpaceDE

# Type: Times New Roman in thousandths of the size, the same for every Western font.
_NARROW = {
    **dict.fromkeys("0123456789", 500), **dict.fromkeys("abdghknopquvxy", 500), **dict.fromkeys("cez", 444),
    **dict.fromkeys("ijlt", 278), **dict.fromkeys("frsI", 360), **dict.fromkeys("mMW", 860), **dict.fromkeys("w%", 778),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ", 660), **dict.fromkeys(" .,;:/\\'|!", 260),
    **dict.fromkeys("()[]-{}`\"‘’", 333), **dict.fromkeys("“”", 444), **dict.fromkeys("…—", 1000), "+": 564, "·": 250,
}  # fmt: skip
_OTHER_NARROW = 560
_NEVER_FIRST = frozenset("，。、；：？！）》」』】〕’”…—·%％,.;:?!)]}~～")
_HANGING = frozenset("，。、；：,.")
_NEVER_LAST = frozenset("（《「『【〔‘“([{")
_EITHER = frozenset("‘’“”…—·")
_LAST_WESTERN = "\u024f"  # what comes after is set as wide as it is high, and may be broken before and after
_WIDE = re.compile(r"[^\x00-\u024f]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a paragraph's properties decides where it stands."""

    line: int = 240
    exact: bool = False  # `line` is a height; else it counts in 240ths of the type's own
    least: bool = False
    before: int = 0
    after: int = 0
    left: int = 0
    right: int = 0
    first: int = 0
    size: int = 210
    closer: int = 0
    break_before: bool = False
    keep_next: bool = False
    keep_lines: bool = False
    widow: bool = True

    @property
    def height(self) -> int:
        """The height of a line."""
        if self.exact:
            return self.line
        own = int(self.size * _SINGLE)
        return max(self.line, own) if self.least else own * self.line // 240


class Shapes:
    """The shapes of the paragraphs of a document with these styles."""

    def __init__(self, styles: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._known: dict[str, Shape] = {}
        self._plain = Shape()
        self._default = ""
        if styles is None:
            return
        defaults = styles.find(_W + "docDefaults")
        if defaults is not None:
            paragraph = defaults.find(f"{_W}pPrDefault/{_W}pPr")
            self._plain = laid_over(self._plain, paragraph, defaults.find(f"{_W}rPrDefault/{_W}rPr"))
        for style in styles.iter(_W + "style"):
            style_id = style.get(_W + "styleId", "")
            self._styles[style_id] = style
            if style.get(_W + "type") == "paragraph" and style.get(_W + "default") in ("1", "true"):
                self._default = style_id

    def of(self, paragraph: etree._Element) -> Shape:
        """Return the shape of a paragraph of the document."""
        properties = paragraph.find(_W + "pPr")
        if properties is None:
            return self._of_style(self._default, 0)
        style = properties.find(_W + "pStyle")
        shape = self._of_style(style.get(_W + "val", "") if style is not None else self._default, 0)
        if len(properties) > (style is not None):
            shape = laid_over(shape, properties, None)
        return shape

    def _of_style(self, style_id: str, depth: int) -> Shape:
        if style_id in self._known:
            return self._known[style_id]
        style = self._styles.get(style_id)
        if style is None or depth > len(self._styles):
            return self._plain
        base = style.find(_W + "basedOn")
        below = self._of_style(base.get(_W + "val", ""), depth + 1) if base is not None else self._plain
        shape = laid_over(below, style.find(_W + "pPr"), style.find(_W + "rPr"))
        self._known[style_id] = shape
        return shape


def laid_over(shape: Shape, paragraph: etree._Element | None, run: etree._Element | None) -> Shape:
    """Return `shape` with what the properties of a paragraph and of its type say instead."""
    said: dict[str, int | bool] = {}
    for element in run if run is not None else ():
        if element.tag == _W + "sz":
            said["size"] = 10 * number(element, "val")
        elif element.tag == _W + "spacing":
            said["closer"] = number(element, "val")
    for element in paragraph if paragraph is not None else ():
        name = _FLAGS.get(element.tag)
        if name:
            said[name] = element.get(_W + "val", "1") not in _OFF
        elif element.tag == _W + "spacing":
            for key in ("before", "after", "line"):
                if element.get(_W + key) is not None:
                    said[key] = number(element, key)
            rule = element.get(_W + "lineRule")
            if rule or "line" in said:
                said["exact"], said["least"] = rule == "exact", rule == "atLeast"
        elif element.tag == _W + "ind":
            said |= _indents(element, int(said.get("size", shape.size)))
    return replace(shape, **said) if said else shape  # type: ignore[arg-type]  # every field is one of the two


_FLAGS = {
    _W + "pageBreakBefore": "break_before", _W + "keepNext": "keep_next", _W + "keepLines": "keep_lines",
    _W + "widowControl": "widow",
}  # fmt: skip


def _indents(element: etree._Element, size: int) -> dict[str, int]:
    """Return the indents. Those in hundredths of a character go before those in twips, unless they are 0."""
    found: dict[str, int] = {}
    for name, key, sign in (
        ("left", "left", 1), ("start", "left", 1), ("right", "right", 1), ("end", "right", 1),
        ("firstLine", "first", 1), ("hanging", "first", -1),
    ):  # fmt: skip
        if element.get(f"{_W}{name}Chars") not in (None, "0"):
            found[key] = sign * number(element, f"{name}Chars") * size // 100
        elif element.get(_W + name) is not None:
            found[key] = sign * number(element, name)
    return found


def number(element: etree._Element, name: str) -> int:
    """Return an attribute as a whole number, 0 where it is absent or none: some programs write 12.5 and 50%."""
    try:
        return int(float(element.get(_W + name, "0")))
    except ValueError:
        return 0


def lines(texts: Sequence[str], shape: Shape, width: int, *, hanging: bool) -> int:
    """Return how many lines a paragraph takes whose parts between line breaks are `texts`.

    With `hanging`, stops may stand beyond the end of a line: LibreOffice 7.4 allows it outside of tables alone.
    """
    room = width - shape.left - shape.right
    if len(texts) == 1 and len(texts[0]) * (shape.size + shape.closer) + shape.first <= room:
        return 1
    return sum(
        _count(text, room, shape.first if number == 0 else 0, shape.size, shape.closer, hanging)
        for number, text in enumerate(texts)
    )


@lru_cache(maxsize=20_000)
def _count(text: str, room: int, first: int, size: int, closer: int, hanging: bool) -> int:
    em = size + closer
    if len(text) * em + first <= room:
        return 1
    if room < size:
        return max(1, len(text))
    count, start = 1, 0
    left = room - first
    while True:
        start = _line_end(text, start, left, size, closer, hanging)
        if start >= len(text):
            return count
        count += 1
        left = room


def _line_end(text: str, start: int, room: int, size: int, closer: int, hanging: bool) -> int:
    """Return where the line that begins at `start` ends: at least one character further."""
    em = size + closer
    fits = room // em
    wide = _WIDE.match(text, start, min(len(text), start + fits + 2))
    if wide is not None and wide.end() >= min(len(text), start + fits + 1):
        end = start + fits
    else:
        end = _mixed_end(text, start, room, size, closer)
    if end >= len(text):
        return len(text)
    return max(start + 1, _legal_end(text, start, end, hanging))


def _mixed_end(text: str, start: int, room: int, size: int, closer: int) -> int:
    used = 0.0
    last, last_wide = "", True
    for at in range(start, len(text)):
        sign = text[at]
        # Quotation marks and dashes go with what stands before them.
        wide = last_wide if sign in _EITHER else sign > _LAST_WESTERN
        used += closer + (size if wide else _NARROW.get(sign, _OTHER_NARROW) * size / 1000)
        if last and wide != last_wide and sign.isalnum() and last.isalnum():
            used += _AUTO_SPACE * size
        last, last_wide = sign, wide
        if used - closer > room and sign != " ":
            return at
    return len(text)


def _legal_end(text: str, start: int, end: int, hanging: bool) -> int:
    """Return the nearest break up to `end` that typesetting allows.

    No stop begins a line and no bracket that opens ends it; a stop may hang over the end. Numbers are broken like
    Chinese text, as LibreOffice does where they are marked as Chinese.
    """
    if hanging and text[end] in _HANGING and (end + 1 >= len(text) or _allowed(text, end + 1)):
        return end + 1
    return next((at for at in range(end, start, -1) if _allowed(text, at)), end)


def _allowed(text: str, at: int) -> bool:
    return text[at] not in _NEVER_FIRST and text[at - 1] not in _NEVER_LAST
