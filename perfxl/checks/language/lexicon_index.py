"""What follows from the words and their sounds, worked out for a `Lexicon` to unpack.

It takes so long that it is kept between runs, and most runs do without this module.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from perfxl.checks.language.character_pairs import PairRows, numbers, pairs
from perfxl.checks.language.lexicon_entry import ALIKE, ENTRIES, LONGEST_LOOK, LexiconEntry
from perfxl.model.field_words import LEXICON

_HERE = Path(__file__).parent


def entries() -> Iterator[tuple[str, bool]]:
    """Yield the words that may be proposed, and whether they are word groups that settle a reading."""
    sections = _sections()
    for word in sections["terms"].split():
        yield word, False
    for heads, groups in _groups(sections["collocations"]):
        if "/" not in heads:
            for group in groups:
                yield group.replace("~", heads), True


def worked_out() -> dict[str, Any]:
    """Return what a `Lexicon` unpacks: bytes of arrays, and of texts, which have line ends between their words."""
    fuzzy, strict, otherwise = _sounds()
    sections = _sections()
    found: list[LexiconEntry] = []
    settled_or_not: dict[str, bool] = {}
    for word, settled in entries():
        settled_or_not[word] = settled or settled_or_not.get(word, False)
    terms = set(settled_or_not)
    for word, settled in settled_or_not.items():
        sounds = {(word.translate(fuzzy), word.translate(strict)), otherwise.get(word, ("", ""))} - {("", "")}
        found += [LexiconEntry(word, key, exact, settled=settled) for key, exact in sorted(sounds)]
        for gapped, place in _gapped(word):
            found.append(LexiconEntry(word, gapped.translate(fuzzy), gapped.translate(strict), wrong=gapped, gap=place))
    heads_known: set[str] = set()
    for heads, groups in _groups(sections["collocations"]):
        right, _, wrong = heads.partition("/")
        # What is wrong wherever it stands is no word.
        heads_known.update(() if len(right) < 2 else [right] if "~" in groups else heads.split("/"))
        for group in groups if wrong else ():
            mistaken, meant = group.replace("~", wrong), group.replace("~", right)
            terms.add(meant)
            found.append(LexiconEntry(meant, mistaken.translate(fuzzy), mistaken.translate(strict), wrong=mistaken))
    known = terms.union(sections["plain"].split(), heads_known)
    every = {
        "known": known,
        "terms": terms,
        "groups": terms.difference(sections["terms"].split(), sections["plain"].split()),
        "inner": {word[at : at + 2] for word in known for at in range(len(word) - 1)},
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


def _by_pair(entries: Sequence[LexiconEntry], known: Iterable[str]) -> dict[str, Any]:
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
        "by_pair": PairRows.kept(by_pair),
        "by_writing": PairRows.kept(by_writing),
        "alike": [_alike({number: list(group) for number, group in groups.items()}) for groups in alike],
    }


def _alike(groups: Mapping[int, Sequence[int]]) -> tuple[Any, ...]:
    single = array("I", (group[0] if len(group) == 1 else 0 for group in groups.values()))
    several = PairRows.kept({number: group for number, group in groups.items() if len(group) > 1})
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
    for part in LEXICON.read_text("utf-8").split("\n[")[1:]:
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
