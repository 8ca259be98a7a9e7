"""What changed inside of a text: which words went, which came, which stayed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_LONGEST = 3000  # words that are compared one by one; in a quarter of a second
_LEAST = 0.25  # of the words, that have to stay; otherwise the whole text is another
_SHORT = 1  # words; what stays between two changes and is no longer would only make them hard to read
_AROUND = 8  # signs on both sides of a change
_LEFT_OUT = "……"


class TextChange(NamedTuple):
    """A stretch of a text as it was and as it is; equal where nothing has changed, one of them may be empty."""

    old: str
    new: str

    @property
    def kept(self) -> bool:
        return self.old == self.new


def pieces(old: str, new: str) -> list[TextChange]:
    """Return the stretches of two versions of a text, one after the other."""
    found = [TextChange("".join(before), "".join(after)) for before, after in word_pieces(words(old), words(new))]
    return [piece for piece in found if piece.old or piece.new]


def word_pieces(old: Sequence[str], new: Sequence[str]) -> list[tuple[Sequence[str], Sequence[str]]]:
    """Return the stretches of two sequences of words: equal ones, and those that took the place of others."""
    if old == new or max(len(old), len(new)) > _LONGEST:
        return [(old, new)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _LEAST:
        return [(old, new)]
    found: list[tuple[Sequence[str], Sequence[str]]] = []
    blocks = matcher.get_opcodes()
    for at, (kind, begin, end, first, last) in enumerate(blocks):
        piece = old[begin:end], new[first:last]
        inner = 0 < at < len(blocks) - 1
        lonely = kind == "equal" and inner and end - begin <= _SHORT
        if found and (lonely or kind != "equal") and found[-1][0] != found[-1][1]:
            found[-1] = ([*found[-1][0], *piece[0]], [*found[-1][1], *piece[1]])
        else:
            found.append(piece)
    return found


def words(text: str) -> list[str]:
    """Return the words of a text that change as a whole: numbers, words in Latin letters, single other signs."""
    found: list[str] = []
    for sign in text:
        if found and _joins(found[-1], sign):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _joins(before: str, sign: str) -> bool:
    last = before[-1]
    if not (last.isascii() and sign.isascii()):
        return False
    if sign in ".," or last in ".,":
        return before[0].isdigit() and (sign.isdigit() or sign in ".,")
    return last.isalnum() and sign.isalnum()


def excerpts(old: str, new: str) -> tuple[str, str]:
    """Return both versions of a text, cut down to what differs and a little around it; in one line each."""
    begin = _common(old, new)
    end = _common(old[begin:][::-1], new[begin:][::-1])
    return _excerpt(old, begin, end), _excerpt(new, begin, end)


def _common(one: str, other: str) -> int:
    """Return with how many signs both begin."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _excerpt(text: str, begin: int, end: int) -> str:
    first, last = max(0, begin - _AROUND), min(len(text), len(text) - end + _AROUND)
    # What would be left out has to be longer than the mark that says so.
    first = 0 if first <= len(_LEFT_OUT) else first
    last = len(text) if len(text) - last <= len(_LEFT_OUT) else last
    shown = " ".join(text[first:last].split())
    return f"{_LEFT_OUT if first else ''}{shown}{_LEFT_OUT if last < len(text) else ''}"
