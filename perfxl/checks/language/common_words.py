"""How common words are, beside those of the field: what a text falls into, what a stray character may stand for.

`common_words.txt` (written by tools/make_common_words.py) has 150,000 words in classes of frequency. As sets they would
take longer to load than a plan takes to check, so they are sorted numbers, searched by halving.
"""

from __future__ import annotations

import marshal
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from perfxl.checks.language.character_pairs import PairRows, numbers, windows
from perfxl.checks.language.lexicon import lexicon, state
from perfxl.checks.language.lexicon_entry import ALIKE, FREE, is_chinese
from perfxl.storage import cache as storage

_HERE = Path(__file__).parent
_NAME = "common_words"
# In nats: all counts together, what a character costs that nobody counted, and more for one that stands alone in a text
# though it is a part of words.
_ALL, _STEP, _ODD = 17.9, 0.693, 3.0
_OF_THE_FIELD = 8.2  # the class of the words of the field, however rare they are elsewhere
_RARE = 1  # the class of what is a word only by mistake, as often as not: 租凭 was counted three times
_COMMON = 9  # the class of common words: counted 512 times and more
_USED = 3  # the class of what is surely a word: counted 8 times and more
_LONGEST = 8
_MOST = 50_000  # pairs remembered


class _Pairs(dict[int, bool]):
    """Whether two characters, as the number of a pair, are a word or stand side by side in one; filled as asked."""

    def __init__(self, inner: array[int]) -> None:
        super().__init__()
        self._inner = inner

    def __missing__(self, pair: int) -> bool:
        at = bisect_left(self._inner, pair)
        found = (at < len(self._inner) and self._inner[at] == pair) or _two(pair) in lexicon().inner
        if len(self) > _MOST:
            self.clear()
        self[pair] = found
        return found


def _two(pair: int) -> str:
    return chr(pair & 0xFFFF) + chr(pair >> 16)


class CommonWords:
    """The words by their characters as numbers, with their classes; homophones and look-alikes of characters."""

    def __init__(self, packed: dict[str, Any]) -> None:
        self._classes: dict[int, tuple[array[int], bytes]] = {
            length: (array("Q", numbers), classes) for length, (numbers, classes) in packed["words"].items()
        }
        self._behind, self._before = PairRows(packed["behind"]), PairRows(packed["before"])
        self._looking: dict[str, str] = packed["looking"]
        self.holds = _Pairs(array("I", packed["inner"]))

    def cost(self, word: str) -> float | None:
        """Return how unlikely a word is, in nats, or None where it is none."""
        own = _OF_THE_FIELD if len(word) > 1 and word in lexicon().known else 0.0
        often = self._class(word)
        return _ALL - _STEP * max(own, often) if own or often else None

    def behind(self, before: str, char: str) -> str:
        """Return the characters that sound like one and make part of a known word behind another."""
        return self._row(self._behind, before + lexicon().exact_sounds(char))

    def before(self, char: str, behind: str) -> str:
        """Return the characters that sound like one and make part of a known word before another."""
        return self._row(self._before, lexicon().exact_sounds(char) + behind)

    def _row(self, rows: PairRows, pair: str) -> str:
        return "".join(map(chr, rows.get(numbers(pair)[0])))

    def looking(self, char: str) -> str:
        """Return the characters that look like one and sound otherwise."""
        return self._looking.get(char, "")

    def is_common(self, word: str) -> bool:
        """Return whether a word of two characters is common, or one of those that officials use."""
        return word in lexicon().known or self._class(word) >= _COMMON

    def is_used(self, word: str) -> bool:
        """Return whether a word was counted often enough to be one, and not a slip of somebody else."""
        return self._class(word) >= _USED

    def _class(self, word: str) -> int:
        numbers, classes = self._classes.get(len(word), _NOTHING)
        number = _number(word)
        at = bisect_left(numbers, number)
        return classes[at] if at < len(numbers) and numbers[at] == number else 0

    def oddness(self, text: str) -> float:
        """Return how badly a text falls into words, in nats."""
        size = len(text)
        best = [0.0] + [1e9] * size
        even, odd = windows(text)
        goes_on = [self.holds[odd[at // 2] if at % 2 else even[at // 2]] for at in range(size - 1)]
        for start, char in enumerate(text):
            here = best[start]
            alone = self._word(char)
            price = here + (_ALL if alone is None else alone) + (0.0 if char in FREE or not is_chinese(char) else _ODD)
            best[start + 1] = min(best[start + 1], price)
            for end in range(start + 2, min(start + _LONGEST, size) + 1):
                if not goes_on[end - 2]:
                    break
                cost = self._word(text[start:end])
                if cost is not None and here + cost < best[end]:
                    best[end] = here + cost
        return best[-1]

    @cached_property
    def _word(self) -> Any:
        return lru_cache(maxsize=8192)(self.cost)


_NOTHING: tuple[array[int], bytes] = (array("Q"), b"")


def _number(word: str) -> int:
    return int.from_bytes(word.encode("utf-16-le"), "little")


@cache
def common_words() -> CommonWords:
    """Return the words, worked out once and kept between runs."""
    content = storage.kept(_NAME, state())
    if content is None:
        content = marshal.dumps(_worked_out())
        storage.keep(_NAME, state(), content)
    return CommonWords(marshal.loads(content))


def _worked_out() -> dict[str, Any]:
    by_length: dict[int, dict[int, int]] = {}
    inner: set[int] = set()
    pairs = set(lexicon().inner)
    alike: list[str] = []
    for title, body in _sections():
        if title == "alike":
            alike = body.split("\n")
            continue
        length, often = map(int, title.split()[1:])
        words = [body[at : at + length] for at in range(0, len(body), length)]
        by_length.setdefault(length, {}).update((_number(word), often) for word in words)
        pairs.update(words if length == 2 and often >= _COMMON else ())
        for word in words if length > 1 and often > _RARE else ():
            inner.update(_number(word[at : at + 2]) for at in range(length - 1))
    sorted_out = {
        length: (array("Q", sorted(numbers)).tobytes(), bytes(numbers[number] for number in sorted(numbers)))
        for length, numbers in by_length.items()
    }
    return {
        "words": sorted_out,
        "inner": array("I", sorted(inner)).tobytes(),
        **_alike(pairs),
        "looking": _looking(alike, {*"".join(pairs)}),
    }


def _sections() -> Iterator[tuple[str, str]]:
    for part in (_HERE / "common_words.txt").read_text("utf-8").split("\n[")[1:]:
        title, _, body = part.partition("]\n")
        yield title, body.strip("\n")


def _alike(pairs: Iterable[str]) -> dict[str, tuple[bytes, ...]]:
    """Return, by one character of a pair and the sound of the other, what the other may be."""
    sounds = lexicon().exact_sounds
    behind: dict[int, list[int]] = {}
    before: dict[int, list[int]] = {}
    for pair in sorted(pairs):
        first, second = pair[0], pair[1]
        behind.setdefault(numbers(first + sounds(second))[0], []).append(ord(second))
        before.setdefault(numbers(sounds(first) + second)[0], []).append(ord(first))
    return {"behind": PairRows.kept(behind), "before": PairRows.kept(before)}


def _looking(alike: Iterable[str], wanted: set[str]) -> dict[str, str]:
    """Return, for each character, those wanted that look like it and sound otherwise."""
    sounds = lexicon().exact_sounds
    looks: dict[str, set[str]] = {char: set(others) for char, others in ALIKE.items()}
    for group in alike:
        for one in group:
            looks.setdefault(one, set()).update(group)
    found = {}
    for char, others in looks.items():
        if some := "".join(sorted(other for other in others & wanted if sounds(other) != sounds(char))):
            found[char] = some
    return found
