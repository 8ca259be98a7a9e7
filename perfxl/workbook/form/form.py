"""Writes the locked workbook of a report type, blank or filled: schema → workbook.

Nothing here knows a report type or a field: sheets, positions, lists and checks all come from the `ReportType`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from perfxl.report_type.model import ReportType
from perfxl.workbook.form import captions_and_sizes, check_sheet, unplaced_sheet
from perfxl.workbook.form.dropdown_lists import TITLE, Lists
from perfxl.workbook.form.input_cells import write_inputs, write_steps
from perfxl.workbook.form.page_layout import FormFault, FormSheet, pages
from perfxl.workbook.form.todo_formulas import needs, paint_inputs, status, write_counts
from perfxl.workbook.form.unplaced_sheet import Unplaced
from perfxl.workbook.form.xlsx_writer import FormBook, Pen
from perfxl.workbook.macros.form_buttons import Macros, write_buttons, write_marks

__all__ = ["FormFault", "write"]

# No clock: the same input gives the same bytes.
_CREATED = datetime(2000, 1, 1)


def write(
    report_type: ReportType,
    values: Mapping[str, Any] | None,
    *,
    copies: int = 1,
    created: datetime = _CREATED,
    macros: Macros | None = None,
    locked: Collection[str] = (),
    unplaced: Unplaced | None = None,
    results: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the workbook of `report_type`, filled with `values` or blank where they are `None`.

    `values` have the form of a record's data: numbers as `int`, `float` or `Decimal`, text where a clerk typed text.
    An array that has a sheet for each item gets as many sheets as it has items, and at least `copies`.
    `unplaced` is what of an imported document the form has no field for: it gets a sheet of its own. `results` is the
    data with what the formulas of the form give, as far as that is known: the cells show it before it is computed.
    With `macros` it has buttons and is an `.xlsm`. The values of the fields `locked` cannot be changed in it.
    The same arguments give the same bytes. Raises `FormFault` where a value does not fit into a cell, or no cell
    asks for it.
    """
    placed = pages(report_type, values, copies)
    if TITLE in (page.title for page in placed):
        raise FormFault(f"{TITLE}: this name is taken by the sheet of lists")
    lists = Lists.of(placed)
    book = FormBook(report_type.title, created)
    if results is not None:
        book.trust()
    known = pages(report_type, results, copies) if results is not None else (None,) * len(placed)
    for page, result in zip(placed, known, strict=True):
        pen = book.sheet(page.title, page.code_name)
        _write_page(book, pen, page, placed, lists, locked, result, buttons=macros is not None)
        if macros:
            write_buttons(pen, page, macros, items=any(each.number for each in placed))
    lists.write(book, f"Sheet{len(placed) + 1}", macros.texts if macros else {})
    if unplaced is not None:
        unplaced_sheet.write(book, f"Sheet{len(placed) + 2}", unplaced)
    if macros:
        book.embed(macros.project(len(placed) + (1 if unplaced is None else 2)))
    book.declare("perfxl.type", report_type.id)
    book.declare("perfxl.version", report_type.version)
    # The structure of the workbook stays unprotected: Excel would forbid to copy a sheet, and that is how a clerk
    # adds an item. Deleting and renaming sheets, which it would also forbid, does the reader no harm.
    return book.close()


def _write_page(
    book: FormBook, pen: Pen, page: FormSheet, placed: tuple[FormSheet, ...], lists: Lists, locked: Collection[str],
    results: FormSheet | None, *, buttons: bool,
) -> None:  # fmt: skip
    def line() -> str:
        return check_sheet.status(page, placed) if page.sheet.overview else status(page, len(needs(page, placed)))

    captions_and_sizes.write_captions(pen, page, placed, line)
    if any(page.inputs()):
        # Before any other painting, because what a check found counts for more than what the sheet itself says.
        write_marks(book, pen, page)
    write_inputs(book, pen, page, placed, lists, locked, results)
    write_steps(pen, page, placed)
    paint_inputs(pen, page, placed)
    captions_and_sizes.set_sizes(pen, page, buttons=buttons)
    header = captions_and_sizes.repeated_row(page)
    if page.sheet.overview:
        check_sheet.write_overview(book, pen, page, placed)
        header = check_sheet.header_row(page)
    elif needs(page, placed):
        write_counts(pen, page, placed)
        if page.number:
            check_sheet.name_counts(book, page)
    captions_and_sizes.set_up(pen, page, captions_and_sizes.status_row(page), header)
    pen.lock()
