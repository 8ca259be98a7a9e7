"""What a cell shows: a table of codes and values, as Excel shows them and as LibreOffice does.

`shown_cells.tsv` says for each line where LibreOffice, set to Chinese, shows something else, and why. Sources: ECMA-376
part 1, 18.8.30 (built-in formats) and 18.8.31 (codes); what Excel does beyond them was compared with the number formats
of SheetJS (ssf 0.11.2) and numfmt 4.0.1, which were checked against Excel. Both lack the Chinese codes.
"""

import csv
import subprocess
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.workbook.number_formats.builtin import BUILT_IN
from perfxl.workbook.number_formats.codes import is_date, is_percent, is_span
from perfxl.workbook.number_formats.numbers import exact
from perfxl.workbook.number_formats.shown import shown

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value></prop></item>
</oor:items>"""


def _table():
    lines = Path(__file__).with_name("shown_cells.tsv").read_text("utf-8").splitlines()
    return [(code, _value(value), text, why) for code, value, text, why in (line.split("\t") for line in lines[1:])]


def _value(text):
    try:
        return float(text) if any(sign in text for sign in ".e") else int(text)
    except ValueError:
        return text


TABLE = _table()


def office_profile(folder):
    """The address of a profile of LibreOffice that is set to Chinese."""
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    return (folder / "profile").as_uri()


@pytest.mark.parametrize(("code", "value", "text"), [row[:3] for row in TABLE])
def test_a_cell_shows_what_excel_shows(code, value, text):
    assert shown(value, code) == text


@pytest.mark.office
def test_libreoffice_shows_the_same_but_where_the_table_says_why_not(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "cells.xlsx", {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    for row, (code, value, _, _) in enumerate(TABLE):
        write = sheet.write_string if isinstance(value, str) else sheet.write_number
        write(row, 0, value, book.add_format({"num_format": code}))
    book.close()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={office_profile(tmp_path)}", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true", "--outdir", str(tmp_path), "cells.xlsx"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    with (tmp_path / "cells.csv").open(encoding="utf-8", newline="") as source:
        rows = [row[0] if row else "" for row in csv.reader(source, delimiter="\t")]
    assert len(rows) == len(TABLE)
    # Blanks at the ends only align.
    others = [
        (code, value, text, by_office)
        for (code, value, text, why), by_office in zip(TABLE, rows, strict=True)
        if not why and text.strip() != by_office.strip()
    ]
    assert others == []


# Of zh-cn, ECMA-376 part 1, 18.8.30.
@pytest.mark.parametrize(
    ("number", "days", "text"),
    [
        (14, 46022, "2025/12/31"),
        (22, 46022.375, "2025/12/31 9:00"),
        (27, 46022, "2025年12月"),
        (28, 46022, "12月31日"),
        (29, 46022, "12月31日"),
        (30, 46022, "12-31-25"),
        (31, 46022, "2025年12月31日"),
        (32, 0.75, "18时00分"),
        (33, 0.75, "18时00分00秒"),
        (34, 0.75, "下午6时00分"),
        (35, 0.25, "上午6时00分00秒"),
        (36, 46022, "2025年12月"),
        (50, 46022, "2025年12月"),
        (51, 46022, "12月31日"),
        (52, 46022, "2025年12月"),
        (53, 46022, "12月31日"),
        (54, 46022, "12月31日"),
        (55, 0.75, "下午6时00分"),
        (56, 0.75, "下午6时00分00秒"),
        (57, 46022, "2025年12月"),
        (58, 46022, "12月31日"),
        (5, -1234.5, "¥-1,235"),
        (44, 1234.5, "¥1,234.50"),
        (44, 0, "¥-"),
        (37, -1234, "-1,234"),
        (48, 12345, "12.3E+3"),
    ],
)
def test_formats_that_a_file_names_by_number_are_those_of_chinese_excel(number, days, text):
    assert shown(days, BUILT_IN[number]) == text


@pytest.mark.parametrize(
    ("content", "code", "text"),
    [
        (datetime(2025, 12, 31), 'yyyy"年"m"月"', "2025年12月"),
        (datetime(2025, 12, 31, 8, 30), "yyyy/m/d h:mm", "2025/12/31 8:30"),
        (datetime(1900, 1, 1), "yyyy-mm-dd", "1900-01-01"),
        (datetime(1900, 3, 1), "yyyy-mm-dd", "1900-03-01"),
        (time(8, 15), "h:mm", "8:15"),
        (timedelta(days=1), "[h]:mm:ss", "24:00:00"),
        (timedelta(hours=36, minutes=5), '[h]"小时"mm"分"', "36小时05分"),
        (datetime(2025, 12, 31), "General", "2025/12/31"),
        (datetime(2025, 12, 31, 8, 30), "0.00", "2025/12/31 8:30"),
        (True, "0.00", "TRUE"),
        (False, "General", "FALSE"),
        (" 前后有空格 ", '_ @_ ;_ * "-"_ ', " 前后有空格 "),
    ],
)
def test_moments_and_texts_show_what_their_format_says(content, code, text):
    assert shown(content, code) == text


@pytest.mark.parametrize(
    ("code", "date", "span", "percent"),
    [
        ("General", False, False, False),
        ("0.00", False, False, False),
        ('"day"0', False, False, False),
        ("[Red]0.00", False, False, False),
        ("[$-804]yyyy/m/d;@", True, False, False),
        ("[h]:mm", True, True, False),
        ("mm:ss", True, False, False),
        ("上午/下午h时", True, False, False),
        ("[$-F800]", True, False, False),
        ("aaaa", True, False, False),
        ("0.00E+00", False, False, False),
        ("0%", False, False, True),
        ('0"%"', False, False, False),
        ("[%]0", False, False, False),
        ("0;0%", False, False, False),
        ("0\\d", False, False, False),
        ("0_d", False, False, False),
    ],
)
def test_a_code_tells_dates_and_percent_from_other_numbers(code, date, span, percent):
    assert (is_date(code), is_span(code), is_percent(code)) == (date, span, percent)


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        (25.619999999999997, "25.62"),
        (3.3000000000000003, "3.3"),
        (40.00000000000001, "40"),
        (0.1 + 0.2, "0.3"),
        (14.53 + 11.09, "25.62"),
        (0.28999999999999998, "0.29"),
        (123456789012345, "123456789012345"),
        (1234567890.12345, "1234567890.12345"),
    ],
)
def test_a_number_is_what_15_digits_say(number, digits):
    assert f"{exact(number):f}" == digits


@settings(deadline=None)
@given(
    code=st.text(st.sampled_from('0#?.,%E+-/@;[]"\\_*!ymdhsaeg年月日 :><=GRed84$DBNum1上午下'), max_size=24),
    value=st.one_of(
        st.floats(allow_nan=False, allow_infinity=False),
        st.integers(-(10**12), 10**12),
        st.decimals(-100, 100, places=2).map(float),
        st.datetimes(datetime(1900, 1, 1)),
        st.timedeltas(timedelta(0), timedelta(days=1000)),
        st.text(max_size=5),
    ),
)
def test_any_code_whatever_shows_something_and_the_same_each_time(code, value):
    assert isinstance(shown(value, code), str)
    assert shown(value, code) == shown(value, code)
