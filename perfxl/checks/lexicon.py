"""The words of the field, how they sound, and how a text falls into words.

`lexicon.txt` holds the words, `sounds.txt` the sounds (written by tools/make_sounds.py). Both are read at first use,
in about ten milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_LONGEST = 12

# Characters that stand alone in prose: function words, numerals, counters, places and times. Being no part of a known
# word says nothing about them, while any other character that stands alone is odd.
FREE = frozenset(
    "的地得了着过和与及或并而且但若如则因由于以为把将被让使令给叫向往从自至到在对按依据凭就也都还又再才只仅不没未无非是有能可会"
    "应须需要来去上下左右中内外里前后间东西南北时日月年周季天今每各该本此其某我你他她它们这那者所等之个位名人次件项条款家户村镇乡"
    "县市区省国校台套辆张册份篇场期批届类种级层章节页元角万亿千百十零一二三四五六七八九〇两几多少数第初末约近超达共总全均皆已曾刚"
    "便即很更最较大小高低新老好另别同单副做用经后加设建占比率型式费款员性化式度量额物品组局部处"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: a known `word`, a `free` character, an `odd` one that is neither, or `other` signs."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A word that a slip may have been meant to be, and how the slip would sound.

    `settled`: a group of words that leaves no other reading. `wrong`: only this writing is the slip. `gap`: `wrong` is
    the word without its character at this place, 0 where none is missing.
    """

    word: str
    key: str
    settled: bool = False
    wrong: str = ""
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that the language rules look up.

    `known` holds every word, `terms` those that may be proposed. `by_sound` has the entries by the first two of their
    sounds, one character a syllable.
    """

    known: frozenset[str]
    terms: frozenset[str]
    by_sound: dict[str, list[Entry]]
    fuzzy: dict[int, str]
    strict: dict[int, str]

    def sounds(self, text: str) -> str:
        """Return `text` with every Chinese character replaced by one that stands for its syllable."""
        return text.translate(self.fuzzy)

    def sound_exactly(self, one: str, other: str) -> bool:
        """Return whether two texts have the same syllables, zh and z, ing and in told apart."""
        return one.translate(self.strict) == other.translate(self.strict)

    def tokens(self, text: str) -> list[Token]:
        """Return the pieces of `text` in as few and as well-known words as it takes."""
        size = len(text)
        cost = [0.0] * (size + 1)
        cut = [0] * (size + 1)
        for end in range(1, size + 1):
            best = cost[end - 1] + (1.0 if text[end - 1] in FREE or not is_chinese(text[end - 1]) else 2.5)
            start = end - 1
            for begin in range(end - 2, max(-1, end - _LONGEST - 1), -1):
                # A hair dearer than a shorter word after a longer one, so that of two ways the first word is longer.
                price = cost[begin] + 1.0 + 0.001 * (end - begin)
                if price < best and text[begin:end] in self.known:
                    best, start = price, begin
            cost[end], cut[end] = best, start
        found = []
        while size:
            found.append(Token(cut[size], size, _kind(text[cut[size] : size])))
            size = cut[size]
        return found[::-1]


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
    terms = {}
    found: list[Entry] = []
    for word, settled in entries():
        if word not in terms:
            terms[word] = settled
            keys = {word.translate(fuzzy), otherwise.get(word, "")} - {""}
            found += [Entry(word, key, settled) for key in sorted(keys)]
            found += [Entry(word, gapped.translate(fuzzy), wrong=gapped, gap=place) for gapped, place in _gapped(word)]
    heads_known: set[str] = set()
    for heads, groups in _groups(_sections()["collocations"]):
        right, _, wrong = heads.partition("/")
        heads_known.update(heads.split("/") if len(right) > 1 else ())
        for group in groups if wrong else ():
            mistaken, meant = group.replace("~", wrong), group.replace("~", right)
            terms.setdefault(meant, True)
            found.append(Entry(meant, mistaken.translate(fuzzy), wrong=mistaken))
    by_sound: dict[str, list[Entry]] = {}
    for entry in found:
        by_sound.setdefault(entry.key[:2], []).append(entry)
    known = frozenset(terms).union(_sections()["plain"].split(), heads_known)
    return Lexicon(known, frozenset(terms), by_sound, fuzzy, strict)


def _gapped(word: str) -> Iterator[tuple[str, int]]:
    # A character is missed inside long words only: what is left of a short one is another word too often.
    for place in range(1, len(word) - 1) if len(word) >= 5 else ():
        yield word[:place] + word[place + 1 :], place


@cache
def _sections() -> dict[str, str]:
    sections = {}
    for part in (_HERE / "lexicon.txt").read_text("utf-8").split("\n[")[1:]:
        name, _, body = part.partition("]\n")
        sections[name] = body
    return sections


def _groups(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the head of each line of collocations and its groups; a line without a head has whole groups."""
    for line in text.splitlines():
        head, colon, groups = line.partition(": ")
        yield (head, groups.split()) if colon else ("", line.split())


def _sounds() -> tuple[dict[int, str], dict[int, str], dict[str, str]]:
    """Return the tables for fuzzy and exact sounds, and the fuzzy sounds of words read otherwise."""
    syllables, _, words = (_HERE / "sounds.txt").read_text("utf-8").partition("[words]\n")
    fuzzy: dict[int, str] = {}
    strict: dict[int, str] = {}
    codes: dict[str, str] = {}
    exact = 0xF0000
    for line in syllables.splitlines():
        syllable, _, chars = line.partition(" ")
        if not chars or syllable == "#":
            continue
        points = [ord(char) for char in chars]
        exact += 1
        code = codes.setdefault(_blurred(syllable), chr(0xE000 + len(codes)))
        fuzzy.update(dict.fromkeys(points, code))
        strict.update(dict.fromkeys(points, chr(exact)))
    otherwise = {}
    for line in words.splitlines():
        word, *spoken = line.split()
        otherwise[word] = "".join(codes.get(_blurred(syllable), "?") for syllable in spoken)
    return fuzzy, strict, otherwise


def _blurred(syllable: str) -> str:
    # What pinyin input with its usual tolerance takes for the same: zh z, ch c, sh s, ang an, eng en, ing in.
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    return syllable[:-1] if syllable.endswith(("ang", "eng", "ing")) else syllable


def _kind(piece: str) -> str:
    if all(char in FREE for char in piece):
        return "free"
    if len(piece) > 1:
        return "word"
    return "odd" if is_chinese(piece) else "other"
