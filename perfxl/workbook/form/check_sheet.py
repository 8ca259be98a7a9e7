"""The overview sheet: what is still to do, sheet by sheet, and room for the findings of a check."""

from __future__ import annotations

from perfxl.model.addresses import Range
from perfxl.workbook.form.cell_styles import DONE_COLOUR, MISSING_COLOUR, style
from perfxl.workbook.form.page_layout import FormSheet, absolute, corner, literal, quoted
from perfxl.workbook.form.todo_formulas import Counts, Need, needs
from perfxl.workbook.form.xlsx_writer import FormBook, Pen

FINDINGS = "findings"
_FINDING_ROWS = 200
_HEADERS = ("工作表", "名称", "要做的事", "去处理", "待处理（处）")
_FINDING_HEADERS = ("工作表", "单元格", "问题", "怎么改")


def header_row(page: FormSheet) -> int:
    """Return the row in which the table of the overview begins, below the captions of the page."""
    return page.last_row + 2


def total_cell(page: FormSheet, pages: tuple[FormSheet, ...]) -> Range:
    """Return the cell that sums up what is still to do in the workbook."""
    row = header_row(page) + 1 + sum(len(needs(other, pages)) for other in pages)
    return Range(row, len(_HEADERS), row, len(_HEADERS))


def status(page: FormSheet, pages: tuple[FormSheet, ...]) -> str:
    """Return the formula of the line that sums up the workbook."""
    total = absolute(total_cell(page, pages))
    return f'IF({total}=0,"√ 没有待处理的事项，可以检查并生成文档。","还有 "&{total}&" 处待处理。")'


def write_overview(book: FormBook, pen: Pen, page: FormSheet, pages: tuple[FormSheet, ...]) -> None:
    """Write the table of what is to do below the captions of the page, and under it the room for findings."""
    header = header_row(page)
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
    _write_total(pen, page, pages, header)
    _write_findings(book, pen, page, row + 3)


def _write_sheet(pen: Pen, first: int, last: int, page: FormSheet) -> None:
    """Write the name of a sheet, and its title as it stands there, beside the rows of its needs."""
    pen.write(Range(first, 1, last, 1), page.title, style("cell-centre"))
    title = next((page.place(caption.at) for caption in page.sheet.captions if caption.style == "title"), None)
    at = Range(first, 2, last, 2)
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
    pen.formula(Range(row, 3, row, 3), what, style("cell"))
    # HYPERLINK stands outermost: some programs do not follow one inside another function.
    pen.formula(Range(row, 4, row, 4), f'HYPERLINK("#{jump}",{shown})', style("cell-centre"))
    pen.formula(Range(row, 5, row, 5), f"IFERROR(0+{count},0)", style("cell-centre"))
    pen.row(row, 24, elastic=True)


def _write_total(pen: Pen, page: FormSheet, pages: tuple[FormSheet, ...], header: int) -> None:
    total = total_cell(page, pages)
    pen.write(Range(total.top, 1, total.top, 4), "合  计", style("header"))
    counted = Range(header + 1, total.left, total.top - 1, total.left)
    pen.formula(total, f"SUM({absolute(counted)})" if total.top > header + 1 else "0", style("header"))
    pen.row(total.top, 26)
    if total.top > header + 1:
        some = f"$E{header + 1}>0"
        link = {"bg_color": MISSING_COLOUR, "font_color": "#0563C1", "underline": 1}
        pen.paint(Range(header + 1, 4, total.top - 1, 4), some, link)
        pen.paint(Range(header + 1, 3, total.top - 1, 5), some, {"bg_color": MISSING_COLOUR})
        done = f'$D{header + 1}="√"'
        pen.paint(Range(header + 1, 4, total.top - 1, 4), done, {"bg_color": DONE_COLOUR, "font_color": "#375623"})


def _write_findings(book: FormBook, pen: Pen, page: FormSheet, top: int) -> None:
    """Leave room for the findings of a check. As long as there are none, nothing of it is to be seen."""
    bottom, last = top + 1 + _FINDING_ROWS, len(_FINDING_HEADERS)
    area = Range(top + 2, 1, bottom, last)
    any_found = f"COUNTA({absolute(area)})"
    pen.formula(Range(top, 1, top, last), f'IF({any_found}=0,"","检查结果")', style("section"))
    for column, text in enumerate(_FINDING_HEADERS, 1):
        at = Range(top + 1, column, top + 1, column)
        pen.formula(at, f'IF({any_found}=0,"","{text}")', style("plain", align="center"))
    for row in range(area.top, area.bottom + 1):
        for column in range(1, last + 1):
            pen.write(Range(row, column, row, column), None, style("finding"))
    frame = {"border": 1, "border_color": "#808080"}
    pen.paint(Range(top + 1, 1, top + 1, last), f"{any_found}>0", {**frame, "bg_color": "#E7EDF4"})
    pen.paint(area, f'$A{area.top}&$B{area.top}&$C{area.top}&$D{area.top}<>""', frame)
    book.define(FINDINGS, f"{quoted(page.title)}!{absolute(area)}")
