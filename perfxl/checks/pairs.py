"""The Chinese in a text, and two characters side by side as one number, so that sets look up thousands at once."""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, compress, filterfalse

from perfxl import patterns

_CHINESE = patterns.compile("[\u4e00-\u9fff]{2,}")


@lru_cache(maxsize=1)
def stretches(text: str) -> list[str]:
    """Return the stretches of two and more Chinese characters in `text`, each once."""
    return list(dict.fromkeys(_CHINESE.findall(text)))


def pairs(text: str) -> list[int]:
    """Return the pairs of characters that stand side by side in `text`, which has none beyond U+FFFF."""
    even, odd = _windows(text)
    return [*even, *odd]


def different(text: str, known: Container[int]) -> Iterator[int]:
    """Return the pairs of `text` that are none of the `known` ones, each as often as it stands there."""
    return filterfalse(known.__contains__, chain(*_windows(text)))


def places(text: str, wanted: Container[int]) -> Iterator[tuple[int, int]]:
    """Yield where in `text` each of the pairs that are `wanted` stands, and which it is."""
    for odd, windows in enumerate(_windows(text)):
        for at in compress(range(len(windows)), map(wanted.__contains__, windows)):
            yield 2 * at + odd, windows[at]


def _windows(text: str) -> tuple[array[int], array[int]]:
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


class Rows:
    """Rows of numbers by a number, as three arrays that are kept between runs in their own bytes."""

    def __init__(self, kept: Sequence[bytes]) -> None:
        every, self._starts, self._rows = (array("I", column) for column in kept)
        self._at = dict(zip(every, range(len(every)), strict=True))
        self.known = self._at.keys()

    @staticmethod
    def kept(rows: Mapping[int, Sequence[int]]) -> tuple[bytes, ...]:
        """Return the bytes of such rows."""
        starts = array("I", [0])
        together = array("I")
        for row in rows.values():
            together.extend(row)
            starts.append(len(together))
        return array("I", rows).tobytes(), starts.tobytes(), together.tobytes()

    def of(self, number: int) -> array[int]:
        """Return the row of a number that is known."""
        at = self._at[number]
        return self._rows[self._starts[at] : self._starts[at + 1]]
