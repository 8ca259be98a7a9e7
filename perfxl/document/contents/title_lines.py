"""The lines of a title: parted between words and about as long as one another.

Word, WPS and LibreOffice part Chinese at any character, and none of them knows words. So a title that takes several
lines is given less room, by its indents, until it falls apart where it should; its text stays as it was typed. Digits
and quotation marks are of other widths in other fonts, so it has to fall apart alike with the narrowest and the widest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from perfxl.document.contents.line_breaking import NARROW, NEVER_LAST, OTHER_NARROW
from perfxl.document.contents.title_words import NEVER_FIRST, prices

_STEPS = (8, 32)  # parts of a character by which room is taken away; the finer ones where the coarse find nothing good
_GOOD = 10.0  # a price
_LAST_WESTERN = "\u024f"
_EITHER = frozenset("‘’“”…—·")  # narrow behind Western characters, or as wide as high: programs differ
_SMALL = 3.0  # characters: a last line that is shorter is an orphan
_ORPHAN, _LINE = 60.0, 12.0  # what an orphan costs, and a line more than there has to be
_UNEVEN, _UNEVEN_LEFT = 0.5, 0.1  # what a line costs for each character that it is shorter than the longest
_STAY = 0.02, 0.3  # what a character of indent costs, on both sides and on the right alone
_WIDER = 1.28  # the widest digits of a font against the narrowest

Places = list[float]
"""Where each character of a text begins, and where the last one ends, as long as no line begins before it."""


@lru_cache(maxsize=512)
def narrowing(text: str, room: int, first: int, size: int, closer: int, centred: bool) -> int:
    """Return by how many twips the lines of a title have to be shorter than `room`, 0 where it is well as it is.

    `first` is how much less room the first line has, `closer` what each character takes more than its `size`.
    """
    em = size + closer
    if em <= 0 or room < 4 * em or len(text) * em * _WIDER + first <= room:
        return 0
    narrow, wide = _places(text, em)
    if wide[-1] + first <= room:
        return 0
    best, chosen = float("inf"), 0
    for steps in _STEPS:
        for begun, less, most, extra in _arrangements(text, (narrow, wide), room, first, max(1, em // steps)):
            amount = 0 if less == 0 else (less + most) // 2
            price = _price(text, begun, narrow, em, centred) + _LINE * extra + _STAY[not centred] * amount / em
            if price < best:
                best, chosen = price, amount
        if best < _GOOD:
            break
    return chosen


def _arrangements(
    text: str, places: tuple[Places, Places], room: int, first: int, step: int
) -> Iterator[tuple[tuple[int, ...], int, int, int]]:
    """Yield where lines may begin, the least and the most room to be taken away for it, and how many lines too many."""
    fewest = len(_lines(text, places[1], room, first))
    last: tuple[int, ...] | None = None
    least = at = 0
    for less in range(0, room - room // (fewest + 2), step):
        narrow = _lines(text, places[0], room - less, first)
        if len(narrow) > fewest + 1:
            break
        wide = _lines(text, places[1], room - less, first)
        here = narrow if narrow == wide else None
        if here != last:
            if last is not None:
                yield last, least, at, len(last) - fewest
            last, least = here, less
        at = less
    if last is not None:
        yield last, least, at, len(last) - fewest


def _lines(text: str, places: Places, room: int, first: int) -> tuple[int, ...]:
    """Return where the lines begin."""
    begun = [0]
    left, long = room - first, len(text)
    while True:
        start = begun[-1]
        at = bisect_right(places, places[start] + left) - 1
        while at < long and text[at] == " ":
            at += 1
        if at >= long:
            return tuple(begun)
        begun.append(_legal(text, at, start) if at > start else start + 1)
        left = room


def _legal(text: str, at: int, start: int) -> int:
    """Return the nearest place before `at`, behind `start`, at which office programs begin a line."""
    for place in range(at, start, -1):
        before, sign = text[place - 1], text[place]
        inside = sign <= _LAST_WESTERN and before <= _LAST_WESTERN and sign != " " and before != " "
        if not inside and sign not in NEVER_FIRST and before not in NEVER_LAST:
            return place
    return at


def _price(text: str, begun: tuple[int, ...], places: Places, em: int, centred: bool) -> float:
    lines = [places[end] - places[start] for start, end in pairwise((*begun, len(text)))]
    told, longest = prices(text), max(lines)
    price = sum(told[start] for start in begun[1:])
    price += (_UNEVEN if centred else _UNEVEN_LEFT) * sum(longest - line for line in lines) / em
    return price + (_ORPHAN if len(lines) > 1 and lines[-1] < _SMALL * em else 0)


def _places(text: str, em: int) -> tuple[Places, Places]:
    """Return where the characters of a text begin where they are as narrow and as wide as they may be."""
    narrow, wide = [0.0], [0.0]
    before = ""
    for sign in text:
        least = most = 1.0
        if sign in _EITHER:
            least = 0.45 if before and before <= _LAST_WESTERN else 1.0
        elif sign <= _LAST_WESTERN:
            own = NARROW.get(sign, OTHER_NARROW) / 1000
            least, most = min(own, 0.5), max(own * _WIDER, 0.5)
        apart = before.isalnum() and sign.isalnum() and (before > _LAST_WESTERN) != (sign > _LAST_WESTERN)
        narrow.append(narrow[-1] + em * (least + (0.15 if apart else 0)))
        wide.append(wide[-1] + em * (most + (0.25 if apart else 0)))
        before = sign
    return narrow, wide
