"""What is understood of a cell, by what its field asks for."""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfxl.extraction.cell_values import Understood, reader, understand, written
from perfxl.model.addresses import Range
from perfxl.report_type.json_data import dumps
from perfxl.report_type.model import Field
from perfxl.workbook.cells import Cell


def field(**schema):
    return Field(("x",), {"x-label": "数", **schema}, Range.parse("A1"), None, False)


MONEY = field(type="number", **{"x-format": "money"})
PERCENT = field(type="number", **{"x-format": "percent"})
YEAR = field(type="integer")
CODE = field(type="string", **{"x-format": "code"})
CHOICE = field(type="string", enum=["≥", ">", "%"])
PROSE = field(type="string")
TARGET = field(type=["number", "string"])


@pytest.mark.parametrize(
    ("asked", "content", "number_format", "value", "raw"),
    [
        (MONEY, 1.5, "General", Decimal("1.5"), None),
        (MONEY, 0.29, "0.00", Decimal("0.29"), None),
        (MONEY, 40.0, "0.00", Decimal(40), None),
        (MONEY, 25.619999999999997, "General", Decimal("25.62"), None),
        (MONEY, 40.00000000000001, "#,##0.00####", Decimal(40), None),
        (MONEY, 1234.5, "#,##0.00", Decimal("1234.5"), None),
        (MONEY, 1234.5, "#,##0", Decimal("1234.5"), "1,235"),
        (MONEY, 25000, '0!.0,"万"', Decimal(25000), "2.5万"),
        (MONEY, 1234.5, '"¥"#,##0.00', Decimal("1234.5"), "¥1,234.50"),
        (MONEY, 0, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', Decimal(0), None),
        (MONEY, 0, "0;-0;;@", Decimal(0), None),
        (MONEY, -3, "0;(0)", Decimal(-3), "(3)"),
        (MONEY, "1.50", "@", Decimal("1.50"), None),
        (MONEY, "１，２００．５", "@", Decimal("1200.5"), "１，２００．５"),
        (MONEY, " 3 ", "@", Decimal(3), " 3 "),
        (MONEY, "250万", "@", "250万", None),
        (MONEY, "1,2,3", "@", "1,2,3", None),
        (MONEY, datetime(2025, 3, 6), 'm"月"d"日"', "3月6日", None),
        (PERCENT, 0.25, "0%", Decimal(25), None),
        (PERCENT, 0.07, "0.00%", Decimal(7), None),
        (PERCENT, 0.28999999999999998, "0.00%", Decimal(29), None),
        (PERCENT, 0.125, "0.00%", Decimal("12.5"), None),
        (PERCENT, 0.125, "0%", Decimal("12.5"), "13%"),
        (PERCENT, 1, "0.00%", Decimal(100), None),
        (PERCENT, 0, "0.00%", Decimal(0), None),
        (PERCENT, 25, "General", Decimal(25), None),
        (PERCENT, 0.25, "General", Decimal(25), "0.25"),
        (PERCENT, 1, "General", Decimal(100), "1"),
        (PERCENT, 25, "0.00%", Decimal(2500), None),
        (PERCENT, 25, '0"%"', Decimal(25), None),
        (PERCENT, "25%", "@", Decimal(25), None),
        (PERCENT, "２５．００％", "@", Decimal(25), "２５．００％"),
        (PERCENT, "百分之25", "@", Decimal(25), "百分之25"),
        (PERCENT, "25", "@", Decimal(25), None),
        (PERCENT, "0.5%", "@", Decimal("0.5"), None),
        (PERCENT, "1.00", "@", "1.00", None),
        (PERCENT, "0", "@", Decimal(0), None),
        (PERCENT, "一半", "@", "一半", None),
        (YEAR, 2025, "General", 2025, None),
        (YEAR, 2025, '0"年"', 2025, "2025年"),
        (YEAR, datetime(2025, 1, 1), 'yyyy"年"', 2025, "2025年"),
        (YEAR, datetime(2025, 3, 6), 'm"月"d"日"', "3月6日", None),
        (YEAR, "２０２５年", "@", 2025, "２０２５年"),
        (YEAR, 2025.5, "General", Decimal("2025.5"), None),
        (CODE, 402001, "General", "402001", None),
        (CODE, 2001, "000000", "002001", None),
        (CODE, 123456789012, "General", "123456789012", None),
        (CODE, "402001", "@", "402001", None),
        (CODE, "13053523P0000011115\n7F", "@", "13053523P00000111157F", "13053523P0000011115\n7F"),
        (CODE, "４０２００１", "@", "402001", "４０２００１"),
        (CHOICE, "＞", "@", ">", "＞"),
        (CHOICE, " ≥ ", "@", "≥", " ≥ "),
        (CHOICE, "大于", "@", "大于", None),
        (PROSE, " 前后有空格\t", "@", " 前后有空格\t", None),
        (PROSE, "２５％", "@", "２５％", None),
        (PROSE, 2025, "General", "2025", None),
        (PROSE, 0.95, "0%", "95%", None),
        (PROSE, 1234.5, "#,##0.00", "1,234.50", None),
        (PROSE, 0.1 + 0.2, "General", "0.3", None),
        (PROSE, 45, '0"人"', "45人", None),
        (PROSE, 12, "[DBNum1][$-804]General", "一十二", None),
        (PROSE, "十", '"第"@"期"', "第十期", None),
        (PROSE, datetime(2025, 12, 31), "yyyy-mm-dd", "2025-12-31", None),
        (PROSE, datetime(2025, 12, 1), 'yyyy"年"m"月"', "2025年12月", None),
        (PROSE, datetime(2025, 9, 30), 'm"月"d"日"', "9月30日", None),
        (PROSE, timedelta(days=1), "[h]:mm:ss", "24:00:00", None),
        (PROSE, time(8, 15), "h:mm", "8:15", None),
        (PROSE, True, "General", "TRUE", None),
        (TARGET, 45, "General", Decimal(45), None),
        (TARGET, "45", "@", "45", None),
        (TARGET, 0.95, "0%", "95%", None),
        (TARGET, 0.955, "0.0%", "95.5%", None),
        (TARGET, 0.955, "0%", "95.5%", "96%"),
        (TARGET, 1200, "#,##0", Decimal(1200), None),
        (TARGET, 45, '0"人"', "45人", None),
        (TARGET, 95, '"≥"0', "≥95", None),
        (TARGET, 25000, '0!.0,"万"', "2.5万", None),
        (TARGET, 0.5, "# ?/?", Decimal("0.5"), "1/2"),
        (TARGET, 1.6, "0", Decimal("1.6"), "2"),
        (TARGET, 3.3000000000000003, "General", Decimal("3.3"), None),
        (TARGET, 123456789012, "General", Decimal(123456789012), "1.23457E+11"),
        (TARGET, datetime(2025, 12, 31), "yyyy/m/d", "2025/12/31", None),
        (TARGET, 46022, "General", Decimal(46022), None),
    ],
)
def test_a_cell_is_understood_by_what_its_field_asks_for(asked, content, number_format, value, raw):
    assert understand(Cell(content, number_format), asked) == Understood(value, raw)


@pytest.mark.parametrize("content", [None, "", " ", "\n\t", "\u3000"])
def test_a_cell_with_blanks_alone_is_blank(content):
    assert [understand(Cell(content), asked) for asked in (MONEY, PERCENT, YEAR, CODE, PROSE, TARGET)] == [None] * 6


FIELDS = {
    "money": MONEY,
    "percent": PERCENT,
    "year": YEAR,
    "code": CODE,
    "choice": CHOICE,
    "a choice that looks like another": field(type="string", enum=["%", "％", "a", " a"]),
    "a number of a few": field(type="number", enum=[1, 2]),
    "prose": PROSE,
    "target": TARGET,
    "target or choice": field(type=["number", "string"], enum=["≥", 1]),
    "a coded number": field(type="number", **{"x-format": "code"}),
}
CONTENTS = st.one_of(
    st.text(max_size=8),
    st.text(st.sampled_from("0123456789.,%％１２ 　\n\tA年≥>百分之-\x00\x0b\ud800\ufffe"), max_size=8),
    st.sampled_from(["≥", ">", "＞", "%", "％", "a", " a", "1", "25%", "2025年"]),
    st.integers(-(10**17), 10**17),
    st.integers(-3, 120),
    st.floats(),
    st.decimals(-100, 100, places=4).map(float),
    st.booleans(),
    st.datetimes(),
    st.just(None),
    st.just(date(2025, 1, 2)),
    st.just(time(8, 15)),
    st.just(timedelta(hours=30)),
)
FORMATS = st.sampled_from(
    [
        "General",
        "@",
        "0%",
        "0.00%",
        '0"%"',
        "0.00",
        "[%]0",
        "#,##0.00####",
        "0",
        '0"人"',
        "0;-0;;@",
        ";;;",
        '@"元"',
        "# ?/?",
    ]
)


@pytest.mark.parametrize("kind", FIELDS)
@settings(deadline=None, max_examples=300)
@example(0.0, "0%")
@example(-0.0, "0%")
@example(0, "0%")
@example(-0.0, "0.00")
@example(1.0, "0%")
@example(1, "0%")
@example(1e15, "0.00")
@example(1e13, "0%")
@given(content=CONTENTS, number_format=FORMATS)
def test_what_is_read_fast_is_what_would_be_understood(kind, content, number_format):
    cell = Cell(content, number_format)
    value = reader(FIELDS[kind])(cell)
    if value is not None:
        understood = understand(cell, FIELDS[kind])
        assert (type(value), str(value), None) == (type(understood.value), str(understood.value), understood.raw)
        assert str(value).isprintable()


@pytest.mark.parametrize(
    ("asked", "content", "number_format"),
    [
        (MONEY, 1.5, "0.00"),
        (MONEY, 40, "0.00"),
        (PERCENT, 0.25, "0%"),
        (PERCENT, 0, "0%"),
        (YEAR, 2025, "0"),
        (CODE, "13053523P00000111157F", "@"),
        (CHOICE, "≥", "@"),
        (PROSE, "开展培训 10 次。", "General"),
        (TARGET, 45, "General"),
        (TARGET, "≥95", "@"),
    ],
)
def test_the_most_common_contents_are_read_fast(asked, content, number_format):
    cell = Cell(content, number_format)
    assert reader(asked)(cell) == understand(cell, asked).value


AMOUNTS = st.lists(st.decimals(0, 99_999, places=2), min_size=2, max_size=6)


@settings(deadline=None)
@given(amounts=AMOUNTS, product=st.booleans())
@example([Decimal("14.53"), Decimal("11.09")], False)
@example([Decimal("1.1"), Decimal("3")], True)
def test_sums_and_products_that_a_sheet_computed_are_exact(amounts, product):
    """Excel writes 17 digits of a result; what people see, and mean, is what 15 of them say."""
    exact = amounts[0] * amounts[1] if product else sum(amounts, Decimal(0))
    computed = float(amounts[0]) * float(amounts[1]) if product else sum(map(float, amounts))
    content = float(f"{computed:.17g}")
    for asked in (MONEY, TARGET):
        understood = understand(Cell(content, "General", "formula"), asked)
        assert understood is not None
        assert understood.value == exact
        assert json.loads(dumps(understood.value)) == float(exact)
    assert reader(MONEY)(Cell(content)) in (None, exact)


@pytest.mark.parametrize(
    ("content", "number_format", "text"),
    [
        (2001, "000000", "002001"),
        (1234.5, "#,##0", "1234.5"),
        (1234.5, "0", "1234.5"),
        (40.00000000000001, "General", "40"),
        (1234.5, '"¥"#,##0.00', "1234.5"),
        (123456789012, "General", "123456789012"),
        ("1,234.50", "@", "1,234.50"),
    ],
)
def test_a_table_of_amounts_says_numbers_in_full(content, number_format, text):
    assert written(Cell(content, number_format)) == text
