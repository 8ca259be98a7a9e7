"""Whether a document is still as it was made, and whether it says what a workbook says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import Any, NamedTuple

from perfxl.document.origin import Seal, marked
from perfxl.document.template.context import printed
from perfxl.model.record import Place, Record, leaves, names_only
from perfxl.pipeline.comparison.alignment import in_order
from perfxl.report_type.model import ReportType

_LEAST = 0.35  # of the likeness of two paragraphs, from which one is the other's new version
_NO_NUMBER = -1
_LEAST_PIECE, _BETWEEN_PAGES = 4, 80  # signs: of a piece of a paragraph, and of what stands between two pages
_NEXT = 6  # values behind the last one, among which the parts of a printed value stand


class Difference(NamedTuple):
    """A paragraph that is not as it should be.

    `number` is that of the paragraph in the document, from 1, among those that say something; of one that is missing,
    that of the one behind which it stood. `now` is what the document says, without blanks; `wanted` what it should say,
    which is known only where the workbook is there; `place` is the cell from which that comes.
    """

    number: int
    now: str
    wanted: str
    place: Place | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the difference for programs."""
        place = self.place or Place("", "")
        told = {"paragraph": self.number, "document": self.now, "workbook": self.wanted}
        return {**told, "sheet": place.sheet, "cell": place.cell}


def since_made(said: Sequence[str], seal: Seal) -> list[Difference]:
    """Return which paragraphs of a document are not those that it was made with; of those gone, only how many."""
    now, then = marked(said), list(seal.paragraphs)
    found: list[Difference] = []
    for kind, begin, end, first, last in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        found += (Difference(at + 1, said[at], "") for at in range(first, last))
        missing = (end - begin) - (last - first)
        found += (Difference(last, "", "") for _ in range(missing))
    return found


def against(said: Sequence[str], wanted: Sequence[str], places: Sequence[Place | None]) -> list[Difference]:
    """Return where a document says something else than the one that a workbook gives, with the cells of that."""
    found: list[Difference] = []
    last = 0
    for at, want in in_order(said, wanted, _LEAST, in_place=True):
        last = last if at is None else at + 1
        now, text = ("" if at is None else said[at]), ("" if want is None else wanted[want])
        if now != text:
            found.append(Difference(last, now, text, None if want is None else places[want]))
    return found


def absent(text: str, wanted: Sequence[str], places: Sequence[Place | None]) -> list[Difference]:
    """Return which of the wanted paragraphs do not stand in a text without paragraphs; they have no number, -1.

    One that stands there less often than it is wanted is absent. A paragraph that runs over a page is looked for in
    two pieces, as headers and footers stand between them.
    """
    counts = Counter(wanted)
    found: list[Difference] = []
    for line, place in zip(wanted, places, strict=True):
        if counts[line] > text.count(line) and not _in_two(line, text):
            found.append(Difference(_NO_NUMBER, "", line, place))
            counts[line] -= 1
    return found


def _in_two(line: str, text: str) -> bool:
    """Whether a line stands in a text in two pieces with something short between."""
    for cut in range(_LEAST_PIECE, len(line) - _LEAST_PIECE + 1):
        at = text.find(line[:cut])
        if at < 0:
            return False
        if line[cut:] in text[at + cut : at + len(line) + _BETWEEN_PAGES]:
            return True
    return False


def cells(wanted: Sequence[str], record: Record, report_type: ReportType) -> list[Place | None]:
    """Return for each paragraph of the document of `record` the cell that it comes from, None where there is none.

    A document follows its form, so that of equal values the next one is meant. What is printed of several cells has
    the first of the longest.
    """
    values = _values(record, report_type)
    unused: dict[str, list[int]] = {}
    for number, (text, _) in enumerate(values):
        unused.setdefault(text, []).append(number)
    last = -1
    found: list[Place | None] = []
    for line in wanted:
        same = unused.get(line)
        if same:
            last = same.pop(next((at for at, number in enumerate(same) if number > last), 0))
        else:
            near = list(islice(range(last + 1, len(values)), _NEXT))
            parts = [number for number in near if values[number][0] in line]
            if not parts:
                found.append(None)
                continue
            last = max(parts, key=lambda number: (len(values[number][0]), -number))
        found.append(values[last][1])
    return found


def _values(record: Record, report_type: ReportType) -> list[tuple[str, Place | None]]:
    """Return what is printed of each value, line by line and without blanks, with its cell."""
    found: list[tuple[str, Place | None]] = []
    for path, value in leaves(record.shown):
        names = names_only(path)
        try:
            node = report_type.node(names)
        except KeyError:
            continue
        leaf = node["items"] if node.get("type") == "array" else node
        text = value if isinstance(value, str) else printed(value, leaf)
        found += (("".join(line.split()), record.place(path)) for line in text.split("\n") if line.strip())
    return found
