"""Cells as Excel writes them, read by both of our readers, openpyxl, python-calamine and LibreOffice.

Where a witness says something else, the table has what it says and why: a witness that changes its mind is heard of.
"""

import csv
import subprocess
import warnings
from datetime import date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from excel_parts import Raw, edited
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_number_formats import office_profile

from perfxl.fast.workbook.reader import read_fast
from perfxl.workbook.cells import Cell
from perfxl.workbook.number_formats.builtin import BUILT_IN
from perfxl.workbook.number_formats.codes import is_date
from perfxl.workbook.number_formats.shown import shown
from perfxl.workbook.reading.openpyxl_reader import read_carefully

SAME = object()
_RUNS = '<r><t>用于</t></r><r><rPr><b/><sz val="11"/></rPr><t xml:space="preserve">支付 </t></r><r><t>场地费</t></r>'
_SOUNDS = '<t>北戴河</t><rPh sb="0" eb="1"><t>ホク</t></rPh><phoneticPr fontId="1" type="noConversion"/>'
_DAY, _FIRST = datetime(2025, 12, 31), datetime(2025, 12, 1)

# kind: (number format, type, value, what the cell shows in Excel, openpyxl's value, calamine's, what LibreOffice shows)
# Excel's own: ECMA-376 part 1, 18.8.30 (formats by number, zh-cn), 18.4.6 (sounds are no text), 18.18.11 (types).
WITNESSES = {
    "17 digits of a sum": (0, "n", "25.619999999999997", "25.62", 25.619999999999997, 25.619999999999997, SAME),
    "17 digits of a product": (2, "n", "3.3000000000000003", "3.30", 3.3000000000000003, 3.3000000000000003, SAME),
    "a share": (9, "n", "0.95499999999999996", "96%", 0.955, 0.955, SAME),
    "31, a day": (31, "n", "46022", "2025年12月31日", 46022, _DAY.date(), SAME),  # openpyxl knows none from 27 to 36
    "27, a month": (27, "n", "45992", "2025年12月", 45992, _FIRST.date(), SAME),
    "57, a month": (57, "n", "45992", "2025年12月", 45992, _FIRST.date(), SAME),  # nor above 49
    "58, no year": (58, "n", "45722", "3月6日", 45722, date(2025, 3, 6), SAME),
    "14, as Windows has it": (14, "n", "46022", "2025/12/31", _DAY, _DAY.date(), "2025-12-31"),
    "a format of the file's own": ('yyyy"年"m"月"', "n", "45992", "2025年12月", _FIRST, _FIRST.date(), SAME),
    "a day in ISO form": (14, "d", "2025-12-31T00:00:00", "2025/12/31", _DAY, _DAY, "2025-12-31"),
    "a whole day": (46, "n", "1", "24:00:00", timedelta(1), timedelta(1), SAME),
    "12 digits": (0, "n", "123456789012", "1.23457E+11", 123456789012, 123456789012, "123456789012"),
    "a format that is nowhere": (300, "n", "5", "5", 5, 5, SAME),
    "runs": (0, "s", _RUNS, "用于支付 场地费", SAME, SAME, SAME),
    "a note on the sound": (0, "s", _SOUNDS, "北戴河", SAME, SAME, SAME),
    "a carriage return": (0, "s", "<t>一_x000D_\n二</t>", "一\n二", "一_x000D_\n二", "一\r\n二", SAME),
    "a text of a formula": (0, "str", "甲", "甲", SAME, SAME, SAME),
    "a truth": (0, "b", "1", "TRUE", True, True, SAME),
}  # fmt: skip


UNUSUAL = frozenset(("a day in ISO form", "a format that is nowhere"))


def made(kinds):
    target = BytesIO()
    with xlsxwriter.Workbook(target) as written:
        sheet = written.add_worksheet("表")
        for row in range(len(kinds)):
            sheet.write_string(row, 0, "x")
    cells = [
        Raw(f"表!A{row}", value, number_format, kind)
        for row, (number_format, kind, value, *_) in enumerate((WITNESSES[each] for each in kinds), 1)
    ]
    return edited(target.getvalue(), *cells)


@pytest.fixture(scope="module")
def book():
    return made(list(WITNESSES))


def expected(column):
    return [row[3] if row[column] is SAME else row[column] for row in WITNESSES.values()]


def test_our_readers_show_what_excel_shows(book):
    careful = read_carefully(book)
    assert careful is not None
    found = careful.sheets[0].cells
    assert [as_shown(found[row, 1]) for row in range(1, len(WITNESSES) + 1)] == expected(3)


def test_the_fast_reader_gives_the_same_of_all_that_it_knows(book):
    """A day in ISO form and a format that is nowhere it leaves to the other."""
    assert read_fast(book) is None
    usual = made([kind for kind in WITNESSES if kind not in UNUSUAL])
    fast = read_fast(usual)
    assert fast is not None
    assert fast == read_carefully(usual)


NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12).map(str),
    st.floats(-1e12, 1e12, allow_nan=False).map("{:.17g}".format),
    st.decimals(0, 60000, places=2).map(lambda number: f"{float(number) * 1.1:.17g}"),
    st.sampled_from(["0", "46022", "0.95499999999999996", "45722.333333333336", "1E-3", "-1", "2958466"]),
)
FORMATS = st.one_of(
    st.sampled_from(sorted(BUILT_IN)),
    st.sampled_from(
        ['0"人"', ";;;", "[h]:mm", '0!.0,"万"', "[>5]0;[<=5]yyyy", '@"元"', "[$-F800]", "aaaa", "e/m", '[=1]"是"']
    ),
)
EDITS = st.lists(
    st.one_of(
        st.tuples(NUMBERS, FORMATS, st.just("n")),
        st.tuples(st.sampled_from(["甲", " 乙 ", "3-6", "95%", "２５％"]), FORMATS, st.just("str")),
        st.tuples(st.sampled_from(["<t>甲</t>", _RUNS, _SOUNDS]), FORMATS, st.just("s")),
    ),
    min_size=30,
    max_size=60,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=EDITS)
def test_no_edit_of_a_cell_makes_the_readers_differ_and_openpyxl_sees_the_same_numbers(edits):
    target = BytesIO()
    with xlsxwriter.Workbook(target) as written:
        sheet = written.add_worksheet("表")
        for row in range(len(edits)):
            sheet.write_string(row, 0, "x")
    cells = [Raw(f"表!A{row}", value, *rest) for row, (value, *rest) in enumerate(edits, 1)]
    data = edited(target.getvalue(), *cells)
    fast, careful = read_fast(data), read_carefully(data)
    assert fast is not None
    assert fast == careful
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of days that it does not know
        plain = openpyxl.load_workbook(BytesIO(data)).active
    for row, (value, _, kind) in enumerate(edits, 1):
        ours, theirs = careful.sheets[0].cells[row, 1], plain.cell(row, 1).value
        if kind == "n" and not is_date(ours.number_format):
            assert ours.value == float(value) == theirs
        elif kind != "n":
            assert ours.value == theirs
        assert isinstance(as_shown(ours), str)


def as_shown(cell: Cell) -> str:
    return shown(cell.value, cell.number_format)


def test_openpyxl_says_the_same(book):
    sheet = openpyxl.load_workbook(BytesIO(book)).active
    assert [cell.value for (cell,) in sheet.iter_rows()] == expected(4)


def test_calamine_says_the_same(book):
    sheet = python_calamine.CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()] == expected(5)


@pytest.mark.office
def test_libreoffice_shows_the_same(book, tmp_path):
    (tmp_path / "cells.xlsx").write_bytes(book)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={office_profile(tmp_path)}", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true", "--outdir", str(tmp_path), "cells.xlsx"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    with (tmp_path / "cells.csv").open(encoding="utf-8", newline="") as source:
        assert [row[0] for row in csv.reader(source, delimiter="\t")] == expected(6)
