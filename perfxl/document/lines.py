"""How many lines a text takes. Lengths are in twentieths of a point (twips).

No stop begins a line and no bracket that opens ends it. Numbers are broken like Chinese text, as LibreOffice 7.4 does
where they are marked as Chinese.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from perfxl import patterns

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
_EITHER = frozenset("‘’“”…—·")  # they go with what stands before them
_LAST_WESTERN = "\u024f"  # what comes after is set as wide as it is high, and may be broken before and after
_WIDE = patterns.compile(r"[^\x00-\u024f]*")
_WESTERN = patterns.compile(r"[\x00-\xb6\xb8-\u024f][\x00-\u024f‘’“”…—]*")
_CLOSE = 1e-6  # nearer to the end of a line than this, sums of fractions have to be made in their own order


@lru_cache(maxsize=20_000)
def count(text: str, room: int, first: int, size: int, closer: int, hanging: bool) -> int:
    """Return how many lines `text` takes, which has no line ends, in lines of `room`, the first of them `first` less.

    `closer` is what each character takes more than its `size`. With `hanging`, stops may stand beyond the end of a
    line: LibreOffice 7.4 allows it outside of tables alone.
    """
    if len(text) * (size + closer) + first <= room:
        return 1
    if room < size:
        return max(1, len(text))
    measured = None if _WIDE.fullmatch(text) else _Measured(text, size, closer)
    number, start, left, long = 1, 0, room - first, len(text)
    while True:
        if measured is None:
            end = start + left // (size + closer)
        else:
            end = measured.line_end(start, left)
            if end < 0:
                end = _line_end(text, start, left, size, closer)
        if end >= long:
            return number
        if end <= start:
            start += 1
        elif text[end] not in _NEVER_FIRST and text[end - 1] not in _NEVER_LAST:
            start = end
        else:
            start = _legal_end(text, start, end, hanging)
        if start >= long:
            return number
        number += 1
        left = room


class _Measured:
    """A text with Western characters, and the places of all characters as far as no line begins before them."""

    __slots__ = ("_closer", "_em", "_exact", "_places", "_space", "_spaced", "_text")

    def __init__(self, text: str, size: int, closer: int) -> None:
        self._text, self._em, self._closer, self._space = text, size + closer, closer, _AUTO_SPACE * size
        self._exact = True
        self._spaced: list[int] = []  # characters with a space before them that is gone at the beginning of a line
        widths: list[float] = [self._em] * len(text)
        for run in _WESTERN.finditer(text):
            start, end = run.span()
            widths[start:end], exact = _widths(run.group(), size, closer)
            self._exact &= exact
            for at in (start, end):
                if 0 < at < len(text) and text[at].isalnum() and text[at - 1].isalnum():
                    widths[at] += self._space
                    self._spaced.append(at)
        self._places = list(accumulate(widths, initial=0.0))

    def line_end(self, start: int, room: int) -> int:
        """Return how far a line goes that begins at `start`, or less than 0 where that takes a closer look."""
        text, places = self._text, self._places
        if text[start] in _EITHER:
            return -1
        if self._closer:
            fits = room // self._em
            if _WIDE.match(text, start).end() >= min(len(text), start + fits + 1):  # type: ignore[union-attr]
                return start + fits
        last = places[start] + room + self._closer
        if start in self._spaced:
            last += self._space
        end = bisect_right(places, last)
        if not self._exact and (last - places[end - 1] < _CLOSE or (end < len(places) and places[end] - last < _CLOSE)):
            return -1
        end -= 1
        while end < len(text) and text[end] == " ":
            end += 1
        return end


@lru_cache(maxsize=4096)
def _widths(run: str, size: int, closer: int) -> tuple[tuple[float, ...], bool]:
    """Return the widths of Western characters, and whether all are whole numbers."""
    widths = tuple(closer + _NARROW.get(sign, _OTHER_NARROW) * size / 1000 for sign in run)
    return widths, all(width.is_integer() for width in widths)


def _line_end(text: str, start: int, room: int, size: int, closer: int) -> int:
    """Return where the line that begins at `start` is full."""
    fits = room // (size + closer)
    wide = _WIDE.match(text, start, min(len(text), start + fits + 2))
    if wide is not None and wide.end() >= min(len(text), start + fits + 1):
        return start + fits
    used = 0.0
    last, last_wide = "", True
    for at in range(start, len(text)):
        sign = text[at]
        wide_sign = last_wide if sign in _EITHER else sign > _LAST_WESTERN
        used += closer + (size if wide_sign else _NARROW.get(sign, _OTHER_NARROW) * size / 1000)
        if last and wide_sign != last_wide and sign.isalnum() and last.isalnum():
            used += _AUTO_SPACE * size
        last, last_wide = sign, wide_sign
        if used - closer > room and sign != " ":
            return at
    return len(text)


def _legal_end(text: str, start: int, end: int, hanging: bool) -> int:
    """Return the nearest break before `end`, which is behind `start`, that typesetting allows."""
    if hanging and text[end] in _HANGING and (end + 1 >= len(text) or _allowed(text, end + 1)):
        return end + 1
    return next((at for at in range(end - 1, start, -1) if _allowed(text, at)), end)


def _allowed(text: str, at: int) -> bool:
    return text[at] not in _NEVER_FIRST and text[at - 1] not in _NEVER_LAST
