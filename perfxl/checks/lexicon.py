"""The words of the field, how they sound, and how a text falls into words.

`lexicon.txt` holds the words, `sounds.txt` the sounds (written by tools/make_sounds.py). Both are read at first use,
in about ten milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent
_LONGEST = 9
_ODD = 2.5  # a character that belongs to no word costs as much as two and a half words

# Characters that stand alone in prose: function words, numerals, counters, places and times. Being no part of a known
# word says nothing about them, while any other character that stands alone is odd.
FREE = frozenset(
    "的地得了着过和与及或并而且但若如则因由于以为把将被让使令给叫向往从自至到在对按依据凭就也都还又再才只仅不没未无非是有能可会"
    "应须需要来去上下左右中内外里前后间东西南北时日月年周季天今每各该本此其某我你他她它们这那者所等之个位名人次件项条款家户村镇乡"
    "县市区省国校台套辆张册份篇场期批届类种级层章节页元角万亿千百十零一二三四五六七八九〇两几多少数第初末约近超达共总全均皆已曾刚"
    "便即很更最较大小高低新老好另别同单副做用经后加设建占比率型式费款员性化式度量额物品组局部处制"
)
_COUNTING = frozenset("一二三四五六七八九十百千万亿两几半多数每各该这那此本")


class Token(NamedTuple):
    """A piece of a text: a known `word`, a `free` character, an `odd` one that is neither, or `other` signs."""

    start: int
    end: int
    kind: str


class Entry(NamedTuple):
    """A word that a slip may have been meant to be, and how the slip would sound.

    `key` is the sound as input methods blur it, `exact` with zh and z, ing and in told apart. `settled`: a group of
    words that leaves no other reading. `wrong`: only this writing is the slip. `gap`: `wrong` is the word without its
    character at this place, 0 where none is missing.
    """

    word: str
    key: str
    exact: str
    settled: bool = False
    wrong: str = ""
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that the language rules look up.

    `known` holds every word, `terms` those that may be proposed, `groups` those known only as
    word groups. `by_sound` has the entries by the first two of their
    sounds, one character a syllable.
    """

    known: frozenset[str]
    terms: frozenset[str]
    groups: frozenset[str]
    by_sound: dict[str, list[Entry]]
    fuzzy: dict[int, str]
    strict: dict[int, str]

    def sounds(self, text: str) -> str:
        """Return `text` with every Chinese character replaced by one that stands for its syllable."""
        return text.translate(self.fuzzy)

    def exact_sounds(self, text: str) -> str:
        """Return `text` with every Chinese character replaced by one for its syllable, zh and z, ing and in apart."""
        return text.translate(self.strict)

    def tokens(self, text: str) -> list[Token]:
        """Return the pieces of `text` in as few and as well-known words as it takes."""
        cuts = self._cuts(text)[1]
        found = []
        end = len(text)
        while end:
            found.append(Token(cuts[end], end, _kind(text[cuts[end] : end])))
            end = cuts[end]
        return found[::-1]

    def oddness(self, text: str) -> float:
        """Return how badly `text` falls into words: one for every word, more for a character that belongs to none."""
        return self._cuts(text)[0]

    def _cuts(self, text: str) -> tuple[float, list[int]]:
        """Return the oddness, and for every place where the piece that ends there begins."""
        cost = [0.0]
        cuts = [0]
        for end, char in enumerate(text, 1):
            start = end - 1
            best = cost[start] + (1.0 if char in FREE or not is_chinese(char) else _ODD)
            for begin in range(end - 2, max(-1, end - _LONGEST - 1), -1):
                # A hair dearer the longer the word, so that of two equal ways the first word is the longer one.
                price = cost[begin] + 1.0 + 0.001 * (end - begin)
                if price < best and text[begin:end] in self.known:
                    best, start = price, begin
            cost.append(best)
            cuts.append(start)
        return cost[-1], cuts


def is_chinese(char: str) -> bool:
    """Return whether `char` is a Chinese character."""
    return "\u4e00" <= char <= "\u9fff" or char == "〇"


def entries() -> Iterator[tuple[str, bool]]:
    """Yield the words that may be proposed, and whether they are word groups that settle a reading."""
    sections = _sections()
    for word in sections["terms"].split():
        yield word, False
    for heads, groups in _groups(sections["collocations"]):
        if "/" not in heads:
            for group in groups:
                yield group.replace("~", heads), True


@cache
def lexicon() -> Lexicon:
    """Return the lexicon, read once."""
    fuzzy, strict, otherwise = _sounds()
    settled_or_not: dict[str, bool] = {}
    for word, settled in entries():
        settled_or_not[word] = settled or settled_or_not.get(word, False)
    found: list[Entry] = []
    terms = set(settled_or_not)
    for word, settled in settled_or_not.items():
        sounds = {(word.translate(fuzzy), word.translate(strict)), otherwise.get(word, ("", ""))} - {("", "")}
        found += [Entry(word, key, exact, settled) for key, exact in sorted(sounds)]
        for gapped, place in _gapped(word):
            found.append(Entry(word, gapped.translate(fuzzy), gapped.translate(strict), wrong=gapped, gap=place))
    heads_known: set[str] = set()
    for heads, groups in _groups(_sections()["collocations"]):
        right, _, wrong = heads.partition("/")
        heads_known.update(heads.split("/") if len(right) > 1 else ())
        for group in groups if wrong else ():
            mistaken, meant = group.replace("~", wrong), group.replace("~", right)
            terms.add(meant)
            found.append(Entry(meant, mistaken.translate(fuzzy), mistaken.translate(strict), wrong=mistaken))
    by_sound: dict[str, list[Entry]] = {}
    for entry in found:
        by_sound.setdefault(entry.key[:2], []).append(entry)
    known = frozenset(terms).union(_sections()["plain"].split(), heads_known)
    only_groups = terms.difference(_sections()["terms"].split(), _sections()["plain"].split())
    return Lexicon(known, frozenset(terms), frozenset(only_groups), by_sound, fuzzy, strict)


def _gapped(word: str) -> Iterator[tuple[str, int]]:
    # A character is missed inside long words only: what is left of a short one is another word too often.
    for place in range(1, len(word) - 1) if len(word) >= 5 else ():
        yield word[:place] + word[place + 1 :], place


@cache
def _sections() -> dict[str, str]:
    sections = {}
    for part in (_HERE / "lexicon.txt").read_text("utf-8").split("\n[")[1:]:
        name, _, body = part.partition("]\n")
        sections[name] = "\n".join(line for line in body.splitlines() if not line.startswith("#"))
    return sections


def _groups(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the head of each line of collocations and its groups; a line without a head has whole groups."""
    for line in text.splitlines():
        head, colon, groups = line.partition(": ")
        yield (head, groups.split()) if colon else ("", line.split())


def _sounds() -> tuple[dict[int, str], dict[int, str], dict[str, tuple[str, str]]]:
    """Return the tables for fuzzy and exact sounds, and both sounds of the words read otherwise."""
    syllables, _, words = (_HERE / "sounds.txt").read_text("utf-8").partition("[words]\n")
    fuzzy: dict[int, str] = {}
    strict: dict[int, str] = {}
    codes: dict[str, tuple[str, str]] = {}
    blurred: dict[str, str] = {}
    for line in syllables.splitlines():
        syllable, _, chars = line.partition(" ")
        if syllable == "#":
            continue
        code = blurred.setdefault(_blurred(syllable), chr(0xE000 + len(blurred)))
        codes[syllable] = code, chr(0xF0000 + len(codes))
        points = [ord(char) for char in chars]
        fuzzy.update(dict.fromkeys(points, code))
        strict.update(dict.fromkeys(points, codes[syllable][1]))
    otherwise = {}
    for line in words.splitlines():
        word, *spoken = line.split()
        both = [codes.get(syllable, ("?", "?")) for syllable in spoken]
        otherwise[word] = "".join(code for code, _ in both), "".join(code for _, code in both)
    return fuzzy, strict, otherwise


def _blurred(syllable: str) -> str:
    # What pinyin input with its usual tolerance takes for the same: zh z, ch c, sh s, ang an, eng en, ing in.
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    return syllable[:-1] if syllable.endswith(("ang", "eng", "ing")) else syllable


def _kind(piece: str) -> str:
    if len(piece) > 1:
        # 一件 and 各项 are words, but made of characters that stand anywhere.
        return "free" if piece[0] in _COUNTING and all(char in FREE for char in piece) else "word"
    if piece in FREE:
        return "free"
    return "odd" if is_chinese(piece) else "other"
