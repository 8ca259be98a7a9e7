"""Which piece of the new version is which piece of the old one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher

Pair = tuple[int | None, int | None]
"""Places in the old and in the new sequence; None where the other one has nothing of the kind."""

_ALIKE = 0.5  # of two texts, from which they count as versions of one another
_LONGEST = 1000  # characters that are compared; what differs by then differs
_MOST_PAIRS = 40_000  # that are compared with one another, in a second; of longer stretches those in like places


def likeness(old: str, new: str) -> float:
    """Return how alike two texts are, from 0 to 1."""
    if old == new:
        return 1.0
    matcher = SequenceMatcher(None, old[:_LONGEST], new[:_LONGEST], autojunk=False)
    # The cheaper bounds come first: most pairs of a document have nothing to do with one another.
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()


def in_order(old: Sequence[str], new: Sequence[str], least: float = _ALIKE, *, in_place: bool = False) -> list[Pair]:
    """Return the pairs of two sequences of texts that keep their order, such as the paragraphs of a document.

    Equal texts come first, then those between them that are alike. What was taken away stands before what came in its
    place. With `in_place`, what stands where as many others stood took their places, alike or not.
    """
    pairs: list[Pair] = []
    # Blank lines are everywhere; as anchors they would pair what does not belong together.
    matcher = SequenceMatcher(None, _anchors(old), _anchors(new), autojunk=False)
    for kind, begin, end, first, last in matcher.get_opcodes():
        if kind == "equal" or (in_place and end - begin == last - first):
            pairs += zip(range(begin, end), range(first, last), strict=True)
        else:
            pairs += _between(old, new, (begin, end), (first, last), least)
    return pairs


def _anchors(texts: Sequence[str]) -> list[Hashable]:
    """Return what makes texts the same here: of a blank one, what stands before it."""
    anchors: list[Hashable] = []
    before, blanks = "", 0
    for text in texts:
        if text.strip():
            before, blanks = text, 0
            anchors.append(text)
        else:
            blanks += 1
            anchors.append((before, blanks))
    return anchors


def _between(
    old: Sequence[str], new: Sequence[str], left: tuple[int, int], right: tuple[int, int], least: float
) -> list[Pair]:
    """Return the pairs of two stretches of which no two texts are equal, by the best sum of likenesses."""
    (begin, end), (first, last) = left, right
    rows, columns = end - begin, last - first
    alike = {
        (row, column): found
        for row, column in _candidates(rows, columns)
        if (found := likeness(old[begin + row], new[first + column])) >= least
    }
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            best[row][column] = max(
                best[row + 1][column],
                best[row][column + 1],
                alike.get((row, column), -1.0) + best[row + 1][column + 1],
            )
    pairs: list[Pair] = []
    row = column = 0
    while row < rows or column < columns:
        here = alike.get((row, column))
        if here is not None and best[row][column] == here + best[row + 1][column + 1]:
            pairs.append((begin + row, first + column))
            row, column = row + 1, column + 1
        elif row < rows and (column == columns or best[row][column] == best[row + 1][column]):
            pairs.append((begin + row, None))
            row += 1
        else:
            pairs.append((None, first + column))
            column += 1
    return pairs


def _candidates(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs that are worth comparing: all of them, or those around the diagonal where there are too many."""
    reach = columns if rows * columns <= _MOST_PAIRS else max(1, _MOST_PAIRS // (2 * rows))
    for row in range(rows):
        middle = row * columns // rows
        for column in range(max(0, middle - reach), min(columns, middle + reach + 1)):
            yield row, column


def by_identity(
    old: Sequence[str], new: Sequence[str], keys: Sequence[tuple[Sequence[Hashable], Sequence[Hashable]]]
) -> list[Pair]:
    """Return the pairs of two sequences whose pieces may have changed places, such as the projects of a plan.

    `old` and `new` are what the pieces say; equal ones belong together, then those with the same key, the first of
    `keys` before the next (keys of the old and of the new pieces; false ones are none), then those that are most alike.
    The pairs stand in the new order, followed by what is gone.
    """
    found: dict[int, int] = {}
    for left, right in ((old, new), *keys):
        _same(left, right, found)
    _alike(old, new, found)
    back = {at: before for before, at in found.items()}
    pairs: list[Pair] = [(back.get(at), at) for at in range(len(new))]
    return pairs + [(before, None) for before in range(len(old)) if before not in found]


def _same(old: Sequence[Hashable], new: Sequence[Hashable], found: dict[int, int]) -> None:
    """Add the pairs with the same key to those that are found; several with one key keep their order."""
    taken = set(found.values())
    places: dict[Hashable, list[int]] = {}
    for at in range(len(new) - 1, -1, -1):
        if at not in taken and new[at]:
            places.setdefault(new[at], []).append(at)
    for before, key in enumerate(old):
        if before not in found and key and places.get(key):
            found[before] = places[key].pop()


def _alike(old: Sequence[str], new: Sequence[str], found: dict[int, int]) -> None:
    left = [at for at in range(len(old)) if at not in found]
    taken = set(found.values())
    right = [at for at in range(len(new)) if at not in taken]
    if len(left) * len(right) > _MOST_PAIRS:
        return
    scored = ((likeness(old[before], new[at]), before, at) for before in left for at in right)
    ranked = sorted((-score, abs(before - at), before, at) for score, before, at in scored if score >= _ALIKE)
    used: set[int] = set()
    for _, _, before, at in ranked:
        if before not in found and at not in used:
            found[before] = at
            used.add(at)


def moved(pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    """Return the fewest pairs that have to change places so that the old order becomes the new one."""
    kept = sorted((new, old) for old, new in pairs if old is not None and new is not None)
    stays = _longest_rising([old for _, old in kept])
    return [(old, new) for at, (new, old) in enumerate(kept) if at not in stays]


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Return the places of a longest rising part of some numbers."""
    tails: list[int] = []
    at_tail: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(tails, number)
        before.append(at_tail[length - 1] if length else -1)
        tails[length:] = [number] if length == len(tails) else [number, *tails[length + 1 :]]
        at_tail[length:] = [at] if length == len(at_tail) else [at, *at_tail[length + 1 :]]
    found: set[int] = set()
    at = at_tail[-1] if at_tail else -1
    while at >= 0:
        found.add(at)
        at = before[at]
    return found
