"""Slips of the pen in Chinese prose: a word that sounds like the one meant, or looks like it (rule L02).

Precision comes first. That two words sound alike proves nothing in Chinese, so something else must be wrong as well:
the text does not fall into known words at that place, or a group of words is written there that is known with another
character. What the lexicon does not know is never a slip by itself.
"""

from __future__ import annotations

import atexit
import marshal
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import accumulate, compress, filterfalse
from typing import Any, NamedTuple

from perfxl.checks.language.character_pairs import places, stretches
from perfxl.checks.language.common_words import common_words
from perfxl.checks.language.lexicon import Lexicon, Token, lexicon, state
from perfxl.checks.language.lexicon_entry import ALIKE, LONGEST_LOOK, LexiconEntry
from perfxl.checks.language.slip_candidates import Judged, Row, Suspicions, is_plausible
from perfxl.checks.language.stray_characters import strays
from perfxl.storage import cache as storage

_CHINESE = re.compile("[\u4e00-\u9fff]{2,}")
_NUMBERED = re.compile(r"[〔\[【（(]?\s*(?:19|20)[0-9]{2}\s*[〕\]】）)]|字第?[0-9]")
_LONGEST_OFFICE = 6  # characters
_TILL_A_YEAR = re.compile("截止(?=20)")
_LINKS = frozenset("的和与及等为在对了将把被并是中以")  # may stand beside a slip of two characters
# What is gained, at least, in thousandths of a word, where one known group takes the place of two words, a known word
# that of an odd character beside a free one, and of more than that.
_NO_WORD, _ONE_WORD, _TWO_WORDS = 500, 2400, 3400
_OFTEN = 4  # how often a document writes a word group before it counts as the document's own


class Slip(NamedTuple):
    """A supposed slip: the number of its text, where in it, what stands there and what may be meant."""

    text: int
    start: int
    length: int
    wrong: str
    right: str


def slips(texts: Iterable[str]) -> list[Slip]:
    """Return the supposed slips in all free texts of one document, in order (rule L02).

    Word groups that the document itself writes often count as known, so names of units and projects are watched too.
    """
    texts = list(texts)
    found = _in_texts(texts)
    return [
        Slip(index, start, len(wrong), wrong, right)
        for index, text in compress(enumerate(texts), map(found.__contains__, texts) if found else ())
        for start, wrong, right in found[text]
    ]


_Found = tuple[int, str, str]  # start, wrong, right


class _Read(NamedTuple):
    """What is found in a stretch of Chinese characters by itself; what `must_be_known` the document has elsewhere."""

    start: int
    wrong: str
    right: str
    must_be_known: bool = False


_NAME = "slips"
_MOST_READ = 12_000  # stretches
_MOST_KEPT = 2_000  # between runs; a plan of ten projects has some 400
_NOTHING: tuple[Any, ...] = ((), {}, None)


class Memory:
    """What was found in the stretches of the documents before, which have many in common.

    It is kept between runs: most runs read again what the one before has read, with a few words changed.
    """

    def __init__(self) -> None:
        content = storage.kept(_NAME, state())
        stretches, found, suspicions = marshal.loads(content) if content else _NOTHING
        self.read: dict[str, tuple[_Read, ...]] = dict.fromkeys(stretches, ())
        self.read.update((stretch, tuple(map(_Read._make, here))) for stretch, here in found.items())
        self.suspicions = Suspicions(suspicions)
        self._known = len(self.read)

    def keep(self) -> None:
        """Keep what is remembered for the next run, or nothing where loading it would take longer than it saves."""
        if len(self.read) == self._known:
            return
        found = {stretch: tuple(map(tuple, here)) for stretch, here in self.read.items() if here}
        whole = (tuple(self.read), found, self.suspicions.remembered())
        storage.keep(_NAME, state(), marshal.dumps(whole if len(self.read) <= _MOST_KEPT else _NOTHING))


@cache
def memory() -> Memory:
    """Return what is remembered, as long as the program runs."""
    found = Memory()
    atexit.register(found.keep)
    return found


def _in_texts(texts: list[str]) -> dict[str, list[_Found]]:
    """Return what was found in each text in which something was, in order and not overlapping."""
    whole = "\n".join(texts)
    in_stretches = _in_stretches(stretches(whole), whole)
    found: dict[str, list[_Found]] = {}
    for text in _holding(in_stretches, texts, whole) if in_stretches else ():
        for place in _CHINESE.finditer(text):
            if _NUMBERED.match(text, place.end()) and place.end() - place.start() <= _LONGEST_OFFICE:
                continue  # the office that gave a document its number: 洛政办〔2023〕17号
            for start, wrong, right in in_stretches.get(place[0], ()):
                found.setdefault(text, []).append((place.start() + start, wrong, right))
    for text in dict.fromkeys(texts) if "截止20" in whole else ():
        found.setdefault(text, []).extend((place.start(), "截止", "截至") for place in _TILL_A_YEAR.finditer(text))
    return {text: _apart(here, whole) for text, here in found.items()}


def _holding(stretches: Iterable[str], texts: Sequence[str], whole: str) -> dict[str, None]:
    """Return the texts, which are together the `whole`, that have one of the stretches in them."""
    starts = [0, *accumulate([len(text) + 1 for text in texts])]
    found: dict[str, None] = {}
    for stretch in stretches:
        at = whole.find(stretch)
        while at >= 0:
            number = bisect_right(starts, at)
            found[texts[number - 1]] = None
            at = whole.find(stretch, starts[number])
    return found


def _in_stretches(every: list[str], whole: str) -> dict[str, list[_Found]]:
    """Return what is found in each of the stretches of Chinese characters of a document, each given once."""
    lines = _Lines(every)
    read, suspicions = memory().read, memory().suspicions
    left = suspicions.uneasy(lines.text)
    fresh = [*filterfalse(read.__contains__, every)]
    if fresh:
        if len(read) > _MOST_READ:
            read.clear()
            fresh = every
        read.update(dict.fromkeys(fresh, ()))
        read.update(_Lines(fresh).found(suspicions.judged(left)))
        for stretch, stray in strays(fresh):
            read[stretch] = (*read[stretch], _Read(stray.start, stray.wrong, stray.right))
    found: dict[str, list[_Found]] = {}
    for stretch in filter(read.__getitem__, every):  # few have something
        for start, wrong, right, must_be_known in read[stretch]:
            if not must_be_known or right in whole:
                found.setdefault(stretch, []).append((start, wrong, right))
    rivals = suspicions.rivals(left)
    for stretch, slip in _against_the_document(rivals, lines, whole) if rivals else ():
        found.setdefault(stretch, []).append(slip)
    return found


class _Clause:
    """A stretch of Chinese characters, with the piece that every character belongs to."""

    def __init__(self, words: Lexicon, text: str) -> None:
        self.words = words
        self.text = text

    @cached_property
    def pieces(self) -> list[Token]:
        return [token for token in self.words.tokens(self.text) for _ in range(token.start, token.end)]

    @cached_property
    def oddness(self) -> int:
        return self.words.oddness(self.text)

    def gain(self, start: int, end: int, right: str) -> int:
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


class _Lines:
    """Stretches of Chinese characters, each on a line of its own."""

    def __init__(self, stretches: Iterable[str]) -> None:
        self.text = "\n".join(("", *stretches, ""))
        self._clauses: dict[int, _Clause] = {}  # by their place

    @cached_property
    def words(self) -> Lexicon:
        return lexicon()

    def found(self, noticed: Mapping[int, Judged]) -> dict[str, tuple[_Read, ...]]:
        """Return what is found in each stretch in which something is, whatever the document."""
        looks = {number for number, judged in noticed.items() if judged.looks}
        at = list(places(self.text, noticed))
        found: dict[str, dict[_Read, None]] = {}
        for start, wrong, entry in self._suspects((place, row) for place, number in at for row in noticed[number].rows):
            verdict = _is_slip(*self._around(start, start + len(wrong)), wrong, entry)
            if verdict is not False:
                clause, begins = self.clause(start)
                found.setdefault(clause.text, {})[_Read(begins, wrong, entry.word, verdict is None)] = None
        for place, number in at if looks else ():
            if number in looks:
                clause, _ = self.clause(place)
                found.setdefault(clause.text, {}).update(dict.fromkeys(_by_looks(clause)))
        return {text: tuple(here) for text, here in found.items()}

    def _suspects(self, noticed: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, str, LexiconEntry]]:
        """Yield where a stretch sounds like an entry and is written otherwise, in order."""
        text, words = self.text, self.words
        found: dict[tuple[int, int], str] = {}
        for at, (place, number, length, away, sound) in noticed:
            if away and words.fuzzy[ord(text[at + away])] != sound:
                continue
            start = at - place
            wrong = text[start : start + length]
            entry = words.entry(number)
            if entry.wrong:
                suspect = wrong == entry.wrong and not text.startswith(entry.word, start) and wrong not in words.known
            else:
                suspect = length == 2 or is_plausible(words, wrong, entry)
            if suspect:
                found[start, number] = wrong
        for start, number in sorted(found):
            yield start, found[start, number], words.entry(number)

    def places(self, characters: str) -> Iterator[int]:
        """Yield where two characters stand side by side."""
        place = self.text.find(characters)
        while place >= 0:
            yield place
            place = self.text.find(characters, place + 1)

    def _around(self, start: int, end: int) -> tuple[str, int]:
        """Return so much of what is around a place, and where in it that is, as decides what words it falls into.

        That is up to where no known word goes on, on either side of the characters beside it. The same few words are
        around the same characters in many texts.
        """
        text, inner = self.text, self.words.inner
        first = start if text[start - 1] == "\n" else start - 1
        while text[first - 1 : first + 1] in inner:
            first -= 1
        last = end if text[end] == "\n" else end + 1
        while text[last - 1 : last + 1] in inner:
            last += 1
        return text[first:last], start - first

    def clause(self, place: int) -> tuple[_Clause, int]:
        """Return the stretch that a place is in, and where in it that is."""
        start = self.text.rindex("\n", 0, place + 1) + 1
        if start not in self._clauses:
            self._clauses[start] = _Clause(self.words, self.text[start : self.text.index("\n", start)])
        return self._clauses[start], place - start


@lru_cache(maxsize=2048)
def _is_slip(text: str, start: int, wrong: str, entry: LexiconEntry) -> bool | None:
    """Return whether what stands at `start` of `text` is more likely a slip for `entry` than words of its own.

    None: it is, if the document has the right word somewhere.
    """
    clause = _Clause(lexicon(), text)
    end = start + len(wrong)
    if entry.wrong:
        whole = not clause.reaches_beyond([start, end - 1], start, end)
        return whole and (not entry.gap or _lacks_one(clause, start, end, start + entry.gap))
    differing = [place for place in range(start, end) if clause.text[place] != entry.word[place - start]]
    exactly = clause.words.exact_sounds(wrong) == entry.exact
    if _is_meant(clause.text, start, end, differing) and not (exactly and entry.settled):
        return False
    kinds = clause.kinds(differing)
    if "odd" not in clause.kinds(range(start, end)):
        # Real words in the wrong place: only a settled group tells.
        settled = "word" in kinds and entry.settled == 1 and exactly and len(wrong) > 3
        return settled and clause.gain(start, end, entry.word) > _NO_WORD
    gain = clause.gain(start, end, entry.word)
    if gain < _ONE_WORD or clause.runs_on(start, end):
        return False
    if gain > _TWO_WORDS and (len(differing) == 1 or kinds == {"odd"}):
        return len(wrong) > 2 or clause.stands_firm(start, end, _LINKS)
    if exactly and len(differing) == 1 and len(wrong) > 2 and (kinds == {"odd"} or entry.settled):
        return clause.stands_firm(start, end, _LINKS)
    # 既要 for 机要, 之行 for 执行: characters that often stand alone, so the document must know the word.
    return None if exactly and clause.stands_firm(start, end, _LINKS) else False


def _is_meant(text: str, start: int, end: int, differing: list[int]) -> bool:
    """Return whether what differs belongs to a word that others use too: 自理能力, 光线, 盛产."""
    words = common_words()
    return all(
        any(
            words.is_used(text[first:last])
            for first, last in ((at - 1, at + 1), (at, at + 2))
            if start <= first and last <= end
        )
        for at in differing
    )


def _lacks_one(clause: _Clause, start: int, end: int, gap: int) -> bool:
    return "odd" in clause.kinds((gap - 1, gap)) and not clause.runs_on(start, end)


def _by_looks(clause: _Clause) -> Iterator[_Read]:
    """Yield words that are known once a character is replaced by one that looks like it (拔付 for 拨付)."""
    text = clause.text
    for at, char in enumerate(text):
        for other in ALIKE.get(char, "") if clause.pieces[at].kind == "odd" else "":
            mended = text[:at] + other + text[at + 1 :]
            for start in range(max(0, at + 1 - LONGEST_LOOK), at + 1):
                for end in range(max(at + 1, start + 2), min(len(text), start + LONGEST_LOOK) + 1):
                    whole = not clause.reaches_beyond([start, end - 1], start, end) and not clause.runs_on(start, end)
                    if whole and mended[start:end] in clause.words.terms:
                        yield _Read(start, text[start:end], mended[start:end])


def _against_the_document(rivals: list[tuple[str, str]], lines: _Lines, whole: str) -> list[tuple[str, _Found]]:
    """Return the stretches where four characters sound like four that the document writes often, but for an inner one.

    This watches what no lexicon holds: names of places, units and projects.
    """
    found = []
    for wrong, right in rivals:
        for at in lines.places(wrong):
            for place, inner in ((at, 1), (at - 1, 2)):
                there = lines.text[place : place + 4]
                meant = there[:inner] + right[1] + there[inner + 1 :]
                if "\n" not in there and whole.count(meant) >= _OFTEN and whole.count(there) == 1:
                    clause, start = lines.clause(place)
                    if clause.kinds([start + inner]) == {"odd"}:
                        found.append((clause.text, (start, there, meant)))
    return sorted(found, key=lambda one: one[1][1:])


def _apart(found: list[_Found], whole: str) -> list[_Found]:
    """Return findings that do not overlap: the longer one stands, then the one that the document writes more often."""
    kept: list[_Found] = []
    for start, wrong, right in sorted(found, key=lambda slip: (-len(slip[1]), -whole.count(slip[2]), slip[0])):
        if all(start + len(wrong) <= other or other + len(taken) <= start for other, taken, _ in kept):
            kept.append((start, wrong, right))
    return sorted(kept)
