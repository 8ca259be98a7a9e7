"""What is still to do, as formulas: the sheets count it themselves while people type, without a macro.

Every page carries its counts beside its last column, in hidden columns, so that a copy of the page counts for itself.
Only functions are used that Excel 2010, WPS and LibreOffice share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from perfxl.model.addresses import Range, cell
from perfxl.report_type.model import LiveCheck
from perfxl.workbook.form.cell_styles import MISSING_COLOUR, WRONG_COLOUR, style
from perfxl.workbook.form.dropdown_lists import followed, followed_path
from perfxl.workbook.form.page_layout import (
    FormSheet,
    PlacedColumn,
    PlacedField,
    PlacedList,
    absolute,
    corner,
    fill_in,
    literal,
)
from perfxl.workbook.form.xlsx_writer import Pen

# After the last column of a page: a narrow one that keeps rows from becoming too low, then the two hidden ones.
GAP = 1
_COUNT, _TEXT, _MARKS = 2, 3, 4
_LONGEST_COUNT = 6000  # characters of a formula; Excel takes 8192

_MISSING = {"bg_color": MISSING_COLOUR}
_WRONG = {"bg_color": WRONG_COLOUR, "font_color": "#9C0006"}


@dataclass(frozen=True)
class Need:
    """A group of things to do on a page: formulas for how many, and for what it is (several, each after a `；`)."""

    title: str
    count: str
    text: str
    at: Range


@dataclass(frozen=True)
class Counts:
    """The cells in which a page keeps its counts."""

    page: FormSheet

    @property
    def active(self) -> Range:
        """Holds 1 where the page is to be filled, 0 where it may stay blank."""
        return self._cell(1, _COUNT)

    @property
    def total(self) -> Range:
        return self._cell(1, _TEXT)

    @property
    def marks(self) -> Range:
        """Says which cells a check has painted, `!D6,?H3,`."""
        return self._cell(1, _MARKS)

    @property
    def then(self) -> Range:
        """Says what those cells held at that time: a cell that was mended since is painted no longer."""
        return self._cell(2, _MARKS)

    def count(self, index: int) -> Range:
        return self._cell(2 + index, _COUNT)

    def text(self, index: int) -> Range:
        return self._cell(2 + index, _TEXT)

    def _cell(self, row: int, offset: int) -> Range:
        column = self.page.last_column + offset
        return Range(row, column, row, column)


def needs(page: FormSheet, book: tuple[FormSheet, ...]) -> list[Need]:
    """Return the groups of things to do on the page, in the order of the page."""
    found = [_required(page), *(_list(page, placed) for placed in page.lists), _figures(page, book)]
    return sorted((need for need in found if need), key=lambda need: need.title == FIGURES)


FIGURES = "数字和勾稽关系"


def write_counts(pen: Pen, page: FormSheet, book: tuple[FormSheet, ...]) -> None:
    """Write the counts of the page into its hidden columns."""
    counts, found, plain = Counts(page), needs(page, book), style("plain")
    active = absolute(counts.active)
    pen.formula(counts.active, _active(page, book), plain)
    for index, need in enumerate(found):
        pen.formula(counts.count(index), f"IF({active}=0,0,IFERROR({need.count},1))", plain)
        pen.formula(counts.text(index), f'IF({active}=0,"",IFERROR({need.text},""))', plain)
    last = counts.count(len(found) - 1)
    summed = f"SUM({absolute(counts.count(0))}:{absolute(last)})" if found else "0"
    pen.formula(counts.total, summed, plain)
    pen.columns([8.0, 30.0], page.last_column + _COUNT, hidden=True)


def status(page: FormSheet, count: int) -> str:
    """Return the formula of the line in which a page says how much is still to do on it, and what a check found."""
    counts = Counts(page)
    texts = "&".join(absolute(counts.text(index)) for index in range(count)) or '""'
    total, marks = absolute(counts.total), absolute(counts.marks)
    found = "&".join(f'IF({marked(page, sign)}=0,"","{what} "&{marked(page, sign)}&" 处，")' for sign, what in _FOUND)
    return (
        f'IF({absolute(counts.active)}=0,"本表还是空白，不用就不必填。",'
        f'IF({total}=0,"√ 本表必填项已填全。","待处理 "&{total}&" 处："&MID({texts},2,300)))'
        f'&IF({marks}="","","　上次检查：本表"&{found}&"见“检查”表。")'
    )


_FOUND = (("!", "错误"), ("?", "警告"), ("~", "提示"), ("+", "已改正"))


def marked(page: FormSheet, sign: str) -> str:
    """Return the formula for how many cells of the page the last check marked with `sign`."""
    marks = absolute(Counts(page).marks)
    return f'(LEN({marks})-LEN(SUBSTITUTE({marks},"{sign}","")))'


def paint_inputs(pen: Pen, page: FormSheet, book: tuple[FormSheet, ...]) -> None:
    """Paint inputs while people type: red where something is wrong, orange where something is missing."""
    for check in page.sheet.live:
        placed = next(placed for placed in page.inputs() if placed.field.path == check.field)
        formula = fill_in(check.wrong, page, book, 0, placed if isinstance(placed, PlacedColumn) else None)
        if check.rows:
            # The cells of the first row stand for those of each.
            formula = re.sub(rf"(\$[A-Z]{{1,3}})\${placed.at.top}(?![\d:])", rf"\g<1>{placed.at.top}", formula)
        pen.paint(placed.at, formula if not check.rows else f"({formula})>0", _WRONG)
    for placed in page.inputs():
        if _numeric(placed):
            column = isinstance(placed, PlacedColumn)
            first = cell(placed.at.top, placed.at.left) if column else absolute(corner(placed.at))
            # A formula of ours shows nothing by showing an empty text.
            text = f'AND(ISTEXT({first}),{first}<>"")' if placed.field.formula else f"ISTEXT({first})"
            pen.paint(placed.at, text, _WRONG)
    active = absolute(Counts(page).active)
    for placed in page.fields:
        if placed.field.required:
            pen.paint(placed.at, f'AND({active}=1,{absolute(corner(placed.at))}="")', _MISSING)
    for rows in page.lists:
        _paint_list(pen, page, rows, active)


def _paint_list(pen: Pen, page: FormSheet, rows: PlacedList, active: str) -> None:
    top = rows.top
    joined = "&".join(f"${cell(top, column.at.left)}" for column in rows.columns)
    for column in rows.columns:
        if not column.field.required:
            continue
        leader = followed(column, page)
        mark = f"${cell(top, leader.at.left)}" if leader else joined
        if not rows.rows.plain:
            pen.paint(column.at, f'AND({mark}<>"",{cell(top, column.at.left)}="")', _MISSING)
        if rows.rows.required and not leader:
            pen.paint(column.cell(0), f"AND({active}=1,COUNTA({_typed(rows)})=0)", _MISSING)


def _active(page: FormSheet, book: tuple[FormSheet, ...]) -> str:
    """Return the formula for whether a page is to be filled: one that only a few items need may stay blank.

    The first page of its kind speaks up as long as no other has been begun, so that a new form shows what it wants.
    """
    if not page.number:
        return "1"
    typed = [placed for placed in page.fields if not placed.field.derived]
    ranges = [_typed(rows) for rows in page.lists] + [absolute(corner(placed.at)) for placed in typed]
    begun = f"COUNTA({','.join(ranges)})>0"
    if page.number > 1:
        return f"IF({begun},1,0)"
    # A hundred are asked, lest the formula become longer than Excel allows.
    others = [other for other in book if other.sheet.each == page.sheet.each and other.number > 1][:100]
    # A sheet that somebody deleted leaves #REF! here, which LibreOffice catches only inside a calculation.
    elsewhere = "+".join(f"IFERROR(0+{other.reference(Counts(other).active)},0)" for other in others) or "0"
    return f"IF(OR({begun},{elsewhere}=0),1,0)"


def _typed(rows: PlacedList) -> str:
    """Return the cells of a list that hold no formulas of ours, as arguments of a function."""
    entries = [column for column in rows.columns if column.field in rows.rows.entries]
    return ",".join(absolute(column.at) for column in entries or rows.columns)


def _required(page: FormSheet) -> Need | None:
    wanted = [placed for placed in page.fields if placed.field.required]
    if not wanted:
        return None
    blank = [f'({absolute(corner(placed.at))}="")' for placed in wanted]
    # The zero makes a number of a single comparison, which sums would pass over.
    count = "0+" + "+".join(blank)
    names = "&".join(
        f'IF({test},{literal("、" + placed.field.label)},"")' for test, placed in zip(blank, wanted, strict=True)
    )
    return Need("必填项", count, f'IF({count}=0,"","；未填："&MID({names},2,200))', wanted[0].at)


def _list(page: FormSheet, rows: PlacedList) -> Need | None:
    """Return what is missing in a list: all of it, or cells in rows that were begun."""
    # The zero makes a number of a single comparison: in Excel, though not in LibreOffice, FALSE is more than 0.
    begun = "((0+" + "+".join(f'({absolute(column.at)}<>"")' for column in rows.columns) + ")>0)"
    gaps = [_gap(page, column, begun) for column in rows.columns if column.field.required and not rows.rows.plain]
    empty = f"(SUMPRODUCT({begun}*1)=0)" if rows.rows.required else "0"
    if not gaps and not rows.rows.required:
        return None
    missing = f"SUMPRODUCT({'+'.join(gaps)})" if gaps else "0"
    item = f"；“{rows.rows.label}”"
    partly = f'IF({missing}>0,{literal(item + "有")}&{missing}&"格没有填","")'
    text = f"IF({empty}*1=1,{literal(item + '还没有填')},{partly})"
    first = next((column for column in rows.columns if not followed_path(column.field)), rows.columns[0])
    return Need(rows.rows.label, f"{empty}+{missing}", text, first.cell(0))


def _gap(page: FormSheet, column: PlacedColumn, begun: str) -> str:
    """Return 1 for each row in which a required column is blank. What follows from another is missing with that one."""
    leader = followed(column, page)
    mark = f'({absolute(leader.at)}<>"")' if leader else begun
    return f'{mark}*({absolute(column.at)}="")'


def _figures(page: FormSheet, book: tuple[FormSheet, ...]) -> Need | None:
    """Return what is wrong with numbers: the live checks, and text where a number belongs."""
    tests = [(_failing(page, book, check), check.say) for check in page.sheet.live]
    for placed in page.inputs():
        if _numeric(placed):
            where = absolute(corner(placed.at)) if isinstance(placed, PlacedField) else absolute(placed.at)
            shows = f'({where}<>"")' if placed.field.formula else "1"
            tests.append((f"SUMPRODUCT(ISTEXT({where})*{shows})", f"“{placed.field.label}”应填数字"))
    if not tests:
        return None
    checked = {check.field for check in page.sheet.live}
    first = next(placed for placed in page.inputs() if placed.field.path in checked or _numeric(placed))
    return Need(
        FIGURES,
        "+".join(test for test, _ in tests),
        "&".join(f'IF({test}>0,{literal("；" + say)},"")' for test, say in tests),
        corner(first.at),
    )


def _failing(page: FormSheet, book: tuple[FormSheet, ...], check: LiveCheck) -> str:
    """Return how often a live check is failed: once, or in how many rows."""
    if not check.rows:
        return f"IFERROR(IF({fill_in(check.wrong, page, book)},1,0),0)"
    column = next(placed for rows in page.lists for placed in rows.columns if placed.field.path == check.field)
    rows = range(column.at.bottom - column.at.top + 1)
    one_by_one = [f"(({fill_in(check.wrong, page, book, row, column)})>0)" for row in rows]
    if sum(map(len, one_by_one)) < _LONGEST_COUNT and "SUMPRODUCT" in check.wrong:
        return f"IFERROR({'+'.join(one_by_one)},0)"
    # Of columns, each name stands for all of its cells.
    own = {f"{{{name.field.name}}}" for rows in page.lists for name in rows.columns if column in rows.columns}
    whole = re.sub(r"\{[^{}\[\]]+\}", lambda name: f"{name[0][:-1]}[]}}" if name[0] in own else name[0], check.wrong)
    if check.wrong.count("SUMPRODUCT"):
        cells = fill_in(f"{{{column.field.name}[]}}", page, book)
        return f'IFERROR(SUMPRODUCT(({cells}<>"")*(COUNTIF({cells},{cells})>1)),0)'
    return f"IFERROR(SUMPRODUCT((({fill_in(whole, page, book)})>0)*1),0)"


def _numeric(placed: PlacedField | PlacedColumn) -> bool:
    return "string" not in placed.field.types
