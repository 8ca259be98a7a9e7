"""How many lines a text takes. Lengths are in twentieths of a point (twips).

No stop begins a line and no bracket that opens ends it. Numbers and Western words are not broken: the templates mark
them as English, since LibreOffice 7.4 breaks them like Chinese text where they are marked as Chinese (2025年1|2月31日).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

_AUTO_SPACE = 0.2  # between Chinese characters and Western ones, in sizes; LibreOffice 7.4 knows no autoSpaceDE

# Type: Times New Roman in thousandths of the size, the same for every Western font.
NARROW = {
    **dict.fromkeys("0123456789", 500), **dict.fromkeys("abdghknopquvxy", 500), **dict.fromkeys("cez", 444),
    **dict.fromkeys("ijlt", 278), **dict.fromkeys("frsI", 360), **dict.fromkeys("mMW", 860), **dict.fromkeys("w%", 778),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ", 660), **dict.fromkeys(" .,;:/\\'|!", 260),
    **dict.fromkeys("()[]-{}`\"‘’", 333), **dict.fromkeys("“”", 444), **dict.fromkeys("…—", 1000), "+": 564, "·": 250,
}  # fmt: skip
OTHER_NARROW = 560
NEVER_FIRST = frozenset("，。、；：？！）》」』】〕’”…—·%％,.;:?!)]}~～")
_HANGING = frozenset("，。、；：,.;:")
NEVER_LAST = frozenset("（《「『【〔‘“([{")
_STOPS = frozenset("，。、；：？！")
_SIGNS = frozenset("≥≤±＋－¥￥")  # they stay with the number behind them
_EITHER = frozenset("‘’“”…—·")  # they go with what stands before them
_LAST_WESTERN = "\u024f"  # what comes after is set as wide as it is high, and may be broken before and after
_WIDE = re.compile(r"[^\x00-\u024f]*")
_WESTERN = re.compile(r"[\x00-\xb6\xb8-\u024f][\x00-\u024f‘’“”…—]*")
_CLOSE = 1e-6  # nearer to the end of a line than this, sums of fractions have to be made in their own order


@lru_cache(maxsize=3072)
def count(text: str, room: int, first: int, size: int, closer: int, hanging: bool) -> int:
    """Return how many lines `text` takes, which has no line ends, in lines of `room`, the first of them `first` less.

    `closer` is what each character takes more than its `size`. With `hanging`, stops may stand beyond the end of a
    line: LibreOffice 7.4 allows it outside of tables alone.
    """
    if len(text) * (size + closer) + first <= room:
        return 1
    if room < size:
        return max(1, len(text))
    measured = None if _WIDE.fullmatch(text) else _measured(text, size, closer)
    number, start, left, long = 1, 0, room - first, len(text)
    while True:
        if measured is None:
            end = start + left // (size + closer)
        else:
            end = _measured_end(text, measured, start, left, size, closer)
            if end < 0:
                end = _line_end(text, start, left, size, closer)
        if end >= long:
            return number
        if end <= start:
            start += 1
        elif _allowed(text, end, hanging):
            start = end
        else:
            start = _legal_end(text, start, end, hanging)
        if start >= long:
            return number
        number += 1
        left = room


_Measured = tuple[list[float], list[int], bool]
"""The places of all characters of a text as far as no line begins before them; those of them with a space before, which
is gone at the beginning of a line; whether all places are whole numbers."""


def _measured(text: str, size: int, closer: int) -> _Measured:
    widths: list[float] = [size + closer] * len(text)
    spaced: list[int] = []
    exact, space = True, _AUTO_SPACE * size
    for run in _WESTERN.finditer(text):
        start, end = run.span()
        widths[start:end], whole, begins, ends = _widths(text[start:end], size, closer)
        if not whole:
            exact = False
        if begins and start and text[start - 1].isalnum():
            widths[start] += space
            spaced.append(start)
        if ends and end < len(text) and text[end].isalnum():
            widths[end] += space
            spaced.append(end)
    return list(accumulate(widths, initial=0.0)), spaced, exact


def _measured_end(text: str, measured: _Measured, start: int, room: int, size: int, closer: int) -> int:
    """Return how far a line goes that begins at `start`, or less than 0 where that takes a closer look."""
    if text[start] in _EITHER:
        return -1
    if closer:
        fits = room // (size + closer)
        if _WIDE.match(text, start).end() >= min(len(text), start + fits + 1):  # type: ignore[union-attr]
            return start + fits
    places, spaced, exact = measured
    last = places[start] + room + closer
    if start in spaced:
        last += _AUTO_SPACE * size
    end = bisect_right(places, last)
    if not exact and (last - places[end - 1] < _CLOSE or (end < len(places) and places[end] - last < _CLOSE)):
        return -1
    end -= 1
    while end < len(text) and text[end] == " ":
        end += 1
    return end


@lru_cache(maxsize=1024)
def _widths(run: str, size: int, closer: int) -> tuple[list[float], bool, bool, bool]:
    """Return the widths of Western characters, whether all are whole numbers, and whether the first and the last stand
    apart from Chinese ones beside them.
    """
    widths = [closer + NARROW.get(sign, OTHER_NARROW) * size / 1000 for sign in run]
    return widths, all(map(float.is_integer, widths)), run[0].isalnum(), run[-1].isalnum()


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
        used += closer + (size if wide_sign else NARROW.get(sign, OTHER_NARROW) * size / 1000)
        if last and wide_sign != last_wide and sign.isalnum() and last.isalnum():
            used += _AUTO_SPACE * size
        last, last_wide = sign, wide_sign
        if used - closer > room and sign != " ":
            return at
    return len(text)


def _legal_end(text: str, start: int, end: int, hanging: bool) -> int:
    """Return the nearest break before `end`, which is behind `start`, that typesetting allows."""
    # Behind a Western sign nothing hangs: it belongs to another script.
    hangs = hanging and text[end] in _HANGING and text[end - 1] > _LAST_WESTERN
    if hangs and (end + 1 >= len(text) or text[end] in ",.;:" or _allowed(text, end + 1, hanging)):
        return end + 1
    return next((at for at in range(end - 1, start, -1) if _allowed(text, at, hanging)), end)


def _allowed(text: str, at: int, hanging: bool) -> bool:
    """Whether a line may begin at `at`."""
    before, sign = text[at - 1], text[at]
    if sign in NEVER_FIRST or before in NEVER_LAST:
        return False
    if sign > _LAST_WESTERN or sign == " ":
        return True
    # Within a Western word or number; behind a hyphen or a slash unless a number goes on (Unicode line breaking, LB25).
    if before in "-/":
        return not sign.isdigit()
    if before in _STOPS:
        return hanging  # LibreOffice 7.4 does not part a stop from the number behind it where no stop may hang
    return before == " " or (before > _LAST_WESTERN and before not in _SIGNS)
