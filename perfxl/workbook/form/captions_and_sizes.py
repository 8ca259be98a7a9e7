"""What surrounds the inputs of a sheet: captions, labels, row numbers, heights, and the set-up for screen and paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from perfxl.model.addresses import Range, column_number
from perfxl.report_type.model import Caption
from perfxl.workbook.form import check_sheet
from perfxl.workbook.form.cell_styles import (
    DONE_COLOUR,
    MISSING_COLOUR,
    WARNING_COLOUR,
    WRONG_COLOUR,
    Style,
    fitted,
    height,
    input_style,
    style,
)
from perfxl.workbook.form.page_layout import FormSheet, PlacedColumn, PlacedField, absolute, fill_in
from perfxl.workbook.form.todo_formulas import GAP, Counts, marked
from perfxl.workbook.form.xlsx_writer import Pen

_LINE = 15.0
_PADDING = 9.0
_LEAST = {"title": 36.0, "section": 26.0, "header": 24.0, "label": 24.0, "status": 33.0, "note": 22.0}
# Wide sheets are shown smaller, so that their columns stand beside one another on a screen of 1366 by 768.
_SCREEN, _CHARACTER = 1290.0, 8.0  # pixels that a screen has for cells, and that a character takes
_BUTTONS = 28.0  # points


def write_captions(pen: Pen, page: FormSheet, book: tuple[FormSheet, ...], status: Callable[[], str]) -> None:
    """Write captions, labels, row numbers. `status` gives the formula for the line that says what is left to do."""
    for caption in page.sheet.captions:
        at = page.place(caption.at)
        look = style(caption.style, **caption.look, valign=_level(caption, at))
        if caption.style == "status":
            pen.formula(at, status(), look)
            _paint_status(pen, page, book, at)
        elif caption.text.startswith("="):
            pen.formula(at, fill_in(caption.text[1:], page, book), look)
        else:
            pen.write(at, caption.text, look)
    for placed in page.inputs():
        if placed.label_at:
            kind = "header" if isinstance(placed, PlacedColumn) else "label"
            pen.write(placed.label_at, placed.field.label, style(kind))
    for rows in page.lists:
        if rows.rows.number_column:
            column = column_number(rows.rows.number_column)
            for index in range(rows.provided):
                at = Range(rows.top + index, column, rows.top + index, column)
                pen.write(at, index + 1, style("number"))


def set_sizes(pen: Pen, page: FormSheet, *, buttons: bool) -> None:
    """Set the widths of columns and the heights of rows, and hide the rows that are spare.

    Where there are `buttons`, the row of the title has room for them above it.
    """
    pen.columns(page.sheet.columns)
    pen.columns([1.0], page.last_column + GAP)
    heights: dict[int, float] = {}
    for row, needed in _heights(page):
        heights[row] = max(heights.get(row, 0.0), needed)
    if buttons:
        title = next((page.place(caption.at).top for caption in page.sheet.captions if caption.style == "title"), 1)
        heights[title] = heights.get(title, 0.0) + _BUTTONS
    hidden = {row for rows in page.lists for row in range(rows.top + rows.visible, rows.bottom + 1)}
    growing = _growing(page)
    for row, needed in sorted(heights.items()):
        pen.row(row, needed, hidden=row in hidden, elastic=row in growing)
        if row in growing:
            # A blank cell of large letters keeps a row that fits its text from becoming too low to hit.
            at = Range(row, page.last_column + GAP, row, page.last_column + GAP)
            pen.write(at, None, style("spacer", font_size=int(growing[row] / 1.3)))


def set_up(pen: Pen, page: FormSheet, status_row: int | None, header: int | None) -> None:
    """Set up the page for screen and paper. `header` is the row of column headers to repeat on paper."""
    zoom = 100 * _SCREEN / (_CHARACTER * sum(page.sheet.columns))
    pen.screen(min(100, max(70, int(zoom // 5 * 5))))
    if status_row:
        pen.freeze(status_row)
    area = None if page.sheet.overview else Range(1, 1, page.last_row, page.last_column)
    pen.paper(area, page.sheet.landscape, header)
    pen.expect(
        {
            "number_stored_as_text": [placed.at for placed in page.inputs()],
            "two_digit_text_year": [placed.at for placed in page.inputs()],
            "formula_unlocked": [placed.at for placed in page.inputs() if placed.field.derived],
        }
    )


def status_row(page: FormSheet) -> int | None:
    """Return the row of the line that says what is left to do."""
    rows = [page.place(caption.at).bottom for caption in page.sheet.captions if caption.style == "status"]
    return min(rows, default=None)


def repeated_row(page: FormSheet) -> int | None:
    """Return the row of headers of the last list, which is the one that may run over several pages."""
    labels = [column.label_at for rows in page.lists for column in rows.columns if column.label_at]
    return max((at.top for at in labels), default=None)


def _level(caption: Caption, at: Range) -> str:
    """Return where in its cell a text stands: a title below the buttons, a note beside many rows where people begin."""
    if caption.style == "title":
        return "bottom"
    return "top" if caption.style == "note" and at.bottom > at.top else "vcenter"


def _paint_status(pen: Pen, page: FormSheet, book: tuple[FormSheet, ...], at: Range) -> None:
    if page.sheet.overview:
        check_sheet.paint_status(pen, page, book, at)
        return
    first = absolute(Range(at.top, at.left, at.top, at.left))
    pen.paint(at, f"{marked(page, '!')}>0", {"bg_color": WRONG_COLOUR})
    pen.paint(at, f"{absolute(Counts(page).total)}>0", {"bg_color": MISSING_COLOUR})
    pen.paint(at, f"{marked(page, '?')}>0", {"bg_color": WARNING_COLOUR})
    pen.paint(at, f'LEFT({first},1)="√"', {"bg_color": DONE_COLOUR, "font_color": "#375623"})


def _heights(page: FormSheet) -> Iterator[tuple[int, float]]:
    """Yield, for what stands in single rows, how high it needs its row to be."""
    for caption in page.sheet.captions:
        at = page.place(caption.at)
        if at.top == at.bottom:
            yield at.top, _caption_height(caption, page.width(at))
    for placed in page.inputs():
        if placed.label_at and placed.label_at.top == placed.label_at.bottom:
            label = height(placed.field.label, page.width(placed.label_at), style("label"))
            yield placed.label_at.top, max(_LEAST["label"], label)
        if isinstance(placed, PlacedField):
            needed = _text_height(placed.value, page.width(placed.at), input_style(placed.field))
            yield placed.at.top, max(_least(placed), needed)
    for column in (column for rows in page.lists for column in rows.columns):
        look, width, least = input_style(column.field), page.width(column.cell(0)), _least(column)
        for index in range(column.at.bottom - column.at.top + 1):
            value = column.values[index] if index < len(column.values) else None
            yield column.at.top + index, max(least, _text_height(value, width, look))


def _caption_height(caption: Caption, width: float) -> float:
    least = _LEAST.get(caption.style, 20.0)
    return least if caption.text.startswith("=") else max(least, height(caption.text, width, style(caption.style)))


def _growing(page: FormSheet) -> dict[int, float]:
    """Return the rows that fit themselves to their text, with their least heights: those without merged inputs."""
    rows: dict[int, float] = {}
    merged = {placed.at.top for placed in page.fields if not placed.at.single}
    for placed in page.inputs():
        if isinstance(placed, PlacedField) and placed.at.top in merged:
            continue
        for row in range(placed.at.top, placed.at.bottom + 1):
            rows[row] = max(rows.get(row, 0.0), _least(placed))
    return rows


def _least(placed: PlacedField | PlacedColumn) -> float:
    return float(placed.field.schema.get("x-lines", 1)) * _LINE + _PADDING


def _text_height(value: object, width: float, look: Style) -> float:
    return height(value, width, fitted(value, width, look)) if isinstance(value, str) else 0.0
