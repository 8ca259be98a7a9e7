"""Slips of the pen in Chinese prose: a word that sounds like the one meant, or looks like it (rule L02).

Precision comes first. That two words sound alike proves nothing in Chinese, so something else must be wrong as well:
the text does not fall into known words at that place, or a group of words is written there that is known with another
character. What the lexicon does not know is never a slip by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from perfxl.checks.lexicon import Entry, Lexicon, Token, is_chinese, lexicon

# Characters mixed up by their looks rather than their sound.
_LOOK_ALIKE = (
    "拔拨 候侯 贷货 搏博 暑署 辩辨 缀辍 微徽 幕募 募慕 撤撒 拆折 析折 崇祟 己已 末未 汛讯 竣峻 抡抢 概慨 蹋塌 诊珍"
)
_ALIKE: dict[str, str] = {}
for _pair in _LOOK_ALIKE.split():
    for _one, _other in (tuple(_pair), tuple(_pair[::-1])):
        _ALIKE[_one] = _ALIKE.get(_one, "") + _other
_ALIKE_CHAR = re.compile("[" + "".join(_ALIKE) + "]")
_CHINESE = re.compile("[\u4e00-\u9fff]{2,}")
_LINKS = frozenset("的和与及等为在对了将把被并是中以")  # may stand beside a slip of two characters
# What is gained, at least, where one known group takes the place of two words, a known word that of an odd character
# beside a free one, and of more than that.
_NO_WORD, _ONE_WORD, _TWO_WORDS = 0.5, 2.4, 3.4
_OFTEN = 4  # how often a document writes a word group before it counts as the document's own


@dataclass(frozen=True, slots=True)
class Slip:
    """A supposed slip: which text, where in it, what stands there and what may be meant."""

    index: int
    start: int
    length: int
    wrong: str
    right: str


def slips(texts: Iterable[str]) -> list[Slip]:
    """Return the supposed slips in all free texts of one document, in order (rule L02).

    Word groups that the document itself writes often count as known, so names of units and projects are watched too.
    """
    texts = list(texts)
    words = lexicon()
    whole = "\n".join(texts)
    single = list(dict.fromkeys(texts))
    own = _against_the_document(words, single, whole)
    found = {text: _apart([*_in_text(words, text, whole), *own.get(text, ())], whole) for text in single}
    return [
        Slip(index, start, len(wrong), wrong, right)
        for index, text in enumerate(texts)
        for start, wrong, right in found[text]
    ]


_Found = tuple[int, str, str]  # start, wrong, right


class _Clause:
    """A stretch of Chinese characters, with the piece that every character belongs to."""

    def __init__(self, words: Lexicon, text: str, whole: str) -> None:
        self.words = words
        self.text = text
        self.whole = whole

    @cached_property
    def pieces(self) -> list[Token]:
        return [token for token in self.words.tokens(self.text) for _ in range(token.start, token.end)]

    @cached_property
    def oddness(self) -> float:
        return self.words.oddness(self.text)

    def gain(self, start: int, end: int, right: str) -> float:
        """Return how much better the clause falls into words with `right` in the stretch."""
        mended = self.text[:start] + right + self.text[end:]
        return self.oddness - self.words.oddness(mended)

    def kinds(self, places: Iterable[int]) -> set[str]:
        return {self.pieces[place].kind for place in places}

    def reaches_beyond(self, places: Iterable[int], start: int, end: int) -> bool:
        """Return whether a known word that covers one of `places` begins before or ends behind the stretch."""
        return any(self.pieces[place].start < start or self.pieces[place].end > end for place in places)

    def runs_on(self, start: int, end: int) -> bool:
        """Return whether odd characters go on across an end of the stretch: a word unknown to us may stand there."""
        return any(
            0 < edge < len(self.text) and self.pieces[edge - 1].kind == self.pieces[edge].kind == "odd"
            for edge in (start, end)
        )

    def stands_firm(self, start: int, end: int, links: frozenset[str]) -> bool:
        """Return whether on both sides of the stretch there is nothing, a known word or one of the `links`."""
        return all(
            not 0 <= place < len(self.text) or self.pieces[place].kind == "word" or self.text[place] in links
            for place in (start - 1, end)
        )


def _in_text(words: Lexicon, text: str, whole: str) -> list[_Found]:
    found = []
    for stretch in _CHINESE.finditer(text):
        clause = _Clause(words, stretch[0], whole)
        for start, wrong, entry in _suspects(clause):
            if wrong not in words.known and _is_slip(clause, start, wrong, entry):
                found.append((stretch.start() + start, wrong, entry.word))
        found += [(stretch.start() + start, wrong, right) for start, wrong, right in _by_looks(clause)]
    found += [(place.start(), "截止", "截至") for place in re.finditer("截止(?=20)", text)]
    return found


def _suspects(clause: _Clause) -> Iterator[tuple[int, str, Entry]]:
    """Yield where the clause sounds like an entry and is written otherwise."""
    text, entries = clause.text, clause.words.by_sound
    sounds = clause.words.sounds(text)
    for start in range(len(text) - 1):
        for entry in entries.get(sounds[start : start + 2], ()):
            if sounds.startswith(entry.key, start) and not text.startswith(entry.word, start):
                wrong = text[start : start + len(entry.key)]
                if entry.wrong in ("", wrong):
                    yield start, wrong, entry


def _is_slip(clause: _Clause, start: int, wrong: str, entry: Entry) -> bool:
    """Return whether what stands at `start` is more likely a slip for `entry` than words of its own."""
    end = start + len(wrong)
    if entry.wrong:
        whole = not clause.reaches_beyond([start, end - 1], start, end)
        return whole and (not entry.gap or _lacks_one(clause, start, end, start + entry.gap))
    differing = [place for place in range(start, end) if clause.text[place] != entry.word[place - start]]
    exactly = clause.words.exact_sounds(wrong) == entry.exact
    if len(differing) > max(1, len(wrong) // 2) or not (exactly or (len(wrong) > 2 and len(differing) == 1)):
        return False
    kinds = clause.kinds(differing)
    if "odd" not in clause.kinds(range(start, end)):
        # Real words in the wrong place: only a settled group tells.
        settled = "word" in kinds and entry.settled and exactly and len(wrong) > 3
        return settled and clause.gain(start, end, entry.word) > _NO_WORD
    gain = clause.gain(start, end, entry.word)
    if gain < _ONE_WORD or clause.runs_on(start, end):
        return False
    if gain > _TWO_WORDS and (len(differing) == 1 or kinds == {"odd"}):
        return len(wrong) > 2 or clause.stands_firm(start, end, _LINKS)
    if exactly and len(differing) == 1 and len(wrong) > 2 and (kinds == {"odd"} or entry.settled):
        return clause.stands_firm(start, end, _LINKS)
    # 既要 for 机要, 之行 for 执行: characters that often stand alone, so the document must know the word.
    return exactly and entry.word in clause.whole and clause.stands_firm(start, end, _LINKS)


def _lacks_one(clause: _Clause, start: int, end: int, gap: int) -> bool:
    return "odd" in clause.kinds((gap - 1, gap)) and not clause.runs_on(start, end)


def _by_looks(clause: _Clause) -> Iterator[_Found]:
    """Yield words that are known once a character is replaced by one that looks like it (拔付 for 拨付)."""
    text = clause.text
    for place in _ALIKE_CHAR.finditer(text):
        at = place.start()
        if clause.pieces[at].kind != "odd":
            continue
        for other in _ALIKE[place[0]]:
            mended = text[:at] + other + text[at + 1 :]
            for start in range(max(0, at - 3), at + 1):
                for end in range(max(at + 1, start + 2), min(len(text), start + 4) + 1):
                    whole = not clause.reaches_beyond([start, end - 1], start, end) and not clause.runs_on(start, end)
                    if whole and mended[start:end] in clause.words.terms:
                        yield start, text[start:end], mended[start:end]


def _against_the_document(words: Lexicon, texts: Sequence[str], whole: str) -> dict[str, list[_Found]]:
    """Return, by text, where four characters sound like four that the document writes often, but for an inner one.

    This watches what no lexicon holds: names of places, units and projects.
    """
    written: dict[str, str] = {}
    pairs = set()
    for text in texts:
        sounds = words.sounds(text)
        for start in range(len(text) - 3):
            here = text[start : start + 4]
            there = written.setdefault(sounds[start : start + 4], here)
            if there != here:
                pairs |= {(here, there), (there, here)}
    found: dict[str, list[_Found]] = {}
    for wrong, right in sorted(pairs):
        differing = [place for place in range(4) if wrong[place] != right[place]]
        if len(differing) > 1 or differing[0] in (0, 3) or words.exact_sounds(wrong) != words.exact_sounds(right):
            continue
        if whole.count(right) >= _OFTEN and whole.count(wrong) == 1 and all(map(is_chinese, wrong)):
            text = next(text for text in texts if wrong in text)
            start = text.index(wrong)
            if _Clause(words, text, whole).kinds([start + differing[0]]) == {"odd"}:
                found.setdefault(text, []).append((start, wrong, right))
    return found


def _apart(found: list[_Found], whole: str) -> list[_Found]:
    """Return findings that do not overlap: the longer one stands, then the one that the document writes more often."""
    kept: list[_Found] = []
    for start, wrong, right in sorted(found, key=lambda slip: (-len(slip[1]), -whole.count(slip[2]), slip[0])):
        if all(start + len(wrong) <= other or other + len(taken) <= start for other, taken, _ in kept):
            kept.append((start, wrong, right))
    return sorted(kept)
