"""The form of a report type with its macros, as `.xlsm`, until `form.write` takes macros itself."""

from io import BytesIO

from perfxl import catalog
from perfxl.addresses import Range
from perfxl.workbook import buttons, form
from perfxl.workbook.layout import absolute, pages, quoted
from perfxl.workbook.lists import TITLE, Lists
from perfxl.workbook.pen import Book, Pen
from perfxl.workbook.styles import style

HOME = catalog.home()


class _Pen(Pen):
    def button(self, at, caption, macro, size):
        left, top, width, height = size
        options = {"macro": macro, "caption": caption, "width": width, "height": height}
        options |= {"x_offset": left, "y_offset": top}
        assert not self._sheet.insert_button(at.top - 1, at.left - 1, options)


class _Book(Book):
    def sheet(self, title, code_name):
        super().sheet(title, code_name)
        return _Pen(self._book.worksheets()[-1], self)

    def embed(self, project):
        assert not self._book.add_vba_project(BytesIO(project), is_stream=True)


def write(values, type_id="performance_plan", macros=None):
    """Return the filled form as .xlsm."""
    macros = macros or buttons.load(HOME)
    report_type = catalog.load(HOME, type_id)
    placed = pages(report_type, values, 1)
    lists = Lists.of(placed)
    book = _Book(report_type.title, form._CREATED)
    for page in placed:
        pen = book.sheet(page.title, page.code_name)
        if any(page.inputs()):
            buttons.write_marks(book, pen, page)
        form._write_page(book, pen, page, placed, lists)
        buttons.write_buttons(pen, page, macros)
    lists.write(book, f"Sheet{len(placed) + 1}")
    _write_texts(book, macros)
    book.declare("perfxl.type", report_type.id)
    book.declare("perfxl.version", report_type.version)
    book.embed(macros.project(len(placed) + 1))
    return book.close()


def _write_texts(book, macros):
    sheet = next(sheet for sheet in book._book.worksheets() if sheet.name == TITLE)
    column = 30
    for row, pair in enumerate(macros.texts.items()):
        for offset, text in enumerate(pair):
            sheet.write_string(row, column - 1 + offset, text, book.format(style("plain", num_format="@")))
    at = Range(1, column, len(macros.texts), column + 1)
    book.define(buttons.TEXTS, f"{quoted(TITLE)}!{absolute(at)}")
