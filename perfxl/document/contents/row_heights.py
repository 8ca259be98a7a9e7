"""What a row of a table is but for its texts, and how high it stands with them.

It is read from the markup, in which the texts have left their places; so rows of one kind are read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from perfxl.document.contents.line_breaking import count
from perfxl.document.contents.paragraph_styles import ParagraphShape, children, number

BORDER = 10  # half a point, above each row
SLOT = "\0"  # in the markup of a row, where a text of its own comes to stand; no XML holds one
_PIECE = re.compile(r"<w:t(?: [^>]*)?>([^<]*)|<w:(tab|br|cr)(?: ([^>]*))?/>")
_GRID = re.compile(r"<w:tblGrid>.*?</w:tblGrid>", re.DOTALL)
_PAGE_BREAK = 'w:type="page"'
_CELL = re.compile(r"<w:tc(?: [^>]*)?(/?)>|</w:tc>|</w:tbl>")
_WITHIN = re.compile(r"\s*<w:tcPr(?: [^>]*)?>(.*?)</w:tcPr>", re.DOTALL)
_IN_CELL = re.compile(
    r"<w:p(?: [^>]*?)?(?P<empty>/?)>(?:\s*<w:pPr(?: [^>]*)?>(?P<properties>.*?)</w:pPr>)?|(?P<end></w:p>)"
    r"|<w:t(?: [^>]*)?>(?P<text>[^<]*)</w:t>|<w:(?P<line>br|cr)[ />]",
    re.DOTALL,
)
_MARGINS = re.compile(r"<w:tblCellMar(?: [^>]*)?>(.*?)</w:tblCellMar>", re.DOTALL)
_ROW_PROPERTIES = re.compile(r"<w:trPr(?: [^>]*)?>(.*?)</w:trPr>", re.DOTALL)


Fragments = tuple[str | int | None, ...]
"""What a paragraph shows: text, the number of a text among those of its row or paragraph, or None for a line end."""


InCell = tuple[int, int, int, tuple[int, int, int, int], Fragments]
"""A paragraph of a cell whose text differs from row to row: the number of its text where it shows just one, which is
nearly always, else -1; of how many characters a text may be that takes one line for certain; the height of a line; what
`count` wants to know of it; its fragments."""

Cell = tuple[int, bool, int, tuple[InCell, ...]]
"""A cell: its column; whether it goes on with the cell above; its height when each of its paragraphs takes one line;
these paragraphs."""

Table = tuple[tuple[int, ...], int, int]
"""What all rows of a table share: the widths of the columns; the margins of a cell beside its text and around it."""


Plan = tuple[int, tuple[tuple[int, int, int, int, tuple[int, int, int, int]], ...], tuple[Cell, ...]]
"""How the height of a row is found: its height where each text takes one line, but for some of its cells; those with
one text that may take more, as the number of the text, how many characters take one line for certain, the height of the
cell with one, the height of a line and what `count` wants to know; and the cells left out, which take a closer look."""


class TableRow:
    """A kind of row: everything but the texts. `continued` are the columns in which it goes on with the row above.

    `plans` are worked out as they are needed, by the columns that go on in the row below.
    """

    __slots__ = ("cells", "continued", "exact", "header", "least", "plans")

    def __init__(
        self, least: int, exact: bool, header: bool, cells: tuple[Cell, ...], continued: frozenset[int]
    ) -> None:
        self.least, self.exact, self.header, self.cells, self.continued = least, exact, header, cells, continued
        self.plans: dict[frozenset[int], Plan] = {}

    def plain(self) -> tuple[Any, ...]:
        """Return what a `TableRow` is made from."""
        return self.least, self.exact, self.header, self.cells, self.continued


def read_table(frame: str) -> Table:
    """Return what the markup of a table before its first row says."""
    grid, said = _GRID.search(frame), _MARGINS.search(frame)
    columns = children(grid.group()[len("<w:tblGrid>") :]) if grid else []
    margins = {"top": 0, "left": 108, "bottom": 0, "right": 108}
    margins |= {name: number(words, "w") for name, words in (children(said[1]) if said else ())}
    return (
        tuple(number(words, "w") for name, words in columns if name == "gridCol"),
        margins["left"] + margins["right"],
        margins["top"] + margins["bottom"] + BORDER,
    )


def read_row(
    markup: str, table: Table, shape_of: Callable[[str], ParagraphShape], numbers: Sequence[int] | None = None
) -> TableRow:
    """Return the kind of a row by its markup, with `SLOT` for its texts.

    `shape_of` gives the shape of a paragraph by what stands in its `w:pPr`; `numbers` are those of the texts, where
    they are not in their order. Of rows within rows, the first of the inner ones belongs to the row around it.
    """
    begin = markup.find("<w:tr")
    first = _CELL.search(markup)
    if begin < 0 or (first is not None and first.group() == "</w:tbl>"):
        return TableRow(0, False, False, (), frozenset())  # the end of a table within a table, which counts before it
    match = _ROW_PROPERTIES.search(markup, begin, first.start() if first else len(markup))
    said = children(match[1]) if match else []
    least = next((words for name, words in said if name == "trHeight"), None)
    cells = tuple(_cells(markup, table, shape_of, numbers or range(markup.count(SLOT))))
    return TableRow(
        least=number(least, "val") if least is not None else 0,
        exact=least is not None and least.get("hRule") == "exact",
        header=any(name == "tblHeader" for name, _ in said),
        cells=cells,
        continued=frozenset(column for column, goes_on, *_ in cells if goes_on),
    )


def _cells(
    markup: str, table: Table, shape_of: Callable[[str], ParagraphShape], numbers: Sequence[int]
) -> Iterator[Cell]:
    widths, beside, around = table
    column, slots = 0, 0
    for before, cell in _split(markup):
        slots += before.count(SLOT)
        span, continued, paragraphs = _read_cell(cell, shape_of)
        room = sum(widths[column : column + span]) - beside
        own = numbers[slots : slots + cell.count(SLOT)]
        shown = ((shape, numbered(fragments, own)) for shape, fragments in paragraphs)
        yield _cell(column, continued, around, room, shown)
        slots += len(own)
        column += span


@lru_cache(maxsize=1024)
def _read_cell(
    cell: str, shape_of: Callable[[str], ParagraphShape]
) -> tuple[int, bool, tuple[tuple[ParagraphShape, Fragments], ...]]:
    """Return how many columns a cell takes, whether it goes on with the one above, and its paragraphs.

    Its texts are numbered among themselves.
    """
    within = _WITHIN.match(cell)
    properties = dict(reversed(children(within[1]))) if within else {}
    span = max(1, number(properties["gridSpan"], "val")) if "gridSpan" in properties else 1
    continued = "vMerge" in properties and properties["vMerge"].get("val", "continue") == "continue"
    found: list[tuple[ParagraphShape, list[str | int | None]]] = []
    around: list[list[str | int | None]] = []  # the paragraphs that are open; one may be in a box within another
    slots = 0
    for each in _IN_CELL.finditer(cell):
        if each["text"] is not None:
            fragments = cut(each["text"], slots)
            slots += each["text"].count(SLOT)
            for paragraph in around:
                paragraph += fragments
        elif each["line"]:
            for paragraph in around:
                paragraph.append(None)
        elif each["end"]:
            del around[-1:]
        else:
            found.append((shape_of(each["properties"] or ""), []))
            around += [] if each["empty"] else [found[-1][1]]
    return span, continued, tuple((shape, tuple(fragments)) for shape, fragments in found)


def cut(text: str, slot: int) -> Fragments:
    """Return the pieces of a text in XML, of which the first `SLOT` is number `slot`."""
    first, *others = text.split(SLOT)
    fragments: list[str | int | None] = [unescaped(first)] if first else []
    for number_here, other in enumerate(others, slot):
        fragments += [number_here, unescaped(other)] if other else [number_here]
    return tuple(fragments)


def numbered(fragments: Fragments, numbers: Sequence[int]) -> Fragments:
    """Return `fragments` with other numbers for their texts."""
    return tuple(numbers[each] if isinstance(each, int) else each for each in fragments)


def height(
    row: TableRow, texts: Sequence[str], going_on: frozenset[int], needs: dict[int, int], *, broken: bool
) -> int:
    """Return the height of a row. `needs` carries what cells over several rows need from one row to the next.

    `broken` says that there may be tabs and line ends in the texts.
    """
    if row.exact:
        return row.least
    if broken and _are_broken(texts):
        return _height(row.least, row.cells, texts, going_on, needs, broken=True)
    plan = row.plans.get(going_on)
    if plan is None:
        plan = row.plans[going_on] = _plan(row, going_on)
    highest, usual, others = plan
    for slot, fits, need, high, measures in usual:
        if len(texts[slot]) > fits:
            need += high * (count(texts[slot], *measures, False) - 1)
            if need > highest:
                highest = need
    if others:
        return _height(highest, others, texts, going_on, needs, broken=False)
    if needs:
        needs.clear()
    return highest


def _are_broken(texts: Sequence[str]) -> bool:
    together = "".join(texts)
    return "\n" in together or "\t" in together


def _plan(row: TableRow, going_on: frozenset[int]) -> Plan:
    highest = row.least
    usual, others = [], []
    for cell in row.cells:
        column, continued, need, paragraphs = cell
        if continued or column in going_on or len(paragraphs) > 1 or any(slot < 0 for slot, *_ in paragraphs):
            others.append(cell)
            continue
        highest = max(highest, need)
        usual += [(slot, fits, need, high, measures) for slot, fits, high, measures, _ in paragraphs]
    return highest, tuple(usual), tuple(others)


def _height(
    highest: int,
    cells: Iterable[Cell],
    texts: Sequence[str],
    going_on: frozenset[int],
    needs: dict[int, int],
    *,
    broken: bool,
) -> int:
    """Return the height of a row with `cells`, which is at least `highest`."""
    carried: dict[int, int] = {}
    for column, continued, need, paragraphs in cells:
        if continued:
            need = needs.get(column, 0)
        else:
            for slot, fits, high, measures, fragments in paragraphs:
                if slot < 0 or (broken and ("\n" in texts[slot] or "\t" in texts[slot])):
                    need += high * (_counted(fragments, texts, measures) - 1)
                elif len(texts[slot]) > fits:
                    need += high * (count(texts[slot], *measures, False) - 1)
        if column in going_on:
            carried[column] = need
        elif need > highest:
            highest = need
    needs.clear()
    for column, need in carried.items():
        needs[column] = need - highest
    return highest


def _counted(fragments: Fragments, texts: Sequence[str], measures: tuple[int, int, int, int]) -> int:
    room, first, size, closer = measures
    return sum(
        count(text, room, 0 if at else first, size, closer, False)
        for at, text in enumerate(joined(fragments, texts, tab=""))
    )


def joined(fragments: Fragments, texts: Sequence[str], *, tab: str) -> list[str]:
    """Return the texts between line ends that `fragments` show, with `tab` in the place of tabs."""
    shown = [""]
    for each in fragments:
        if each is None:
            shown.append("")
        elif isinstance(each, str):
            shown[-1] += each
        else:
            first, *others = texts[each].replace("\t", tab).split("\n")
            shown[-1] += first
            shown += others
    return shown


def _cell(
    column: int, continued: bool, least: int, room: int, paragraphs: Iterable[tuple[ParagraphShape, Fragments]]
) -> Cell:
    found = []
    for shape, fragments in paragraphs:
        own = room - shape.left - shape.right
        measures = (own, shape.first, shape.size, shape.closer)
        least += shape.before + shape.after + shape.height
        if not any(isinstance(each, int) for each in fragments):
            least += shape.height * (_counted(fragments, (), measures) - 1)
            continue
        em = shape.size + shape.closer
        slot = fragments[0] if len(fragments) == 1 else None
        fits = (own - shape.first) // em if em > 0 else -1
        found.append((slot if isinstance(slot, int) else -1, fits, shape.height, measures, fragments))
    return column, continued, least, tuple(found)


def _split(row: str) -> Iterator[tuple[str, str]]:
    """Return the cells of a row, without their own tags, each with what stands before it."""
    depth, start, done = 0, 0, 0
    for tag in _CELL.finditer(row):
        if tag.group() == "</w:tbl>":
            continue
        if tag.group() != "</w:tc>":
            if depth == 0:
                before, start = row[done : tag.start()], tag.end()
            depth += 1
        if tag.group() == "</w:tc>" or tag[1]:
            depth -= 1
            if depth == 0:
                yield before, row[start : tag.start()] if not tag[1] else ""
                done = tag.end()
    if depth > 0:  # of a row with rows within it, which goes on elsewhere
        yield before, row[start:]


def fragments_of(xml: str) -> tuple[Fragments, bool]:
    """Return what a paragraph shows, and whether it begins with the end of a page."""
    fragments: list[str | int | None] = []
    breaks, slot = False, 0
    for text, element, attributes in _PIECE.findall(xml):
        if not element:
            fragments += cut(text, slot)
            slot += text.count(SLOT)
        elif element == "tab":
            fragments.append(" ")
        elif _PAGE_BREAK in attributes:
            breaks = True
        else:
            fragments.append(None)
    return tuple(fragments), breaks


def unescaped(text: str) -> str:
    """Return the text that stands in XML as `text`."""
    if "&" not in text:
        return text
    from html import unescape

    return unescape(text)
