"""The Chinese in a text, and two characters side by side as one number, so that sets look up thousands at once."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, chain, compress

_CHINESE = re.compile("[\u4e00-\u9fff]{2,}")


@lru_cache(maxsize=1)
def stretches(text: str) -> list[str]:
    """Return the stretches of two and more Chinese characters in `text`, each once."""
    return list(dict.fromkeys(_CHINESE.findall(text)))


def pairs(text: str) -> list[int]:
    """Return the pairs of characters that stand side by side in `text`, which has none beyond U+FFFF."""
    even, odd = windows(text)
    return [*even, *odd]


def places(text: str, wanted: Container[int]) -> Iterator[tuple[int, int]]:
    """Yield where in `text` each of the pairs that are `wanted` stands, and which it is."""
    for odd, found in enumerate(windows(text)):
        for at in compress(range(len(found)), map(wanted.__contains__, found)):
            yield 2 * at + odd, found[at]


def windows(text: str) -> tuple[array[int], array[int]]:
    """Return the pairs of `text` that begin at an even place, and those that begin at an odd one."""
    data = (text if len(text) % 2 == 0 else text + "\n").encode("utf-16-le")
    return array("I", data), array("I", data[2:-2])


def numbers(twos: str) -> array[int]:
    """Return the pairs of a text that has nothing but pairs, one after the other; `twos_of` is the way back."""
    return array("I", twos.encode("utf-16-le"))


def twos_of(numbers: Iterable[int]) -> str:
    """Return the characters of pairs, two for each."""
    return array("I", numbers).tobytes().decode("utf-16-le")


def mixed(twos: str, other: str, same: int) -> array[int]:
    """Return numbers of pairs that have one character from `twos`, the first for 0, and one from the `other` text."""
    found = array("H", other.encode("utf-16-le"))
    found[same::2] = array("H", twos.encode("utf-16-le"))[same::2]
    return array("I", found.tobytes())


class PairRows:
    """Rows of numbers by a number, as three arrays that are kept between runs in their own bytes."""

    def __init__(self, kept: Sequence[bytes]) -> None:
        self._every, self._starts, self._rows = (array("I", column) for column in kept)

    @cached_property
    def known(self) -> frozenset[int]:
        """The numbers that have a row."""
        return frozenset(self._every)

    @staticmethod
    def kept(rows: Mapping[int, Sequence[int]]) -> tuple[bytes, ...]:
        """Return the bytes of such rows."""
        every = sorted(rows)
        starts = array("I", accumulate([len(rows[number]) for number in every], initial=0))
        together = array("I", chain.from_iterable(map(rows.__getitem__, every)))
        return array("I", every).tobytes(), starts.tobytes(), together.tobytes()

    def get(self, number: int) -> array[int]:
        """Return the row of a number, an empty one where it has none."""
        at = bisect_left(self._every, number)
        there = at < len(self._every) and self._every[at] == number
        return self._rows[self._starts[at] : self._starts[at + 1]] if there else array("I")

    def of(self, number: int) -> array[int]:
        """Return the row of a number that is known."""
        # Few are asked for in a run, so they are searched for rather than put into a dictionary.
        at = bisect_left(self._every, number)
        return self._rows[self._starts[at] : self._starts[at + 1]]
