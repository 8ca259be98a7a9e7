"""Writes sheets through XlsxWriter, and is the only module that knows it.

XlsxWriter answers a refused write with a warning or a number below zero; here every refusal is a `FormFault`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.model.addresses import Range
from perfxl.report_type.formulas.values import Beyond
from perfxl.workbook.form.cell_styles import FONT, Style
from perfxl.workbook.form.formula_results import Results, Spot
from perfxl.workbook.form.page_layout import FormFault, absolute, quoted

_LONGEST_TEXT = 32767
_LONGEST_FORMULA = 8192


class EmptyText(str):
    """The result of a formula that shows nothing. Without a type, `""` means that there is no result."""

    __slots__ = ()


class _Sheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no py.typed
    """A worksheet in which the rows of `elastic` carry a height that is not fixed, and numbers are what they were.

    XlsxWriter marks every height as chosen by hand (`customHeight`), and such a row does not grow when somebody
    types more into it. Excel itself writes heights without the mark; so do we where a row should go on growing.
    It writes 16 digits of a number, so that 9.05 becomes 9.050000000000001; we write the fewest that mean the number.
    """

    def __init__(self) -> None:
        super().__init__()
        self.elastic: set[int] = set()

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        super()._xml_start_tag_unencoded(tag, self._unfixed(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        super()._xml_empty_tag_unencoded(tag, self._unfixed(tag, attributes))

    def _xml_number_element(self, number: float, attributes: Any = ()) -> None:
        words = "".join(f' {key}="{value}"' for key, value in attributes)
        self.fh.write(f"<c{words}><v>{float(number)!r}</v></c>".replace(".0</v>", "</v>"))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        # Forms use no function that Excel 2010 does not know, for which XlsxWriter goes through every formula 40 times.
        return formula.removeprefix("=")

    def _xml_formula_element(self, formula: Any, result: Any, attributes: Any = ()) -> None:
        # An empty text is a result as well, of which XlsxWriter says no type.
        shown = [*attributes, ("t", "str")] if isinstance(result, EmptyText) else attributes
        super()._xml_formula_element(formula, _shortest(result), shown)

    def _unfixed(self, tag: str, attributes: Any) -> Any:
        if tag != "row" or dict(attributes)["r"] not in self.elastic:
            return attributes
        return [(key, value) for key, value in attributes if key != "customHeight"]


class _Formula(NamedTuple):
    """A formula that waits for its result: its text, the result that is given, and what writes the cell."""

    text: str
    cached: str | int | float | None
    write: Callable[[Any], None]


class FormBook:
    """A workbook in the making. `created` is written into it, so that the same input gives the same bytes."""

    def __init__(self, title: str, created: datetime) -> None:
        self._buffer = BytesIO()
        options = {
            "in_memory": True,
            # What a clerk typed stays text, whatever it begins with.
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            # The normal font decides how wide a column of n characters is.
            "default_format_properties": dict(FONT),
        }
        self._book = Workbook(self._buffer, options)
        self._book.set_properties({"title": title, "created": created})
        self._book.set_vba_name("ThisWorkbook")
        self._book.set_size(2400, 1400)
        self._formats: dict[str, Format] = {}
        self._constants: dict[Spot, str | int | float | None] = {}
        self._formulas: dict[Spot, _Formula] = {}
        self._percents: set[Spot] = set()
        self._names: dict[str, str] = {}

    def sheet(self, title: str, code_name: str) -> Pen:
        """Return a pen for a new sheet. The code name is what macros know the sheet by."""
        sheet = self._book.add_worksheet(title, worksheet_class=_Sheet)
        sheet.set_vba_name(code_name)
        return Pen(sheet, self)

    def define(self, name: str, formula: str, sheet: str = "") -> None:
        """Give `formula` a name, known in the whole workbook or on one sheet alone."""
        scoped = f"{quoted(sheet)}!{name}" if sheet else name
        self._names[scoped] = formula
        _must(self._book.define_name(scoped, "=" + formula), name)

    def declare(self, name: str, value: str | int) -> None:
        """Say something about the workbook in a document property and in a name: some programs drop the former."""
        self.state(name, value)
        self.define(name, f'"{value}"' if isinstance(value, str) else str(value))

    def state(self, name: str, value: str | int) -> None:
        """Say something about the workbook in a document property alone."""
        self._book.set_custom_property(name, value, "text" if isinstance(value, str) else "number")

    def format(self, style: Style) -> Format:
        """Return the XlsxWriter format of a style, made once."""
        key = repr(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(style))
        return self._formats[key]

    def embed(self, project: bytes) -> None:
        """Put macros into the workbook, as a `vbaProject.bin`, which makes it an `.xlsm`."""
        _must(self._book.add_vba_project(BytesIO(project), is_stream=True), "macros")

    def note(self, spot: Spot, value: str | int | float | None, style: Style) -> None:
        """Remember what stands in a cell, for the formulas that look at it."""
        self._constants[spot] = value
        self._formulas.pop(spot, None)
        if "%" in style.get("num_format", ""):
            self._percents.add(spot)

    def compute_later(self, spot: Spot, formula: _Formula) -> None:
        """Remember a formula, which gets its result when all cells are known."""
        self._formulas[spot] = formula

    def trust(self) -> None:
        """Say that the results in the file are to be taken for those of the program that opens it."""
        self._book.calc_on_load = False

    def _write_results(self) -> None:
        # Results that were given count for what hangs on them.
        given = {spot: one.cached for spot, one in self._formulas.items() if one.cached not in (None, "")}
        formulas = {spot: one.text for spot, one in self._formulas.items() if spot not in given}
        results = Results({**self._constants, **given}, formulas, frozenset(self._percents), self._names)
        for spot, one in self._formulas.items():
            try:
                found = results.at(spot)
            except Beyond:
                found = None
            one.write(EmptyText() if found == "" else "" if found is None else found)

    def close(self) -> bytes:
        """Return the finished workbook, with the results of its formulas as far as these are understood."""
        self._write_results()
        self._book.close()
        return self._buffer.getvalue()


class Pen:
    """Writes on one sheet. Rows, columns and ranges are counted from 1."""

    def __init__(self, sheet: _Sheet, book: FormBook) -> None:
        self._sheet = sheet
        self._book = book

    def write(self, at: Range, value: str | int | float | None, style: Style, what: str = "") -> None:
        """Write a constant, into merged cells where `at` is more than one. A refusal calls the value `what`."""
        form = self._merge(at, style)
        row, column = at.top - 1, at.left - 1
        self._book.note(self._spot(at), value, style)
        if value is None or value == "":
            _must(self._sheet.write_blank(row, column, None, form), what)
        elif isinstance(value, str):
            _fits(value, what or str(at))
            _must(self._sheet.write_string(row, column, value, form), what)
        else:
            _must(self._sheet.write_number(row, column, value, form), what)

    def formula(self, at: Range, formula: str, style: Style, cached: str | int | float = "") -> None:
        """Write a formula, with the result that is given or that it has when all cells are known.

        Without a result, a program that trusts results (LibreOffice) computes the formula when it opens the file.
        """
        if len(formula) >= _LONGEST_FORMULA:
            raise FormFault(f"{at}: a formula of {len(formula)} characters, but Excel takes {_LONGEST_FORMULA}")
        form = self._merge(at, style)

        def write(result: Any) -> None:
            _must(self._sheet.write_formula(at.top - 1, at.left - 1, "=" + formula, form, result), formula)

        self._book.compute_later(self._spot(at), _Formula(formula, cached, write))

    def _spot(self, at: Range) -> Spot:
        return self._sheet.get_name(), at.top, at.left

    def _merge(self, at: Range, style: Style) -> Format:
        form = self._book.format(style)
        if not at.single:
            _must(self._sheet.merge_range(*_corners(at), "", form), str(at))
        return form

    def columns(self, widths: Iterable[float], first: int = 1, hidden: bool = False) -> None:
        """Set the widths of columns, in characters, from the column `first` on."""
        for column, width in enumerate(widths, first - 1):
            _must(self._sheet.set_column(column, column, width, None, {"hidden": hidden}), "columns")

    def row(self, row: int, height: float, *, hidden: bool = False, elastic: bool = False) -> None:
        """Set the height of a row, in points; an elastic one grows when somebody types more into it."""
        _must(self._sheet.set_row(row - 1, height, None, {"hidden": hidden}), "rows")
        if elastic:
            self._sheet.elastic.add(row)

    def validate(self, at: Range, rule: Mapping[str, Any], what: str) -> None:
        """Attach an input prompt and a rule for what may be typed."""
        _must(self._sheet.data_validation(*_corners(at), dict(rule)), what)

    def paint(self, at: Range, formula: str, look: Style) -> None:
        """Show the cells of `at` differently where `formula` is true. Earlier rules win over later ones."""
        rule = {"type": "formula", "criteria": "=" + formula, "format": self._book.format(look), "stop_if_true": True}
        _must(self._sheet.conditional_format(*_corners(at), rule), formula)

    def expect(self, warnings: Mapping[str, Iterable[Range]]) -> None:
        """Silence Excel's green corners where they would only worry people."""
        ranges = {kind: " ".join(absolute(at).replace("$", "") for at in cells) for kind, cells in warnings.items()}
        _must(self._sheet.ignore_errors({kind: cells for kind, cells in ranges.items() if cells}), "ignored errors")

    def button(self, at: Range, caption: str, macro: str, place: tuple[int, int, int, int]) -> None:
        """Put a button that starts `macro` over the cell `at`. `place` is left, top, width and height in pixels."""
        left, top, width, height = place
        look = {"caption": caption, "macro": macro, "width": width, "height": height}
        options = {**look, "x_offset": left, "y_offset": top}
        _must(self._sheet.insert_button(at.top - 1, at.left - 1, options), caption)

    def lock(self) -> None:
        """Protect the sheet, without a password: the lock prevents slips, it is no secret."""
        # Formatting rows and columns stays allowed, so that spare rows can be unhidden and rows made taller.
        self._sheet.protect("", {"format_rows": True, "format_columns": True})

    def hide(self) -> None:
        """Hide the sheet, so that people who look for it can still unhide it."""
        self._sheet.hide()

    def freeze(self, rows: int) -> None:
        """Keep the first `rows` rows in view."""
        self._sheet.freeze_panes(rows, 0)

    def select(self, at: Range) -> None:
        """Put the cursor on `at`, where people begin."""
        self._sheet.set_selection(*_corners(at))

    def screen(self, zoom: int) -> None:
        """Set up the sheet for the screen: no grid lines, `zoom` percent."""
        self._sheet.hide_gridlines(2)
        self._sheet.set_zoom(zoom)

    def paper(self, area: Range | None, landscape: bool, repeat: int | None) -> None:
        """Set up the sheet for printing: A4, one page wide, page numbers, the row `repeat` on every page."""
        sheet = self._sheet
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.75)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer('&C&"宋体,Regular"&9第 &P 页，共 &N 页')
        if area:
            _must(sheet.print_area(*_corners(area)), "print area")
        if repeat:
            sheet.repeat_rows(repeat - 1)


def _corners(at: Range) -> tuple[int, int, int, int]:
    return at.top - 1, at.left - 1, at.bottom - 1, at.right - 1


# What XML cannot hold, and what would be taken for a way of writing it.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def _shortest(result: Any) -> Any:
    """Return a number with the fewest digits that mean it, and a text as a cell holds it."""
    if isinstance(result, str):
        return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", result)
    if isinstance(result, bool) or not isinstance(result, (int, float)):
        return result
    return f"{float(result)!r}".removesuffix(".0")


def _must(answer: Any, what: str) -> None:
    if isinstance(answer, int) and answer != 0:
        raise FormFault(f"{what}: XlsxWriter refused it ({answer})")


def _fits(text: str, what: str) -> None:
    try:
        length = len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError as fault:
        raise FormFault(f"{what}: is no valid text: {fault.reason}") from fault
    if length > _LONGEST_TEXT:
        raise FormFault(f"{what}: {length} characters, but a cell holds {_LONGEST_TEXT}")
