"""The words of the field, how they sound, and how a text falls into words.

`perfxl/model/lexicon.txt` holds the words, `sounds.txt` the sounds (written by tools/make_sounds.py). What follows from
them takes long to work out, so it is kept between runs; and each part is unpacked when it is first asked for.
"""

from __future__ import annotations

import marshal
import sys
from array import array
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from perfxl import __version__
from perfxl.checks.language.character_pairs import PairRows
from perfxl.checks.language.lexicon_entry import FREE, LexiconEntry, is_chinese
from perfxl.model.field_words import LEXICON
from perfxl.storage import cache as storage

_HERE = Path(__file__).parent
_READERS = (  # modules
    "character_pairs",
    "common_words",
    "homophone_slips",
    "lexicon",
    "lexicon_entry",
    "lexicon_index",
    "slip_candidates",
    "stray_characters",
)
_LONGEST = 9
# What a piece of a text costs, in thousandths of a word: a character that belongs to none as much as two and a half. A
# word costs a hair more for each of its characters.
_WORD, _ODD = 1000, 2500

_COUNTING = frozenset("一二三四五六七八九十百千万亿两几半多数每各该这那此本")


class Token(NamedTuple):
    """A piece of a text: a known `word`, a `free` character, an `odd` one that is neither, or `other` signs."""

    start: int
    end: int
    kind: str


class Lexicon:
    """All that the language rules look up, unpacked from what `wordlist.worked_out` returns."""

    def __init__(self, packed: Mapping[str, Any]) -> None:
        self._packed = packed
        self.fuzzy = self._text("fuzzy")
        self.cuts = lru_cache(maxsize=1024)(self._cuts)
        self._lines = self._text("entries")
        self._starts = array("I", packed["starts"])
        self._entries: dict[int, LexiconEntry] = {}
        self._alike: dict[int, tuple[dict[int, int], PairRows]] = {}

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word."""
        return self._set("known")

    @cached_property
    def terms(self) -> frozenset[str]:
        """The words that may be proposed."""
        return self._set("terms")

    @cached_property
    def groups(self) -> frozenset[str]:
        """The words that are known only as word groups."""
        return self._set("groups")

    def entry(self, number: int) -> LexiconEntry:
        """Return an entry by its number. Few are ever asked for, so none is made before."""
        found = self._entries.get(number)
        if found is None:
            line = self._lines[self._starts[number] : self._starts[number + 1] - 1]
            word, key, exact, wrong = line.split("\t")
            found = LexiconEntry(word, key, exact, wrong, self._packed["settled"][number], self._packed["gaps"][number])
            self._entries[number] = found
        return found

    def length(self, number: int) -> int:
        """Return how many characters a slip for an entry has."""
        return int(self._packed["lengths"][number])

    def key_at(self, number: int, place: int) -> str:
        """Return how a character of an entry sounds that has no wrong writing of its own."""
        return self._lines[self._starts[number] + self.length(number) + 1 + place]

    @cached_property
    def by_pair(self) -> PairRows:
        """For two characters, the entries that have them, each as `place * ENTRIES + number`."""
        return PairRows(self._packed["by_pair"])

    @cached_property
    def by_writing(self) -> PairRows:
        """For two characters, the entries that have one wrong writing, of which these are the rarest."""
        return PairRows(self._packed["by_writing"])

    def alike(self, same: int) -> tuple[dict[int, int], PairRows]:
        """Return, by what pairs have in common, the one pair of the entries, or 0 for several; and those several.

        What they have in common is the first character and the sound of the second, or the other way round where
        `same` is 1; `pairs.mixed` makes a number of it.
        """
        if same not in self._alike:
            known, pair_or_none, several = self._packed["alike"][same]
            single = dict(zip(array("I", known), array("I", pair_or_none), strict=True))
            self._alike[same] = single, PairRows(several)
        return self._alike[same]

    @cached_property
    def looks(self) -> frozenset[int]:
        """The pairs of characters of which one may stand for another that looks like it."""
        return frozenset(array("I", self._packed["looks"]))

    @cached_property
    def strict(self) -> str:
        return self._text("strict")

    @cached_property
    def inner(self) -> frozenset[str]:
        """Every two characters that stand side by side in a word: between two others, no word goes on."""
        return self._set("inner")

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        """The first two characters of all words of more."""
        return self._set("beginnings")

    @cached_property
    def _long_beginnings(self) -> frozenset[str]:
        """The first four characters of all words of more."""
        return self._set("long_beginnings")

    def _set(self, name: str) -> frozenset[str]:
        return frozenset(self._text(name).split("\n"))

    def _text(self, name: str) -> str:
        return str(self._packed[name].decode("utf-16-le"))

    def sounds(self, text: str) -> str:
        """Return `text` with every Chinese character replaced by one that stands for its syllable."""
        return text.translate(self.fuzzy)

    def exact_sounds(self, text: str) -> str:
        """Return `text` with every Chinese character replaced by one for its syllable, zh and z, ing and in apart."""
        return text.translate(self.strict)

    def tokens(self, text: str) -> list[Token]:
        """Return the pieces of `text` in as few and as well-known words as it takes."""
        cuts = self.cuts(text)[1]
        found = []
        end = len(text)
        while end:
            found.append(Token(cuts[end], end, _kind(text[cuts[end] : end])))
            end = cuts[end]
        return found[::-1]

    def oddness(self, text: str) -> int:
        """Return how badly `text` falls into words, in thousandths of a word."""
        return self.cuts(text)[0]

    def _cuts(self, text: str) -> tuple[int, list[int]]:
        """Return the oddness, and for every place where the piece that ends there begins."""
        known, beginnings, long_beginnings = self.known, self._beginnings, self._long_beginnings
        cost = [0] + [_ODD * (len(text) + 1)] * len(text)
        cuts = [0] * (len(text) + 1)
        for start, char in enumerate(text):
            here = cost[start]
            pair = text[start : start + 2]
            lengths: Sequence[int] = (2,) if pair in known else ()
            if pair in beginnings:
                four = text[start : start + 4]
                lengths = range(2, _LONGEST + 1) if four in long_beginnings else (2, 3, 4)
            for length in lengths:
                # Of two equal ways the one with the shorter last word.
                word = text[start : start + length]
                if len(word) == length and word in known:
                    price = here + _WORD + length
                    if price <= cost[start + length]:
                        cost[start + length], cuts[start + length] = price, start
            price = here + (_WORD if char in FREE or not is_chinese(char) else _ODD)
            if price <= cost[start + 1]:
                cost[start + 1], cuts[start + 1] = price, start
        return cost[-1], cuts


@cache
def lexicon() -> Lexicon:
    """Return the lexicon, read once."""
    content = storage.kept("lexicon", state())
    if content is None:
        from perfxl.checks.language.lexicon_index import worked_out

        content = marshal.dumps(worked_out())
        storage.keep("lexicon", state(), content)
    return Lexicon(marshal.loads(content))


@cache
def state() -> bytes:
    """Return what changes whenever something else would follow from the words: their files, and the code around."""
    files = [
        LEXICON,
        *(_HERE / f"{name}.txt" for name in ("sounds", "common_words")),
        *(_HERE / f"{name}.py" for name in _READERS),
    ]
    # Compiled modules may have come without their sources.
    known = [(one.st_size, one.st_mtime_ns) for one in map(Path.stat, filter(Path.is_file, files))]
    return f"{__version__} {sys.byteorder} {known}\n".encode()


def _kind(piece: str) -> str:
    if len(piece) > 1:
        # 一件 and 各项 are words, but made of characters that stand anywhere.
        return "free" if piece[0] in _COUNTING and all(char in FREE for char in piece) else "word"
    if piece in FREE:
        return "free"
    return "odd" if is_chinese(piece) else "other"
