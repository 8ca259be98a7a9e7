"""Where a text may be wrong: what must be so, at least, of two characters side by side for a slip to be there.

Two characters are judged once, and what was found of them is remembered for the texts that come; for nearly all, it is
that nothing can be wrong. So of a document only the others are looked at.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from itertools import compress, permutations
from operator import ne
from typing import Any, NamedTuple

from perfxl.checks.language.character_pairs import mixed, pairs, twos_of
from perfxl.checks.language.lexicon import Lexicon, lexicon
from perfxl.checks.language.lexicon_entry import ENTRIES, FREE, LexiconEntry

_MOST = 16_000  # pairs remembered, in some three megabytes; units write fewer and fewer that nobody wrote before


Row = tuple[int, int, int, int, str]
"""An entry for which two characters may be part of a slip: their place in it, its number and its length; how far from
the first another character stands that must sound like what follows, 0 where none must."""


class Judged(NamedTuple):
    """What may be wrong at two characters. `looks`: one of them may stand for another that looks like it."""

    rows: tuple[Row, ...] = ()
    looks: bool = False


Kept = tuple[Any, ...]
"""In plain values, as `marshal` takes them."""


class Suspicions:
    """What may be wrong with the pairs of characters met so far."""

    def __init__(self, remembered: Kept | None = None) -> None:
        self._forget()
        if remembered is not None:
            self._recall(*remembered)

    def remembered(self) -> Kept:
        """Return all that another one has to know to go on from here."""
        judged = {number: tuple(found) for number, found in self._judged.items()}
        return self._calm, self._uneasy, judged, self._met, self._alike

    def _forget(self) -> None:
        self._calm: set[int] = set()
        self._uneasy: set[int] = set()
        self._judged: dict[int, Judged] = {}
        # Of pairs that have the same first character, or the same second one, and sound exactly alike: by a number for
        # what they share, the first of them that was met; and by each that is not alone, that number.
        self._met: tuple[dict[int, int], ...] = ({}, {})
        self._alike: tuple[dict[int, int], ...] = ({}, {})

    def _recall(self, calm: Any, uneasy: Any, judged: Any, met: Any, alike: Any) -> None:
        self._calm, self._uneasy, self._met, self._alike = calm, uneasy, met, alike
        self._judged = {number: Judged(*found) for number, found in judged.items()}

    def uneasy(self, text: str) -> set[int]:
        """Return the pairs at which something may be wrong in `text`, which has a stretch of Chinese on each line."""
        here = set(pairs(text))
        if len(self._calm) + len(self._uneasy) > _MOST:
            self._forget()
        if fresh := here - self._calm - self._uneasy:
            self._judge(fresh)
        return here & self._uneasy

    def judged(self, left: set[int]) -> dict[int, Judged]:
        """Return what was found of those pairs of which something was."""
        return {number: self._judged[number] for number in self._judged.keys() & left}

    def rivals(self, left: set[int]) -> list[tuple[str, str]]:
        """Return pairs, and others with the same first character and a second one that sounds exactly alike.

        Only those are returned which have some character behind them alike as well, and whose second is not `FREE`.
        """
        behind = {(one[0], other[0]) for group in self._alike_in(1, left) for one, other in permutations(group, 2)}
        if not behind:
            return []
        found = [pair for group in self._alike_in(0, left) for pair in permutations(group, 2)]
        return [(one, other) for one, other in found if one[1] not in FREE and (one[1], other[1]) in behind]

    def _alike_in(self, same: int, left: set[int]) -> list[list[str]]:
        """Return those pairs that share their first character, or the second one, and sound alike, side by side."""
        alike = self._alike[same]
        here = [*filter(alike.__contains__, left)]
        keys = [*map(alike.__getitem__, here)]
        groups: dict[int, list[str]] = {key: [] for key, number in Counter(keys).items() if number > 1}
        several = [*map(groups.__contains__, keys)]
        twos = twos_of(compress(here, several))
        for at, key in enumerate(compress(keys, several)):
            groups[key].append(twos[2 * at : 2 * at + 2])
        return list(groups.values())

    def _judge(self, fresh: set[int]) -> None:
        """Sort pairs into the calm and the uneasy; some that were calm may become uneasy for them."""
        words = lexicon()
        every = list(fresh)
        rows: dict[int, list[Row]] = {number: [] for number in words.looks & fresh}
        for number in words.by_writing.known & fresh:
            for place, entry in _placed(words.by_writing.of(number)):
                rows.setdefault(number, []).append((place, entry, words.length(entry), 0, ""))
        uneasy: set[int] = set()
        twos = twos_of(every)
        blurred, exact = words.sounds(twos), words.exact_sounds(twos)
        for same in (0, 1):
            single, several = words.alike(same)
            keys = mixed(twos, blurred, same)
            others = list(map(single.get, keys, every))
            for number, key, other in compress(zip(every, keys, others, strict=True), map(ne, others, every)):
                for pair in (other,) if other else several.of(key):
                    if pair != number:
                        rows.setdefault(number, []).extend(self._meant(number, pair, same))
            uneasy |= self._meet(same, every, mixed(twos, exact, same))
        for number, found in rows.items():
            if found or number in words.looks:
                self._judged[number] = Judged(tuple(found), number in words.looks)
                uneasy.add(number)
        self._uneasy |= uneasy
        self._calm |= fresh
        self._calm -= uneasy

    def _meant(self, number: int, pair: int, same: int) -> list[Row]:
        """Return the entries with a `pair` that sounds like another, where that is enough to notice a slip for them.

        At most half of a word differs, so somewhere a character that differs stands behind one that does not, or all
        that differ stand at the beginning.
        """
        words = lexicon()
        found: list[Row] = []
        for place, entry in _placed(words.by_pair.of(pair)):
            length = words.length(entry)
            if length == 2:
                if is_plausible(words, twos_of([number]), words.entry(entry)):
                    found.append((0, entry, 2, 0, ""))
            elif same == 0 or place < max(1, length // 2):
                away = 2 if place + 2 < length else -1
                found.append((place, entry, length, away, words.key_at(entry, place + away)))
        return found

    def _meet(self, same: int, every: list[int], keys: array[int]) -> set[int]:
        """Return those that share something with others that were met, and those others."""
        found: set[int] = set()
        alike = self._alike[same]
        others = list(map(self._met[same].setdefault, keys, every))
        for number, other, key in compress(zip(every, others, keys, strict=True), map(ne, others, every)):
            if "\n" not in twos_of([number]):
                alike[number] = alike[other] = key
                found |= {number, other}
        return found


def _placed(rows: Iterable[int]) -> list[tuple[int, int]]:
    return [divmod(row, ENTRIES) for row in rows]


def is_plausible(words: Lexicon, wrong: str, entry: LexiconEntry) -> bool:
    """Return whether `wrong` is near enough to the word of the entry to be a slip for it, and no word itself."""
    differing = sum(map(ne, wrong, entry.word))
    if differing > max(1, len(wrong) // 2) or words.sounds(wrong) != entry.key or wrong in words.known:
        return False
    exactly = words.exact_sounds(wrong) == entry.exact
    if not exactly and (len(wrong) == 2 or differing > 1):
        return False
    # What could all stand alone needs a group that leaves no other reading.
    return not FREE.issuperset(wrong) or (entry.settled == 1 and exactly and len(wrong) > 3)
