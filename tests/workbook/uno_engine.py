"""An engine for xlwings over LibreOffice's UNO, for tests: code written for Excel runs unchanged on an open document.

Of xlwings' engines (`xlwings/base_classes.py`, 0.37) it has what a workbook, its sheets, ranges and names need. Where
Excel and LibreOffice differ, it does what Excel does: a value that begins with `=` is a formula, what is locked is
refused aloud, `SaveCopyAs` keeps the format of the workbook.
"""

import re
from pathlib import Path

import uno
import xlwings
from com.sun.star.beans import PropertyValue

_CLEARED = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: VALUE, DATETIME, STRING, FORMULA
_FORMATS = {".xlsm": "Calc MS Excel 2007 VBA XML", ".xlsx": "Calc MS Excel 2007 XML"}


class Engine:
    """The engine itself; `desktop` is the one of the running LibreOffice."""

    name = "excel"
    type = "desktop"

    def __init__(self, desktop):
        self.desktop = desktop

    @property
    def apps(self):
        return Apps(self)

    @staticmethod
    def prepare_xl_data_element(x, options):  # noqa: ARG004 - called by xlwings with both
        return "" if x is None else x

    @staticmethod
    def clean_value_data(data, datetime_builder, empty_as, number_builder, err_to_str):  # noqa: ARG004
        return [[empty_as if value == "" else value for value in row] for row in data]


class Apps:
    def __init__(self, engine):
        self.engine = engine

    def keys(self):
        return [1]

    def __iter__(self):
        yield App(self.engine)

    def __len__(self):
        return 1

    def __getitem__(self, key):
        return App(self.engine)


class App:
    pid = 1

    def __init__(self, engine):
        self.engine = engine

    @property
    def books(self):
        return Books(self)

    def activate(self, steal_focus=False):
        """There is one LibreOffice, which is always the active one."""

    @property
    def selection(self):
        document = self.engine.desktop.CurrentComponent
        selected = document.CurrentSelection
        return Range(Sheet(Book(self, document), selected.Spreadsheet), selected)


class Books:
    def __init__(self, app):
        self.app = app

    def _documents(self):
        every = self.app.engine.desktop.Components
        return [each for each in every if each.supportsService("com.sun.star.sheet.SpreadsheetDocument")]

    def __len__(self):
        return len(self._documents())

    def __iter__(self):
        return (Book(self.app, document) for document in self._documents())

    def __call__(self, key):
        if isinstance(key, int):
            return Book(self.app, self._documents()[key - 1])
        return next(book for book in self if key in (book.name, book.fullname))


class Native:
    """What `Book.api` is in Excel: the workbook with its own methods."""

    def __init__(self, document):
        self.document = document

    def SaveCopyAs(self, path):
        wanted = PropertyValue()
        wanted.Name, wanted.Value = "FilterName", _FORMATS[Path(path).suffix]
        self.document.storeToURL(uno.systemPathToFileUrl(path), (wanted,))


class Book:
    def __init__(self, app, document):
        self.app, self.document = app, document

    @property
    def api(self):
        return Native(self.document)

    @property
    def fullname(self):
        return uno.fileUrlToSystemPath(self.document.URL) if self.document.URL else self.document.Title

    @property
    def name(self):
        return Path(self.fullname).name

    @property
    def sheets(self):
        return Sheets(self)

    @property
    def names(self):
        return Names(self, self.document.NamedRanges)

    def activate(self):
        """Documents of tests are hidden, and there is no window to bring to the front."""


class Sheets:
    def __init__(self, book):
        self.book = book

    def __len__(self):
        return self.book.document.Sheets.Count

    def __iter__(self):
        return (Sheet(self.book, sheet) for sheet in self.book.document.Sheets)

    def __call__(self, key):
        sheets = self.book.document.Sheets
        return Sheet(self.book, sheets.getByIndex(key - 1) if isinstance(key, int) else sheets.getByName(key))


class Sheet:
    def __init__(self, book, sheet):
        self.book, self.sheet = book, sheet

    @property
    def name(self):
        return self.sheet.Name

    @property
    def index(self):
        return self.sheet.RangeAddress.Sheet + 1

    @property
    def names(self):
        return Names(self.book, self.sheet.NamedRanges)

    def range(self, arg1, arg2=None):
        if isinstance(arg1, str):
            return Range(self, self.sheet.getCellRangeByName(arg1.replace("$", "")))
        if isinstance(arg1, tuple) and len(arg1) == 4:
            top, left, rows, columns = arg1
            arg1, arg2 = (top, left), (top + rows - 1, left + columns - 1)
        (top, left), (bottom, right) = _corner(arg1, 0), _corner(arg2 or arg1, -1)
        return Range(self, self.sheet.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1))

    def activate(self):
        self.book.document.CurrentController.setActiveSheet(self.sheet)


def _corner(place, end):
    """Return row and column of a pair, or of the first or the last cell of a range."""
    if isinstance(place, tuple):
        return place
    (top, left), (rows, columns) = (place.row, place.column), place.shape
    return (top, left) if end == 0 else (top + rows - 1, left + columns - 1)


class Range:
    max_cells_per_read = max_cells_per_write = None  # no limit

    def __init__(self, sheet, cells):
        self.sheet, self.cells = sheet, cells

    @property
    def api(self):
        return self.cells

    @property
    def coords(self):
        at = self.cells.RangeAddress
        return self.sheet.name, at.StartRow + 1, at.StartColumn + 1, *self.shape

    @property
    def row(self):
        return self.cells.RangeAddress.StartRow + 1

    @property
    def column(self):
        return self.cells.RangeAddress.StartColumn + 1

    @property
    def shape(self):
        at = self.cells.RangeAddress
        return at.EndRow - at.StartRow + 1, at.EndColumn - at.StartColumn + 1

    def __len__(self):
        return self.shape[0] * self.shape[1]

    def __call__(self, row, column=None):
        if column is None:
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        return self.sheet.range((self.row + row - 1, self.column + column - 1))

    @property
    def address(self):
        return re.sub(r".*\.", "", self.cells.AbsoluteName.split(":")[0])

    @property
    def raw_value(self):
        data = self.cells.DataArray
        return data[0][0] if self.shape == (1, 1) else data

    @raw_value.setter
    def raw_value(self, data):
        rows = data if isinstance(data, (list, tuple)) else [[data]]
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                self._put(self.cells.getCellByPosition(column, row), value)

    def _put(self, cell, value):
        # Excel refuses to change what is locked; through UNO nothing happens, without a word.
        if cell.CellProtection.IsLocked and self.cells.Spreadsheet.isProtected():
            raise PermissionError(f"{cell.AbsoluteName} is locked")
        if isinstance(value, str) and value.startswith("="):
            # LibreOffice wants semicolons between arguments; every second part stands in quotes.
            parts = value.split('"')
            cell.Formula = '"'.join(part if at % 2 else part.replace(",", ";") for at, part in enumerate(parts))
        elif isinstance(value, (int, float)):
            cell.Value = value
        else:
            cell.String = value or ""

    def clear_contents(self):
        self.cells.clearContents(_CLEARED)

    def select(self):
        self.sheet.book.document.CurrentController.select(self.cells)


class Names:
    def __init__(self, book, names):
        self.book, self.names = book, names

    def contains(self, name):
        return self.names.hasByName(name)

    def __len__(self):
        return self.names.Count

    def __call__(self, key):
        return Name(self.book, self.names.getByIndex(key - 1) if isinstance(key, int) else self.names.getByName(key))


class Name:
    def __init__(self, book, native):
        self.book, self.native = book, native

    @property
    def name(self):
        return self.native.Name

    @property
    def refers_to_range(self):
        cells = self.native.ReferredCells
        return Range(Sheet(self.book, cells.Spreadsheet), cells)


def register(desktop):
    """Make LibreOffice the program that xlwings works with."""
    xlwings.engines.add(xlwings.Engine(impl=Engine(desktop)))
    xlwings.engines["excel"].activate()
