"""The hidden sheet of lists: what the drop-down lists offer, and what follows from what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfxl.model.addresses import Range
from perfxl.report_type.model import TEXTS_NAME, Field
from perfxl.workbook.form.cell_styles import style
from perfxl.workbook.form.page_layout import FormSheet, PlacedColumn, PlacedField, absolute, quoted
from perfxl.workbook.form.xlsx_writer import FormBook

TITLE = "列表"


@dataclass
class Lists:
    """The lists that a workbook needs, each once, in the order in which the sheets ask for them."""

    offered: dict[tuple[str, ...], str] = field(default_factory=dict)
    followed: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)

    @classmethod
    def of(cls, pages: tuple[FormSheet, ...]) -> Lists:
        """Return the lists of all inputs of `pages`."""
        lists = cls()
        for page in pages:
            for placed in page.inputs():
                if choices := offered(placed.field):
                    lists.offered.setdefault(choices, f"perfxl.list.{len(lists.offered) + 1}")
                if pairs := tuple(leaders(placed.field).items()):
                    column = len(lists.followed)
                    lists.followed.setdefault(pairs, f"perfxl.follow.{column + 1}")
        return lists

    def name(self, of: Field) -> str:
        """Return the defined name of the list that an input offers."""
        return self.offered[offered(of)]

    def lookup(self, of: Field, key: str) -> str:
        """Return the formula that looks up what follows from the cell `key`: plain functions that all programs have."""
        found = f"VLOOKUP({key},{self.followed[tuple(leaders(of).items())]},2,FALSE)"
        return f'IF({key}="","",IF(ISNA({found}),"",{found}))'

    def write(self, book: FormBook, code_name: str, texts: Mapping[str, str]) -> None:
        """Write the sheet and the names of its lists. `texts` are what the macros say, by key."""
        pen = book.sheet(TITLE, code_name)
        column = 1
        for choices, name in self.offered.items():
            for row, choice in enumerate(choices, 1):
                pen.write(Range(row, column, row, column), choice, style("plain", num_format="@"))
            book.define(name, f"{quoted(TITLE)}!{absolute(Range(1, column, len(choices), column))}")
            column += 1
        said = {tuple(texts.items()): TEXTS_NAME} if texts else {}
        for pairs, name in (*self.followed.items(), *said.items()):
            for row, (key, value) in enumerate(pairs, 1):
                pen.write(Range(row, column, row, column), key, style("plain", num_format="@"))
                pen.write(Range(row, column + 1, row, column + 1), value, style("plain", num_format="@"))
            book.define(name, f"{quoted(TITLE)}!{absolute(Range(1, column, len(pairs), column + 1))}")
            column += 2
        pen.columns([24.0] * (column - 1))
        pen.lock()
        pen.hide()


def offered(of: Field) -> tuple[str, ...]:
    """Return what a drop-down list at the input should offer, which may be only by way of example."""
    return tuple(of.schema.get("enum") or of.schema.get("examples") or ())


def leaders(of: Field) -> dict[str, str]:
    """Return what follows from each value of the input that `of` follows; empty where it follows none."""
    groups = of.schema.get("x-follows", {}).get("groups", {})
    pairs: dict[str, str] = {}
    for value, keys in groups.items():
        for key in keys:
            pairs.setdefault(key, value)
    return pairs


def followed_path(of: Field) -> tuple[str, ...] | None:
    """Return the path of the input that `of` follows, which stands beside it in the data."""
    follows = of.schema.get("x-follows")
    return (*of.path[:-1], follows["field"]) if follows else None


def followed(of: PlacedField | PlacedColumn, page: FormSheet) -> PlacedField | PlacedColumn | None:
    """Return the input of `page` that `of` follows."""
    path = followed_path(of.field)
    return next((placed for placed in page.inputs() if placed.field.path == path), None) if path else None
