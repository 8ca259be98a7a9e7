"""The overview sheet: what the last check found, and below it what is still to do, sheet by sheet.

Both tables have the same columns, so that people read on. The rows for findings are hidden as long as there are none;
the macro shows as many as it needs, which a protected sheet allows because rows may be formatted.
"""

from __future__ import annotations

from perfxl.model.addresses import Range
from perfxl.workbook.form.cell_styles import (
    DONE_COLOUR,
    HINT_COLOUR,
    MENDED_COLOUR,
    MISSING_COLOUR,
    WARNING_COLOUR,
    WRONG_COLOUR,
    style,
)
from perfxl.workbook.form.page_layout import FormSheet, absolute, corner, literal, quoted
from perfxl.workbook.form.todo_formulas import Counts, Need, needs
from perfxl.workbook.form.xlsx_writer import FormBook, Pen

FINDINGS = "findings"
SAID = "findings.said"  # what the last check said in a sentence
BEFORE = "findings.before"  # what stood in the cells that the program has mended: sheet, cell, kind, before, after
ADDED = "findings.added"  # rows for sheets that were added: the macro writes one for each
LINK_COLUMNS = (2, 5, 6, 7)
_FINDING_ROWS, _ADDED_ROWS, _BEFORE_COLUMNS = 200, 60, 5
_COLUMNS = 7
_HEADERS = ("工作表", "去处理", "要做的事", "名称", "待处理（处）")
_FINDING_HEADERS = ("工作表", "去处理", "问题", "怎么改", "同样的格子还有")
_COLOURS = {"错误": WRONG_COLOUR, "警告": WARNING_COLOUR, "提示": HINT_COLOUR, "已改": MENDED_COLOUR}
_LINK = {"font_color": "#0563C1", "underline": 1}


def header_row(page: FormSheet) -> int:
    """Return the row in which the table of findings begins, below the captions of the page."""
    return page.last_row + 2


def _findings(page: FormSheet) -> Range:
    top = header_row(page) + 1
    return Range(top, 1, top + _FINDING_ROWS - 1, _COLUMNS)


def _todo_row(page: FormSheet) -> int:
    """Return the row of the headers of what is to do."""
    return _findings(page).bottom + 2


def total_cell(page: FormSheet, pages: tuple[FormSheet, ...]) -> Range:
    """Return the cell that sums up what is still to do in the workbook."""
    row = _todo_row(page) + 1 + sum(len(needs(other, pages)) for other in pages)
    row += _ADDED_ROWS if _has_items(pages) else 0
    return Range(row, len(_HEADERS), row, len(_HEADERS))


def _said_cell(page: FormSheet) -> Range:
    column = max(page.last_column, _COLUMNS) + 2
    return Range(1, column, 1, column)


def _has_items(pages: tuple[FormSheet, ...]) -> bool:
    return any(page.number for page in pages)


def status(page: FormSheet, pages: tuple[FormSheet, ...]) -> str:
    """Return the formula of the line that sums up the workbook: what the last check said, and what is to do."""
    total, said = absolute(total_cell(page, pages)), absolute(_said_cell(page))
    return (
        f'IF({said}="",IF({total}=0,"√ 必填项已填全。这不等于没有错误：请再点“检查”，生成文档前也会全面检查一遍。",'
        f'"还有 "&{total}&" 处待处理。"),'
        f'"上次检查："&{said}&IF({total}=0,"必填项已填全。","下面还有 "&{total}&" 处待处理。")'
        f'&"改过的格子不再标颜色，再点一次“检查”，这里才会变。")'
    )


def paint_status(pen: Pen, page: FormSheet, pages: tuple[FormSheet, ...], at: Range) -> None:
    """Paint the line that sums up the workbook by the gravest that it says."""
    said, total = absolute(_said_cell(page)), absolute(total_cell(page, pages))
    pen.paint(at, f'ISNUMBER(FIND("错误",{said}))', {"bg_color": WRONG_COLOUR})
    pen.paint(at, f"{total}>0", {"bg_color": MISSING_COLOUR})
    pen.paint(at, f'{said}<>""', {"bg_color": WARNING_COLOUR})
    pen.paint(at, f"{total}=0", {"bg_color": DONE_COLOUR, "font_color": "#375623"})


def write_overview(book: FormBook, pen: Pen, page: FormSheet, pages: tuple[FormSheet, ...]) -> None:
    """Write the room for findings below the captions of the page, and under it the table of what is to do."""
    _write_findings(book, pen, page)
    header = _todo_row(page)
    pen.write(Range(header - 1, 1, header - 1, _COLUMNS), "二、随填随算：必填项和对不上的数", style("section"))
    pen.row(header - 1, 26)
    for column, text in enumerate(_HEADERS, 1):
        pen.write(Range(header, column, header, column), text, style("header"))
    pen.row(header, 26)
    row = header + 1
    for other in pages:
        found = needs(other, pages)
        for index, need in enumerate(found):
            # A name follows the sheet when somebody renames it; an address in a text would not.
            jump = f"perfxl.go.{row + index - header}"
            book.define(jump, other.reference(corner(need.at)))
            _write_need(pen, row + index, other, index, need, jump)
        if found:
            _write_sheet(pen, row, row + len(found) - 1, other)
        row += len(found)
    if _has_items(pages):
        _write_added(book, pen, page, row)
    _write_total(pen, page, pages, header)
    _write_memory(book, pen, page)


def _write_sheet(pen: Pen, first: int, last: int, page: FormSheet) -> None:
    """Write the name of a sheet, and its title as it stands there, beside the rows of its needs."""
    pen.write(Range(first, 1, last, 1), page.title, style("cell-centre"))
    title = next((page.place(caption.at) for caption in page.sheet.captions if caption.style == "title"), None)
    at = Range(first, 4, last, 4)
    if title:
        pen.formula(at, f'IFERROR(""&{page.reference(corner(title))},"（已删除）")', style("cell"))
    else:
        pen.write(at, None, style("cell"))


def _write_need(pen: Pen, row: int, page: FormSheet, index: int, need: Need, jump: str) -> None:
    counts = Counts(page)
    active, count, text = (page.reference(at) for at in (counts.active, counts.count(index), counts.text(index)))
    title = literal(need.title)
    what = f"IFERROR(IF({count}=0,{title},MID({text},2,200)),{title})"
    shown = f'IFERROR(IF({active}=0,"空白",IF({count}=0,"√","去处理")),"—")'
    # HYPERLINK stands outermost: some programs do not follow one inside another function.
    pen.formula(Range(row, 2, row, 2), f'HYPERLINK("#{jump}",{shown})', style("cell-centre", **_LINK))
    pen.formula(Range(row, 3, row, 3), what, style("cell"))
    pen.formula(Range(row, 5, row, 5), f"IFERROR(0+{count},0)", style("cell-centre"))
    pen.row(row, 24, elastic=True)


def _write_added(book: FormBook, pen: Pen, page: FormSheet, first: int) -> None:
    """Leave rows for sheets that are added later; they are hidden until the macro writes into them."""
    area = Range(first, 1, first + _ADDED_ROWS - 1, len(_HEADERS))
    looks = [style("cell-centre", locked=False) for _ in _HEADERS]
    looks[1], looks[2], looks[3] = (
        style("cell-centre", locked=False, **_LINK), style("cell", locked=False), style("cell", locked=False)
    )  # fmt: skip
    for row in range(area.top, area.bottom + 1):
        for column, look in enumerate(looks, 1):
            pen.write(Range(row, column, row, column), None, look)
        pen.row(row, 24, hidden=True)
    book.define(ADDED, f"{quoted(page.title)}!{absolute(area)}")


def name_counts(book: FormBook, page: FormSheet) -> None:
    """Name what the overview shows of the sheet of an item, so that the macro finds it on a copy of the sheet."""
    captions = {caption.style: corner(page.place(caption.at)) for caption in reversed(page.sheet.captions)}
    places = {"todo": Counts(page).total, "status": captions.get("status"), "title": captions.get("title")}
    for name, at in places.items():
        if at is not None:
            book.define(f"findings.{name}", page.reference(at), page.title)


def _write_total(pen: Pen, page: FormSheet, pages: tuple[FormSheet, ...], header: int) -> None:
    total = total_cell(page, pages)
    pen.write(Range(total.top, 1, total.top, 4), "合  计", style("header"))
    counted = Range(header + 1, total.left, total.top - 1, total.left)
    pen.formula(total, f"SUM({absolute(counted)})" if total.top > header + 1 else "0", style("header"))
    pen.row(total.top, 26)
    if total.top > header + 1:
        pen.paint(Range(header + 1, 2, total.top - 1, 5), f"N($E{header + 1})>0", {"bg_color": MISSING_COLOUR})
        done = f'$B{header + 1}="√"'
        look = {"bg_color": DONE_COLOUR, "font_color": "#375623"}
        pen.paint(Range(header + 1, 2, total.top - 1, 2), done, look)


def _write_findings(book: FormBook, pen: Pen, page: FormSheet) -> None:
    """Leave room for the findings of a check, out of sight as long as there are none."""
    area, header = _findings(page), header_row(page)
    said = absolute(_said_cell(page))
    none = "一、检查的结果：还没有检查，或者没有发现问题"
    pen.formula(Range(header - 1, 1, header - 1, _COLUMNS), f'IF({said}="","{none}","一、检查的结果："&{said})',
                style("section", shrink=True))  # fmt: skip
    pen.row(header - 1, 26)
    for column, text in enumerate(_FINDING_HEADERS, 1):
        at = Range(header, column, header, _COLUMNS if column == len(_FINDING_HEADERS) else column)
        pen.write(at, text, style("header"))
    pen.row(header, 26)
    for row in range(area.top, area.bottom + 1):
        for column in range(1, _COLUMNS + 1):
            kind = "finding-link" if column in LINK_COLUMNS else "finding"
            pen.write(Range(row, column, row, column), None, style(kind))
        pen.row(row, 24, hidden=True, elastic=True)
    frame = {"border": 1, "border_color": "#808080"}
    for word, colour in _COLOURS.items():
        at = Range(area.top, 1, area.bottom, 4)
        pen.paint(at, f'LEFT($C{area.top},2)="{word}"', {**frame, "bg_color": colour})
    filled = f'$A{area.top}&$B{area.top}&$C{area.top}&$D{area.top}<>""'
    pen.paint(area, filled, frame)
    book.define(FINDINGS, f"{quoted(page.title)}!{absolute(area)}")


def _write_memory(book: FormBook, pen: Pen, page: FormSheet) -> None:
    """Provide the hidden cells in which the macro keeps what it said, and what stood in the cells that it mended."""
    said = _said_cell(page)
    before = Range(2, said.left, 1 + _FINDING_ROWS, said.left + _BEFORE_COLUMNS - 1)
    look = style("plain", locked=False, num_format="@")
    for row in range(1, before.bottom + 1):
        for column in range(before.left, before.right + 1):
            if row > 1 or column == said.left:
                pen.write(Range(row, column, row, column), None, look)
    pen.columns([10.0] * _BEFORE_COLUMNS, said.left, hidden=True)
    for name, at in ((SAID, said), (BEFORE, before)):
        book.define(name, f"{quoted(page.title)}!{absolute(at)}")
