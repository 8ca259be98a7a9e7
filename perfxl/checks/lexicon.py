"""The words of the field, how they sound, and how a text falls into words.

`lexicon.txt` holds the words, `sounds.txt` the sounds (written by tools/make_sounds.py). What follows from them takes
long to work out, so it is kept between runs; and each part is unpacked when it is first asked for.
"""

from __future__ import annotations

import marshal
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from perfxl import __version__
from perfxl import cache as storage
from perfxl.checks.pairs import Rows, numbers, pairs

_HERE = Path(__file__).parent
_READERS = ("lexicon", "pairs", "suspects", "slips")  # modules
_LONGEST = 9
ENTRIES = 0x10000
"""More than there are."""
_ODD = 2.5  # a character that belongs to no word costs as much as two and a half words
_DEARER = tuple(0.001 * length for length in range(_LONGEST + 1))

# Characters that stand alone in prose: function words, numerals, counters, places and times. Being no part of a known
# word says nothing about them, while any other character that stands alone is odd.
FREE = frozenset(
    "的地得了着过和与及或并而且但若如则因由于以为把将被让使令给叫向往从自至到在对按依据凭就也都还又再才只仅不没未无非是有能可会"
    "应须需要来去上下左右中内外里前后间东西南北时日月年周季天今每各该本此其某我你他她它们这那者所等之个位名人次件项条款家户村镇乡"
    "县市区省国校台套辆张册份篇场期批届类种级层章节页元角万亿千百十零一二三四五六七八九〇两几多少数第初末约近超达共总全均皆已曾刚"
    "便即很更最较大小高低新老好另别同单副做用经后加设建占比率型式费款员性化式度量额物品组局部处制"
)
# Characters mixed up by their looks rather than their sound.
_LOOK_ALIKE = (
    "拔拨 候侯 贷货 搏博 暑署 辩辨 缀辍 微徽 幕募 募慕 撤撒 拆折 析折 崇祟 己已 末未 汛讯 竣峻 抡抢 概慨 蹋塌 诊珍"
)
ALIKE: dict[str, str] = {}
"""For each of them, the others."""
for _pair in _LOOK_ALIKE.split():
    for _one, _other in (tuple(_pair), tuple(_pair[::-1])):
        ALIKE[_one] = ALIKE.get(_one, "") + _other
LONGEST_LOOK = 4
"""How long a word is, at most, in which such characters are looked for."""
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
    wrong: str = ""
    settled: int = 0
    gap: int = 0


class Lexicon:
    """All that the language rules look up, unpacked from what `_worked_out` returns."""

    def __init__(self, packed: Mapping[str, Any]) -> None:
        self._packed = packed
        self.fuzzy = self._text("fuzzy")
        self.cuts = lru_cache(maxsize=1024)(self._cuts)
        self._lines = self._text("entries")
        self._starts = array("I", packed["starts"])
        self._entries: dict[int, Entry] = {}
        self._alike: dict[int, tuple[dict[int, int], Rows]] = {}

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

    def entry(self, number: int) -> Entry:
        """Return an entry by its number. Few are ever asked for, so none is made before."""
        found = self._entries.get(number)
        if found is None:
            line = self._lines[self._starts[number] : self._starts[number + 1] - 1]
            word, key, exact, wrong = line.split("\t")
            found = Entry(word, key, exact, wrong, self._packed["settled"][number], self._packed["gaps"][number])
            self._entries[number] = found
        return found

    def length(self, number: int) -> int:
        """Return how many characters a slip for an entry has."""
        return int(self._packed["lengths"][number])

    def key_at(self, number: int, place: int) -> str:
        """Return how a character of an entry sounds that has no wrong writing of its own."""
        return self._lines[self._starts[number] + self.length(number) + 1 + place]

    @cached_property
    def by_pair(self) -> Rows:
        """For two characters, the entries that have them, each as `place * ENTRIES + number`."""
        return Rows(self._packed["by_pair"])

    @cached_property
    def by_writing(self) -> Rows:
        """For two characters, the entries that have one wrong writing, of which these are the rarest."""
        return Rows(self._packed["by_writing"])

    def alike(self, same: int) -> tuple[dict[int, int], Rows]:
        """Return, by what pairs have in common, the one pair of the entries, or 0 for several; and those several.

        What they have in common is the first character and the sound of the second, or the other way round where
        `same` is 1; `pairs.mixed` makes a number of it.
        """
        if same not in self._alike:
            known, pair_or_none, several = self._packed["alike"][same]
            single = dict(zip(array("I", known), array("I", pair_or_none), strict=True))
            self._alike[same] = single, Rows(several)
        return self._alike[same]

    @cached_property
    def looks(self) -> frozenset[int]:
        """The pairs of characters of which one may stand for another that looks like it."""
        return frozenset(array("I", self._packed["looks"]))

    @cached_property
    def strict(self) -> str:
        return self._text("strict")

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

    def oddness(self, text: str) -> float:
        """Return how badly `text` falls into words: one for every word, more for a character that belongs to none."""
        return self.cuts(text)[0]

    def _cuts(self, text: str) -> tuple[float, list[int]]:
        """Return the oddness, and for every place where the piece that ends there begins."""
        known, beginnings, long_beginnings = self.known, self._beginnings, self._long_beginnings
        cost = [0.0] + [float("inf")] * len(text)
        cuts = [0] * (len(text) + 1)
        for start, char in enumerate(text):
            here = cost[start]
            pair = text[start : start + 2]
            lengths: Sequence[int] = (2,) if pair in known else ()
            if pair in beginnings:
                four = text[start : start + 4]
                lengths = range(2, _LONGEST + 1) if four in long_beginnings else (2, 3, 4)
            for length in lengths:
                # A hair dearer the longer the word, and of two equal ways the one with the shorter last word.
                word = text[start : start + length]
                if len(word) == length and word in known:
                    price = here + 1.0 + _DEARER[length]
                    if price <= cost[start + length]:
                        cost[start + length], cuts[start + length] = price, start
            price = here + (1.0 if char in FREE or not is_chinese(char) else _ODD)
            if price <= cost[start + 1]:
                cost[start + 1], cuts[start + 1] = price, start
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
    content = storage.kept("lexicon", state())
    if content is None:
        content = marshal.dumps(_worked_out())
        storage.keep("lexicon", state(), content)
    return Lexicon(marshal.loads(content))


@cache
def state() -> bytes:
    """Return what changes whenever something else would follow from the words: their files, and the code around."""
    files = [_HERE / "lexicon.txt", _HERE / "sounds.txt", *(_HERE / f"{name}.py" for name in _READERS)]
    known = [(one.st_size, one.st_mtime_ns) for one in map(Path.stat, files)]
    return f"{__version__} {sys.byteorder} {known}\n".encode()


def _worked_out() -> dict[str, Any]:
    """Return what a `Lexicon` unpacks: bytes of arrays, and of texts, which have line ends between their words."""
    fuzzy, strict, otherwise = _sounds()
    sections = _sections()
    found: list[Entry] = []
    settled_or_not: dict[str, bool] = {}
    for word, settled in entries():
        settled_or_not[word] = settled or settled_or_not.get(word, False)
    terms = set(settled_or_not)
    for word, settled in settled_or_not.items():
        sounds = {(word.translate(fuzzy), word.translate(strict)), otherwise.get(word, ("", ""))} - {("", "")}
        found += [Entry(word, key, exact, settled=settled) for key, exact in sorted(sounds)]
        for gapped, place in _gapped(word):
            found.append(Entry(word, gapped.translate(fuzzy), gapped.translate(strict), wrong=gapped, gap=place))
    heads_known: set[str] = set()
    for heads, groups in _groups(sections["collocations"]):
        right, _, wrong = heads.partition("/")
        heads_known.update(heads.split("/") if len(right) > 1 else ())
        for group in groups if wrong else ():
            mistaken, meant = group.replace("~", wrong), group.replace("~", right)
            terms.add(meant)
            found.append(Entry(meant, mistaken.translate(fuzzy), mistaken.translate(strict), wrong=mistaken))
    known = terms.union(sections["plain"].split(), heads_known)
    every = {
        "known": known,
        "terms": terms,
        "groups": terms.difference(sections["terms"].split(), sections["plain"].split()),
        "beginnings": {word[:2] for word in known if len(word) > 2},
        "long_beginnings": {word[:4] for word in known if len(word) > 4},
    }
    lines = ["\t".join((entry.word, entry.key, entry.exact, entry.wrong)) + "\n" for entry in found]
    return {
        # A third less to read than UTF-8, and made text of only when it is asked for.
        **{name: "\n".join(sorted(members)).encode("utf-16-le") for name, members in every.items()},
        "entries": "".join(lines).encode("utf-16-le"),
        "starts": array("I", accumulate(map(len, lines), initial=0)).tobytes(),
        "lengths": bytes(len(entry.key) for entry in found),
        "settled": bytes(entry.settled for entry in found),
        "gaps": bytes(entry.gap for entry in found),
        "fuzzy": _table(fuzzy),
        "strict": _table(strict),
        **_by_pair(found, known),
        "looks": _looks(terms),
    }


def _table(sounds: Mapping[int, str]) -> bytes:
    # A string is a table that takes no time to load; below it, every character stands for itself.
    return "".join(sounds.get(point, chr(point)) for point in range(0xA000)).encode("utf-16-le")


def _by_pair(entries: Sequence[Entry], known: Iterable[str]) -> dict[str, Any]:
    common = Counter(pair for word in known for pair in pairs(word))
    by_pair: dict[int, list[int]] = {}
    by_writing: dict[int, list[int]] = {}
    alike: tuple[dict[int, dict[int, None]], ...] = ({}, {})
    for number, entry in enumerate(entries):
        written = [numbers(two)[0] for two in map("".join, pairwise(entry.wrong or entry.word))]
        if entry.wrong:
            place = min(range(len(written)), key=lambda place: common[written[place]])
            by_writing.setdefault(written[place], []).append(place * ENTRIES + number)
            continue
        for place, pair in enumerate(written):
            by_pair.setdefault(pair, []).append(place * ENTRIES + number)
            mixed = entry.word[place] + entry.key[place + 1], entry.key[place] + entry.word[place + 1]
            for groups, two in zip(alike, mixed, strict=True):
                groups.setdefault(numbers(two)[0], {})[pair] = None
    return {
        "by_pair": Rows.kept(by_pair),
        "by_writing": Rows.kept(by_writing),
        "alike": [_alike({number: list(group) for number, group in groups.items()}) for groups in alike],
    }


def _alike(groups: Mapping[int, Sequence[int]]) -> tuple[Any, ...]:
    single = array("I", (group[0] if len(group) == 1 else 0 for group in groups.values()))
    several = Rows.kept({number: group for number, group in groups.items() if len(group) > 1})
    return array("I", groups).tobytes(), single.tobytes(), several


def _looks(terms: Iterable[str]) -> bytes:
    found = array("I")
    for word in terms:
        for place, char in enumerate(word if len(word) <= LONGEST_LOOK else ""):
            for other in ALIKE.get(char, ""):
                mistaken = word[:place] + other + word[place + 1 :]
                at = max(0, place - 1)
                found.extend(numbers(mistaken[at : at + 2]))
    return found.tobytes()


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
        codes[syllable] = code, chr(0xE800 + len(codes))
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
