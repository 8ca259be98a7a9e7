"""Lists in tables: which cell of a row belongs to which column of the header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from perfxl.document_import.blocks import WordCell, WordRow, WordTable
from perfxl.document_import.label_text import compact, label_keys
from perfxl.document_import.vocabulary import Columns, Header, Slot

_TOTALS = frozenset(
    (
        "总分",
        "合计",
        "总计",
        "综合得分",
        "小计",
        "总得分",
        "得分合计",
        "分值合计",
        "综合",
        "自评总分",
        "自评得分",
        "金额合计",
    )
)
_ORDINALS = frozenset(("序号", "序", "编号", "行次"))


class Column(NamedTuple):
    """A column of a header: what it covers in the table, from `left` up to `right`, and its place in the row."""

    left: int
    right: int
    number: int
    label: str
    target: str | Slot


class BodyRow(NamedTuple):
    """The cells of a row by column; the text is that of a merged cell above where there is one."""

    texts: Mapping[str, tuple[WordCell | None, str]]
    labels: Mapping[str, str]
    beside: Sequence[tuple[Slot, WordCell]]


class Listing:
    """A list as it is being read: its header, and what stood last in columns that are filled once for several rows."""

    def __init__(self, columns: Columns, row: WordRow, found: Sequence[Column], labels: Sequence[WordCell]) -> None:
        self.columns = columns
        self.slot = columns.slot
        self.row = row
        self.columns_found = tuple(found)
        self.labels = tuple(labels)
        self.left = min(column.left for column in found)
        self.last: dict[str, str] = {}
        self.merged: set[str] = set()
        self.header_cells = set(row.cells)
        self.fresh = True
        self.aside = False  # of another period than the form asks for
        self._resumed: set[WordCell] = set()

    def resume(self, before: Listing) -> None:
        """Go on where the list stopped at the end of a page: what is blank above is what stood there."""
        self.last = before.last

    def goes_on_blank(self, cell: WordCell) -> bool:
        """Whether a blank cell goes on with the one above the end of the page."""
        if self.fresh and self.last and not cell.text:
            self._resumed.add(cell)
        return cell in self._resumed

    def moved(self, row: WordRow) -> Listing:
        """Return the list as it goes on in another table without a header, which may be ruled otherwise."""
        found = [
            column._replace(left=row.cells[column.number].column, right=row.cells[column.number].right)
            for column in self.columns_found
        ]
        other = Listing(self.columns, row, found, ())
        other.last = self.last
        other.header_cells = set()
        return other

    def numbers(self, cell: WordCell) -> bool:
        """Whether a cell only numbers the rows."""
        head = next((each for each in self.row.cells if each.column <= cell.column < each.right), None)
        return head is not None and is_ordinal(head) and compact(cell.text).rstrip(".、").isdigit()

    def is_total(self, cell: WordCell) -> bool:
        """Whether a cell says that its row sums up the list."""
        return any(key in _TOTALS for key in label_keys(cell.text))

    def is_summed(self, row: WordRow) -> bool:
        """Whether a row sums up the list."""
        first = next((cell for cell in row.own if cell.text), None)
        return first is not None and self.is_total(first)

    def totals(self, row: WordRow) -> list[tuple[WordCell, Slot]]:
        """Return the cells of a row that sums up the list, with what they are; nothing of another row."""
        own = row.own
        if not self.columns.totals or not own or not self.is_total(next((c for c in own if c.text), own[0])):
            return []
        found: list[tuple[WordCell, Slot]] = []
        for column in self.columns_found:
            if isinstance(column.target, str) and column.target in self.columns.totals:
                for cell in own:
                    if (
                        cell.column < column.right
                        and column.left < cell.right
                        and cell.text
                        and not self.is_total(cell)
                    ):
                        found.append((cell, self.columns.totals[column.target]))
        if not found:
            numbers = [cell for cell in own if _is_number(cell.text)]
            found = list(zip(numbers[-len(self.columns.totals) :], self.columns.totals.values(), strict=False))
        return found


def is_ordinal(cell: WordCell) -> bool:
    """Whether a cell heads a column that numbers the rows."""
    return compact(cell.text) in _ORDINALS


def _is_number(text: str) -> bool:
    return compact(text).replace(".", "", 1).removesuffix("分").removesuffix("%").isdigit()


def listing(header: Header, table: WordTable, at: int) -> tuple[Listing, int]:
    """Return the list of which row `at` is the header, and the row after the header, which may have a second row."""
    row = table.rows[at]
    every = [_column(cell, target, row) for cell, target in sorted(header.found, key=lambda each: each[0].column)]
    found = _one_each(every, header.columns.slot, table, at)
    labels = [cell for cell, _ in header.found]
    after = at + 1
    if after < len(table.rows) and any(cell.rows > 1 for cell in labels):
        below = table.rows[after]
        own = [cell for cell in below.own if cell.text]
        known = [(cell, _key(header.columns, cell)) for cell in own]
        wide = [cell for cell in row.cells if cell.columns > 1 and cell.rows == 1]
        under_wide = all(any(c.column <= cell.column and cell.right <= c.right for c in wide) for cell in own)
        if own and (all(target is not None for _, target in known) or (under_wide and any(t for _, t in known))):
            under = [_column(cell, target, below) for cell, target in known if target is not None]
            kept = [
                column for column in found
                if not any(column.left <= each.left and each.right <= column.right for each in under)
            ]  # fmt: skip
            found = sorted([*_seen_from(kept, below), *under], key=_by_position)
            labels += own
            after += 1
            row = below
    source = _unnamed(header.columns, found, table.rows[at])
    return Listing(header.columns, row, [*source, *found], labels), after


def _seen_from(found: Sequence[Column], row: WordRow) -> list[Column]:
    """Return columns with their numbers in the second row of a header, where those that it parts are several."""
    numbers = {cell.column: number for number, cell in enumerate(row.cells)}
    return [column._replace(number=numbers.get(column.left, column.number)) for column in found]


def _by_position(column: Column) -> tuple[int, int]:
    return column.left, column.number


def _key(columns: Columns, cell: WordCell) -> str | Slot | None:
    keys = label_keys(cell.text)
    own = next((columns.keys[key] for key in keys if key in columns.keys), None)
    return own or next((columns.beside[key] for key in keys if key in columns.beside), None)


def _column(cell: WordCell, target: str | Slot, row: WordRow) -> Column:
    return Column(cell.column, cell.right, row.cells.index(cell), compact(cell.text), target)


def _one_each(found: list[Column], slot: Slot, table: WordTable, at: int) -> list[Column]:
    """Leave one column of each name: of two groups side by side, that of the year, or else the last one.

    What is the name of the list as well is the name of a column only where there is no other.
    """
    own = set(label_keys(slot.node["x-label"]))
    names: dict[str, list[Column]] = {}
    for column in found:
        name = column.target if isinstance(column.target, str) else ".".join(column.target.path)
        names.setdefault(name, []).append(column)
    above = table.rows[at - 1].cells if at else ()

    def rank(column: Column) -> tuple[bool, bool, int]:
        over = next((cell.text for cell in above if cell.column <= column.left < cell.right), "")
        in_year = any(word in over for word in ("年度", "本年", "当年"))
        return own.isdisjoint(label_keys(column.label)), in_year, column.left

    return sorted((max(columns, key=rank) for columns in names.values()), key=_by_position)


def _unnamed(columns: Columns, found: Sequence[Column], row: WordRow) -> list[Column]:
    """Return the first column of a list where no label stands over it: that of the sources of funds."""
    members = columns.slot.node["items"]
    first = next(iter(members["properties"]))
    if first not in members.get("required", ()) or any(column.target == first for column in found):
        return []
    left = min(column.left for column in found)
    before = [cell for cell in row.cells if cell.right <= left]
    blank = [cell for cell in before if not cell.text]
    cell = blank[-1] if blank else before[-1] if before else None
    if cell is None or compact(cell.text) in _ORDINALS:
        return []
    label = members["properties"][first]["x-label"]
    return [Column(cell.column, cell.right, row.cells.index(cell), label, first)]


def body_row(rows: Listing, row: WordRow) -> BodyRow | None:
    """Return the cells of a row by column, or None where the row is none of the list."""
    cells = row.cells
    alike = len(cells) == len(rows.row.cells)
    if not alike and len(rows.columns_found) > 2:
        # A remark over most of the columns is no row.
        for wide in row.own:
            covers = sum(1 for c in rows.columns_found if wide.column <= c.left and c.right <= wide.right)
            if wide.text and covers > 1 and covers * 2 > len(rows.columns_found):
                return None
    members = rows.slot.node["items"]["properties"]
    texts: dict[str, tuple[WordCell | None, str]] = {}
    labels: dict[str, str] = {}
    beside: list[tuple[Slot, WordCell]] = []
    used: set[WordCell] = set()
    for column in rows.columns_found:
        cell = cells[column.number] if alike else _over(cells, column)
        if cell is None or cell in rows.header_cells or cell in used:
            continue
        used.add(cell)
        if not isinstance(column.target, str):
            if cell.row == row.number:
                beside.append((column.target, cell))
            continue
        key = column.target
        labels[key] = column.label
        texts[key] = (cell, _text(rows, row, cell, key, members[key]))
    rows.fresh = False
    return BodyRow(texts, labels, beside)


def _over(cells: Sequence[WordCell], column: Column) -> WordCell | None:
    """Return the cell that shares most with a column."""
    shared = [(min(cell.right, column.right) - max(cell.column, column.left), cell) for cell in cells]
    most = max(shared, key=lambda each: each[0], default=(0, None))
    return most[1] if most[0] > 0 else None


def _text(rows: Listing, row: WordRow, cell: WordCell, key: str, member: Mapping[str, object]) -> str:
    """Return what a cell says in its row. A text that is merged over several rows counts for each of them."""
    text = "\n".join(piece.text for piece in cell.pieces).strip("\n")
    read = member.get("x-read", {})
    fills = isinstance(read, Mapping) and bool(read.get("fills"))
    if fills and rows.goes_on_blank(cell):
        return rows.last.get(key, "")
    if cell.row != row.number:
        rows.merged.add(key)
        return text if member.get("type") == "string" else ""
    if cell.rows > 1:
        rows.merged.add(key)
    if not text.strip() and fills and key not in rows.merged:
        return rows.last.get(key, "")
    if text.strip():
        rows.last[key] = text
    return text
