"""The fast reader against the careful one: the same cells, or no answer.

“Same” is strict: values, their Python types, kinds, number formats, names, and the order of the cells.
"""

import io
import math
import re
import warnings
import zipfile
from datetime import datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import numbers
from openpyxl.utils.datetime import from_excel
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula

from perfxl.fast.workbook.reader import read_fast
from perfxl.model.addresses import Range
from perfxl.model.remark import Remark
from perfxl.report_type import catalog
from perfxl.workbook.cells import Cell
from perfxl.workbook.form.form import write
from perfxl.workbook.number_formats.builtin import BUILT_IN
from perfxl.workbook.number_formats.codes import is_date
from perfxl.workbook.reading import date_serials
from perfxl.workbook.reading.openpyxl_reader import read_carefully
from perfxl.workbook.reading.reader import read

HOME = catalog.home()
TYPES = [catalog.load(HOME, type_id) for type_id in catalog.available(HOME)]
EXAMPLES = sorted((HOME / "examples").glob("*.xlsx"))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"


def plainly(cells):
    """Cells as nothing but tuples, in which 1, 1.0 and True differ, and NaN would equal itself."""
    return cells and (
        (cells.type_id, cells.version),
        tuple(cells.names.items()),
        tuple(
            (
                sheet.title,
                tuple(sheet.names.items()),
                sheet._replace(cells={}, names={}),
                tuple(
                    (place, type(cell.value).__name__, repr(cell.value), cell.number_format, cell.kind)
                    for place, cell in sheet.cells.items()
                ),
            )
            for sheet in cells.sheets
        ),
    )


def assert_same(data):
    """Assert that the fast reader answers, and as the careful one does. Returns the cells."""
    fast = read_fast(data)
    assert fast is not None
    assert plainly(fast) == plainly(read_carefully(data))
    return fast


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def archive(contents):
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in contents.items():
            target.writestr(name, content)
    return result.getvalue()


def by_xlsxwriter(fill, **options):
    result = io.BytesIO()
    with xlsxwriter.Workbook(result, {"in_memory": True, **options}) as book:
        fill(book)
    return result.getvalue()


def by_openpyxl(fill, source=None):
    book = openpyxl.load_workbook(io.BytesIO(source)) if source else openpyxl.Workbook()
    fill(book)
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


# Real forms


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_read_fast(path):
    data = path.read_bytes()
    cells = assert_same(data)
    assert cells.type_id
    assert cells.version
    assert read(data) == cells


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_saved_by_openpyxl_are_read_fast(path):
    assert_same(by_openpyxl(lambda _: None, path.read_bytes()))


@pytest.mark.parametrize("report_type", TYPES, ids=lambda report_type: report_type.id)
def test_blank_forms_are_read_fast(report_type):
    assert_same(write(report_type, None, copies=3))


@pytest.mark.office
def test_the_examples_saved_by_the_office_program_are_read_fast(office):
    for path in EXAMPLES:
        cells = assert_same(office.edited(path.read_bytes()))
        kinds = {cell.kind for sheet in cells.sheets for cell in sheet.cells.values()}
        assert "formula" in kinds


@pytest.mark.office
def test_a_form_that_somebody_worked_on_in_the_office_program_is_read_fast(office):
    steps = [
        ["copy_sheet", "项目1", "项目'甲", 4],
        ["delete_rows", "项目1", 5, 1],
        ["insert_rows", "第一部分", 4, 2],
        ["put", "基本信息", "C8", "<唐山> & “局”_x0041_\n第二行"],
        ["put", "基本信息", "C4", "=1/0"],
        ["put", "基本信息", "C5", '=""'],
        ["put", "基本信息", "C6", "=1=1"],
        ["rename_sheet", "第一部分", "第 一 部分"],
    ]
    cells = assert_same(office.edited(EXAMPLES[0].read_bytes(), steps))
    facts = next(sheet for sheet in cells.sheets if sheet.title == "基本信息").cells
    assert facts[8, 3].value.startswith("<唐山> & “局”_x0041_\n")
    assert facts[4, 3] == Cell("#DIV/0!", facts[4, 3].number_format, "error")
    assert facts[5, 3].kind == "uncached"  # a result of no characters cannot be told from none
    assert facts[6, 3].value is True
    assert None in next(sheet for sheet in cells.sheets if sheet.title == "项目1").names.values()


# Whatever programs write

CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
TEXTS = st.one_of(
    st.text(CHARACTERS, min_size=1, max_size=12),
    st.lists(
        st.sampled_from(
            ["a", " ", "\n", "\t", "&amp;", "<b>", "]]>", "_x0041_", "_x000D_", "_xD83D_", "=1", "中", "𠮷"]
        ),
        min_size=1,
        max_size=5,
    ).map("".join),
)
NUMBERS = st.one_of(
    st.integers(-(10**15), 10**15),
    st.floats(-1e300, 1e300),  # LibreOffice keeps 15 digits, which makes the largest number an infinite one
    st.sampled_from([0, -0.0, 1e-300, 1e300, 0.1, 0.29, 12345678901234567.0, 130304212000000000000.0, 59, 60, 61]),
)
DATES = st.one_of(
    st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)),
    st.times().map(lambda moment: moment.replace(microsecond=0)),
    st.timedeltas(timedelta(0), timedelta(5000)),
)
FORMATS = st.sampled_from(
    [
        *BUILT_IN.values(),
        'yyyy"年"m"月"d"日"',
        "yyyy-mm-dd hh:mm:ss.000",
        "[h]:mm",
        "[HH]:MM:SS",
        "[$-804]aaaa",
        "[Red]0.0;[Blue]-0.0",
        '0.00"元/日"',
        "0\\d",
        "@ ",
        "e/m/d",
        "0;yyyy",
    ]
)
FORMULAS = st.sampled_from(
    ['=A1&"<>&"', "=SUM(A1:B2)", "=[1]Sheet1!A1", "='[预算.xlsx]表'!A1", "=Table1[a]", "=Table1[a]+Sheet2!A1", '="]"']
)
RESULTS = st.one_of(
    st.just(""), st.just(0), TEXTS, NUMBERS, st.booleans(), st.sampled_from(["#DIV/0!", "#N/A", "#REF!"])
)
TITLES = st.lists(
    st.text(st.sampled_from("ab 中’'!&<-.1("), min_size=1, max_size=8).filter(lambda t: t == t.strip("' ") and t),
    min_size=1,
    max_size=3,
    unique_by=str.lower,
)
CELLS = st.one_of(
    st.tuples(st.just("text"), TEXTS, FORMATS),
    st.tuples(st.just("number"), NUMBERS, FORMATS),
    st.tuples(st.just("date"), DATES, FORMATS),
    st.tuples(st.just("truth"), st.booleans(), FORMATS),
    st.tuples(st.just("blank"), st.none(), FORMATS),
    st.tuples(st.just("formula"), st.tuples(FORMULAS, RESULTS), FORMATS),
    st.tuples(st.just("array"), st.tuples(FORMULAS, NUMBERS), FORMATS),
    st.tuples(st.just("rich"), st.lists(TEXTS, min_size=2, max_size=3), FORMATS),
)
SHEETS = st.dictionaries(
    st.tuples(st.integers(0, 12), st.sampled_from([0, 1, 2, 25, 26, 701, 702])), CELLS, max_size=14
)
BOOKS = TITLES.flatmap(lambda titles: st.fixed_dictionaries(dict.fromkeys(titles, SHEETS)))


def quoted(title):
    return "'" + title.replace("'", "''") + "'"


def fill_by_xlsxwriter(book, sheets, merged):
    made = {}

    def look(number_format):
        if number_format not in made:
            made[number_format] = book.add_format({"num_format": number_format})
        return made[number_format]

    for number, (title, cells) in enumerate(sheets.items()):
        sheet = book.add_worksheet(title)
        if number:
            sheet.hide()
        for (row, column), (kind, content, number_format) in cells.items():
            at = (row, column, content, look(number_format))
            if kind == "formula":
                sheet.write_formula(row, column, content[0], look(number_format), content[1])
            elif kind == "array":
                sheet.write_array_formula(
                    row, column, row, column, "{" + content[0] + "}", look(number_format), content[1]
                )
            elif kind == "rich":
                bold = book.add_format({"bold": True, "font_name": "宋体"})
                sheet.write_rich_string(
                    row, column, *(x for text in content for x in (bold, text)), look(number_format)
                )
            else:
                {
                    "text": sheet.write_string,
                    "number": sheet.write_number,
                    "date": sheet.write_datetime,
                    "truth": sheet.write_boolean,
                    "blank": sheet.write_blank,
                }[kind](*at)
        if merged:
            sheet.merge_range(20, 0, 22, 3, "merged")
        book.define_name("common." + str(number), f"={quoted(title)}!$A$1:$B$2")
        book.define_name(f"{quoted(title)}!own.name", f"={quoted(title)}!$C$3")
        book.define_name(f"{quoted(title)}!own.gone", f"={quoted(title)}!#REF!")
    book.define_name("perfxl.type", '="some_type"')
    book.define_name("perfxl.version", "=3")


@settings(deadline=None, max_examples=120)
@given(sheets=BOOKS, merged=st.booleans(), since_1904=st.booleans())
def test_what_xlsxwriter_writes_is_read_fast(sheets, merged, since_1904):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of texts too long and dates too early, which are then not written
        data = by_xlsxwriter(
            lambda book: fill_by_xlsxwriter(book, sheets, merged), date_1904=since_1904, strings_to_formulas=False
        )
    cells = assert_same(data)
    assert (cells.type_id, cells.version) == ("some_type", 3)
    assert [sheet.title for sheet in cells.sheets] == list(sheets)


def fill_by_openpyxl(book, sheets, merged):
    book.remove(book.active)
    for number, (title, cells) in enumerate(sheets.items()):
        sheet = book.create_sheet(title)
        for (row, column), (kind, content, number_format) in cells.items():
            target = sheet.cell(row + 1, column + 1)
            if kind == "array":
                sheet[target.coordinate] = ArrayFormula(target.coordinate, content[0])
            elif kind == "rich":
                target.value = CellRichText(*(TextBlock(InlineFont(b=True), text) for text in content))
            else:
                target.value = content[0] if kind == "formula" else content
            if kind == "text":
                target.data_type = "s"
            target.number_format = number_format
        if merged:
            sheet["A21"] = "merged"
            sheet.merge_cells("A21:D23")
        book.defined_names[f"common.{number}"] = DefinedName(f"common.{number}", attr_text=f"{quoted(title)}!$A$1")
        sheet.defined_names["own.name"] = DefinedName("own.name", attr_text=f"{quoted(title)}!$C$3")
        sheet.defined_names["own.gone"] = DefinedName("own.gone", attr_text="#REF!")


@settings(deadline=None, max_examples=80)
@given(sheets=BOOKS, merged=st.booleans())
def test_what_openpyxl_writes_is_read_fast(sheets, merged):
    assert_same(by_openpyxl(lambda book: fill_by_openpyxl(book, sheets, merged)))


@pytest.mark.office
@settings(deadline=None, max_examples=15)
@given(sheets=BOOKS)
def test_what_the_office_program_writes_is_read_as_carefully(office, sheets):
    saved = office.edited(by_openpyxl(lambda book: fill_by_openpyxl(book, sheets, merged=True)))
    fast = read_fast(saved)
    # It writes what reaches into other workbooks as links, which are for the careful reader.
    assert fast is not None or b"externalReference" in parts(saved)["xl/workbook.xml"]
    assert fast is None or plainly(fast) == plainly(read_carefully(saved))


# Other hands


def book_of(data, names="", strings="", **attributes):
    """A workbook of one sheet with these data, between what Excel writes around them."""
    texts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/sharedStrings.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr/><sheets>'
        f'<sheet name="表" sheetId="7" r:id="rId9"/></sheets><definedNames>{names}</definedNames></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId9" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="14" formatCode="yyyy/m/d"/>'
        '<numFmt numFmtId="176" formatCode="0.0_ "/></numFmts><cellStyleXfs><xf/></cellStyleXfs>'
        '<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="10"/></cellXfs>'
        '<dxfs><dxf><numFmt numFmtId="176" formatCode="@"/></dxf></dxfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        SHEET: data
        if data.startswith("<?xml")
        else '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' mc:Ignorable="x14ac" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
        f'<dimension ref="A1:C9"/><sheetFormatPr defaultRowHeight="14.25" x14ac:dyDescent="0.2"/>{data}'
        f"{attributes.get('after', '')}</worksheet>",
    }
    return archive({name: text.encode() for name, text in texts.items() if name not in attributes.get("without", ())})


ROW = '<row r="1" spans="1:3" s="2" customFormat="1" ht="36" customHeight="1" x14ac:dyDescent="0.2">'


def row(cells):
    return f"<sheetData>{ROW}{cells}</row></sheetData>"


AS_WRITTEN = {
    "no data": ("<sheetData/>", {}),
    "empty data": ("<sheetData></sheetData>", {}),
    "empty rows": ('<sheetData><row r="1"/><row r="2"></row></sheetData>', {}),
    "a style and no content": (row('<c r="A1" s="1"/><c r="B1"/><c r="C1" s="2"></c>'), {}),
    "a date in a changed built-in format": (
        row('<c r="A1" s="1"><v>45000</v></c>'),
        {"A1": (datetime(2023, 3, 15), "typed")},
    ),
    "a number in a style of its own": (row('<c r="A1" s="2"><v>1.50</v></c>'), {"A1": (1.5, "typed")}),
    "a date beyond all days": (row('<c r="A1" s="1"><v>1e20</v></c>'), {"A1": ("########", "error")}),
    "a long whole number": (
        row('<c r="A1"><v>130304212000000000001</v></c>'),
        {"A1": (130304212000000000001, "typed")},
    ),
    "an empty value": (row('<c r="A1"><v></v></c><c r="B1"><v/></c><c r="C1" t="str"><v></v></c>'), {}),
    "a truth": (
        row('<c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c>'),
        {"A1": (True, "typed"), "B1": (False, "typed")},
    ),
    "an error": (row('<c r="A1" t="e"><v>#N/A</v></c>'), {"A1": ("#N/A", "error")}),
    "a formula": (row('<c r="A1"><f>1+1</f><v>2</v></c>'), {"A1": (2, "formula")}),
    "a formula with text": (
        row('<c r="A1" t="str"><f>"a"&amp;"b"</f><v>a &lt; b&#10;_x0041_</v></c>'),
        {"A1": ("a < b\nA", "formula")},
    ),
    "a formula with a truth": (row('<c r="A1" t="b"><f>1=1</f><v>1</v></c>'), {"A1": (True, "formula")}),
    "a formula with an error": (row('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'), {"A1": ("#DIV/0!", "error")}),
    "a formula with blanks around its text": (
        row('<c r="A1" t="str"><f>B1</f><v xml:space="preserve"> a </v></c><c r="B1"><v>1</v></c>'),
        {"A1": (" a ", "formula"), "B1": (1, "typed")},
    ),
    "a formula without its result, before and after others": (
        row(
            '<c r="A1"><v>1</v></c><c r="B1"><f>1+1</f></c><c r="C1" s="1"/>'
            '<c r="D1"><f>2</f><v/></c><c r="E1"><v>1</v></c>'
        ),
        {"A1": (1, "typed"), "B1": (None, "uncached"), "D1": (None, "uncached"), "E1": (1, "typed")},
    ),
    "a formula without its result": (row('<c r="A1"><f>1+1</f></c>'), {"A1": (None, "uncached")}),
    "a formula without characters": (row('<c r="A1" t="str"><f>""</f><v></v></c>'), {"A1": (None, "uncached")}),
    "a formula that reaches outside": (row('<c r="A1"><f>[1]表!A1</f><v>5</v></c>'), {"A1": (5, "external")}),
    "a formula that reaches outside, escaped": (
        row('<c r="A1"><f>&#91;1&#93;表!A1</f><v>5</v></c>'),
        {"A1": (5, "external")},
    ),
    "shared formulas": (
        row(
            '<c r="A1"><f t="shared" ref="A1:B1" si="0">C1*2</f><v>4</v></c>'
            '<c r="B1"><f t="shared" si="0"/><v>6</v></c>'
        ),
        {"A1": (4, "formula"), "B1": (6, "formula")},
    ),
    "an array formula": (
        row('<c r="A1" cm="1"><f t="array" aca="1" ref="A1:A2" ca="1">SUM(B1:B2*2)</f><v>4</v></c>'),
        {"A1": (4, "formula")},
    ),
    "a string inside the cell": (
        row('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a&amp;b </t></is></c><c r="B1" t="inlineStr"/>'),
        {"A1": (" a&b ", "typed")},
    ),
    "a rich string inside the cell": (
        row('<c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>a</t></r><r><t>b</t></r></is></c>'),
        {"A1": ("ab", "typed")},
    ),
    "a cell once more, without content": (row('<c r="A1"><v>1</v></c><c r="A1" s="1"/>'), {"A1": (1, "typed")}),
    "content below merged cells": (
        row('<c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c>'),
        {"A1": (1, "typed"), "C1": (3, "typed")},
    ),
    "a cell of the last column": (row('<c r="XFD1048576"><v>1</v></c>'), {"XFD1048576": (1, "typed")}),
}
MERGED = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'


@pytest.mark.parametrize("kind", AS_WRITTEN)
def test_a_sheet_is_read_as_it_is_written(kind):
    data, expected = AS_WRITTEN[kind]
    cells = assert_same(book_of(data, after=MERGED if "merged" in kind else ""))
    found = {Range(*place, *place).first: (cell.value, cell.kind) for place, cell in cells.sheets[0].cells.items()}
    assert found == expected


STRINGS = {
    "plain": ("<si><t>a &lt; b</t></si>", "a < b"),
    "blanks": ('<si><t xml:space="preserve"> a\n</t></si>', " a\n"),
    "nothing": ("<si><t/></si>", ""),
    "nothing at all": ("<si></si>", ""),
    "an escape": ("<si><t>_x005F_x0041_ _x000D_\n</t></si>", "_x0041_ \n"),
    "pronounced": (
        '<si><t>漢字</t><rPh sb="0" eb="2"><t>かんじ</t></rPh><phoneticPr fontId="1" type="noConversion"/></si>',
        "漢字",
    ),
    "noted": ('<si><t>文字</t><phoneticPr fontId="1" type="noConversion"/></si>', "文字"),
    "runs": (
        '<si><r><rPr><b/><sz val="11"/><color rgb="FF000000"/><rFont val="宋体"/><family val="3"/></rPr><t>a</t></r>'
        '<r><t xml:space="preserve"> b</t></r><r><rPr><i/></rPr><t/></r></si>',
        "a b",
    ),
    "runs of fonts alone": (
        '<si><r><rPr><sz val="11"/><rFont val="宋体"/></rPr><t xml:space="preserve">项目 </t></r>'
        '<r><rPr><sz val="11"/><rFont val="Arial"/></rPr><t>1 &lt; 2</t></r><r><t>_x0041_</t></r></si>',
        "项目 1 < 2A",
    ),
    "an escape over two runs": ("<si><r><t>_x00</t></r><r><t>41_&#13;</t></r><r><t>&#10;</t></r></si>", "A\n"),
    "one run": ("<si><r><t>a</t></r></si>", "a"),
    "an end of line over two runs": ("<si><r><t>a\r</t></r><r><t>\nb</t></r></si>", "a\n\nb"),
    "a character that marks no place": ("<si><t>_x0000__x0001__x0002__x0003_</t></si>", "\0\1\2\3"),
    "noted runs": (
        '<si><r><rPr><b/></rPr><t>文</t></r><r><t>字</t></r><phoneticPr fontId="1" type="noConversion"/></si>',
        "文字",
    ),
    "runs after text": ("<si><t>a</t><r><t>b</t></r></si>", "ab"),
}


@pytest.mark.parametrize("kind", STRINGS)
def test_a_shared_string_is_read_as_it_is_written(kind):
    string, expected = STRINGS[kind]
    data = row('<c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>2</v></c>')
    for other in ("<si><t>x</t></si>", *(other for other, _ in STRINGS.values())):
        cells = assert_same(book_of(data, strings=other + string + "<si><t>y</t></si>")).sheets[0].cells
        assert [cells[1, 1].value, cells[1, 2].value] == [expected, "y"]


DAMAGED_STRINGS = {
    "a run that does not end": "<si><r><t>a</t></si>",
    "a run that does not begin": "<si><t>a</t></r></si>",
    "runs over two strings": "<si><r><t>a</t></si><si><t>b</t></r></si>",
    "a run in a run": "<si><r><r><t>a</t></r></r></si>",
    "fonts behind the text": "<si><r><t>a</t><rPr><b/></rPr></r></si>",
    "fonts without a run": "<si><rPr><b/></rPr><t>a</t></si>",
    "fonts that do not end": "<si><r><rPr><b/><t>a</t></r></si>",
    "a font given twice": '<si><r><rPr><sz val="1" val="2"/></rPr><t>a</t></r></si>',
    "a note alone": '<si><phoneticPr fontId="1" type="noConversion"/><t>a</t></si>',
    "a note given twice": '<si><t>a</t><phoneticPr fontId="1" fontId="1"/></si>',
    "a string in a string": "<si><t>a<si><t>b</t></si></t></si>",
    "no end": "<si><t>a</t>",
    "a control character": "<si><t>a\1</t></si>",
    "a stray ampersand": "<si><t>a & b</t></si>",
    "an unknown entity": "<si><t>&nbsp;</t></si>",
    "a character that is none": "<si><t>&#0;</t></si>",
}


@pytest.mark.parametrize("kind", DAMAGED_STRINGS)
def test_damaged_strings_are_left_to_the_careful_reader(kind):
    strings = "<si><r><t>x</t></r></si>" + DAMAGED_STRINGS[kind] + "<si><t>y</t></si>"
    assert read_fast(book_of(row('<c r="A1" t="s"><v>0</v></c>'), strings=strings)) is None


def test_names_are_read_with_their_sheets():
    names = (
        "<definedName name=\"a\">'表'!$B$2</definedName>"
        '<definedName name="a" localSheetId="0" comment="x &amp; y">表!$B$3:$C$4</definedName>'
        '<definedName name="gone" hidden="1">表!#REF!</definedName>'
        '<definedName name="elsewhere" localSheetId="0">别的!$A$1</definedName>'
        '<definedName name="_xlnm.Print_Titles" localSheetId="0">表!#REF!</definedName>'
        '<definedName name="_xlnm.Print_Area">表!$A$1</definedName>'
        '<definedName name="nowhere" localSheetId="5">表!$A$1</definedName>'
        '<definedName name="far">表!$ABCD$1</definedName>'
        '<definedName name="perfxl.type">"计划"</definedName><definedName name="perfxl.version">=12</definedName>'
    )
    cells = assert_same(book_of("<sheetData/>", names))
    assert cells.names == {
        "a": ("表", Range(2, 2, 2, 2)),
        "gone": None,
        "far": None,
        "perfxl.type": None,
        "perfxl.version": None,
    }
    assert cells.sheets[0].names == {"a": Range(3, 2, 4, 3), "elsewhere": None}
    assert (cells.type_id, cells.version) == ("计划", 12)


def test_names_are_read_as_the_office_program_writes_them():
    names = (
        '<definedName function="false" hidden="false" name="a" vbProcedure="false">表!$B$2</definedName>'
        '<definedName function="false" hidden="true" localSheetId="0" name="b">表!$C$3</definedName>'
        '<definedName name="c" localSheetId="0" hidden="1">&apos;表&apos;!$C$4</definedName>'
    )
    cells = assert_same(book_of("<sheetData/>", names))
    assert cells.names == {"a": ("表", Range(2, 2, 2, 2))}
    assert cells.sheets[0].names == {"b": Range(3, 3, 3, 3), "c": Range(4, 3, 4, 3)}


NO_NAMES = {
    "in a comment": ("<definedNames>", "<!--<definedNames>", "</definedNames>", "</definedNames>-->"),
    "in another namespace": ("<definedNames>", '<definedNames xmlns="urn:x">', "", ""),
    "one in another": (
        "<definedName ",
        '<definedName name="z">a<definedName ',
        "</definedName>",
        "</definedName></definedName>",
    ),
    "an instruction in one": ("表!", "<?x y?>表!", "", ""),
    "a comment in one": ("表!", "<!-- -->表!", "", ""),
    "for two sheets": ('localSheetId="0"', 'localSheetId="0" name="b" localSheetId="0"', "", ""),
}


@pytest.mark.parametrize("kind", NO_NAMES)
def test_names_in_an_unknown_form_are_read_as_carefully(kind):
    changed = parts(book_of("<sheetData/>", '<definedName name="b" localSheetId="0">表!$C$3</definedName>'))
    old, new, old_end, new_end = NO_NAMES[kind]
    xml = changed["xl/workbook.xml"].decode()
    assert old in xml
    xml = xml.replace(old, new, 1)
    changed["xl/workbook.xml"] = (xml.replace(old_end, new_end, 1) if old_end else xml).encode()
    data = archive(changed)
    fast = read_fast(data)
    assert fast is None or plainly(fast) == plainly(read_carefully(data))


UNUSUAL = {
    "a prefix for everything": lambda xml: re.sub(r"<(/?)(?!\?)", r"<\1x:", xml).replace("xmlns=", "xmlns:x=", 1),
    "single quotes": lambda xml: xml.replace('r="A1"', "r='A1'"),
    "a comment": lambda xml: xml.replace("<v>", "<!-- --><v>", 1),
    "a section of characters": lambda xml: xml.replace("<v>2</v>", "<v><![CDATA[2]]></v>"),
    "blanks between tags": lambda xml: xml.replace("</row>", "\n</row>"),
    "no addresses": lambda xml: re.sub(r' r="\w+"', "", xml),
    "attributes in another order": lambda xml: xml.replace('r="A1" s="2"', 's="2" r="A1"'),
    "a cell that is there twice": lambda xml: xml.replace('r="B1"', 'r="A1"'),
    "a table of data": lambda xml: xml.replace("<f>", '<f t="dataTable" ref="A1:B1" r1="C1">'),
    "a shared formula that reaches outside": lambda xml: xml.replace("<f>", '<f t="shared" si="0">[1]a!'),
    "more in a cell": lambda xml: xml.replace("<v>2</v>", "<v>2</v><extLst/>"),
    "a date as text": lambda xml: xml.replace('<c r="C1"', '<c r="C1" t="d"').replace("<v>3</v>", "<v>2024-01-02</v>"),
    "an encoding of two bytes": lambda xml: xml.replace("UTF-8", "utf-16").encode("utf-16"),
    "markup in a text": lambda xml: xml.replace('<c r="B1"><v>', '<c r="B1" t="str"><v><b/>'),
    "rows before the data": lambda xml: xml.replace("<sheetData>", '<row r="9"/><sheetData>'),
    "rows after the data": lambda xml: xml.replace("</sheetData>", '</sheetData><row r="9"></row>'),
    "data with an attribute": lambda xml: xml.replace("<sheetData>", '<sheetData a="">'),
    "an old encoding": lambda xml: xml.replace("UTF-8", "gb18030").replace("<v>3</v>", "<v>3</v>").encode("gb18030"),
}


@pytest.mark.parametrize("kind", UNUSUAL)
def test_an_unusual_sheet_is_left_to_the_careful_reader(kind):
    usual = book_of(row('<c r="A1" s="2"><f>1+1</f><v>2</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c>'))
    changed = parts(usual)
    changed[SHEET] = UNUSUAL[kind](changed[SHEET].decode())
    changed[SHEET] = changed[SHEET].encode() if isinstance(changed[SHEET], str) else changed[SHEET]
    data = archive(changed)
    assert read_fast(data) is None
    if kind != "an old encoding":  # which expat does not know either
        assert read(data) == read_carefully(data) != Remark("F04")


DAMAGED = {
    "an unknown entity": ("<v>2</v>", "<v>&nbsp;</v>"),
    "a lonely ampersand in a formula": ("<f>1+1", "<f>1&1"),
    "a control character": ("<f>1+1", "<f>\x0b"),
    "a character that is none": ("<f>1+1", "<f>\uffff"),
    "an end of characters": ("<f>1+1", "<f>]]>"),
    "a number of a string that is not there": ('<c r="B1"><v>2', '<c r="B1" t="s"><v>2'),
    "a number of a style that is not there": ('s="2"><f>', 's="99"><f>'),
    "no number": ("<v>2</v>", "<v>zwei</v>"),
    "a row that does not end": ("</row>", ""),
    "a cell that does not end": ("</c>", ""),
    "data that begin twice": ('<c r="B1">', '<sheetData><row><c r="B1">'),
    "data that end twice": ('<c r="B1">', '</row></sheetData><c r="B1">'),
    "data that end before a value": ("<v>2</v></c><c", "<v>2</v></c></row></sheetData><v>3</v></c><row><c"),
    "a value that does not begin": ("</f><v>", "</f>"),
    "a value that does not end": ("2</v></c><c", "2<c"),
    "a value that begins twice": ("<v>2", "<v>2<v>2"),
    "the last value that does not end": ("<v>2</v></c></row>", "<v></row>"),
    "an undeclared prefix": ('ht="36"', 'zz:ht="36"'),
    "a row without a number": ('<row r="1"', '<row r="one"'),
    "a name that does not end": ("</worksheet>", "<a></worksheet>"),
    "nothing after the data": ("</worksheet>", ""),
    "an entity": ("<worksheet", '<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet'),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_sheet_is_left_to_the_careful_reader_which_says_so(kind):
    usual = book_of(row('<c r="A1" s="2"><f>1+1</f><v>2</v></c><c r="B1"><v>2</v></c>'))
    changed = parts(usual)
    old, new = DAMAGED[kind]
    assert old in changed[SHEET].decode()
    changed[SHEET] = changed[SHEET].decode().replace(old, new, 1).encode()
    data = archive(changed)
    assert read_fast(data) is None
    assert read(data) == Remark("F04")


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/sharedStrings.xml", SHEET, "xl/_rels/workbook.xml.rels"])
def test_a_missing_part_is_left_to_the_careful_reader(part):
    data = book_of(row('<c r="A1" s="1"><v>2</v></c>'), without=(part,))
    assert read_fast(data) is None


def test_a_flipped_byte_is_noticed():
    data = bytearray(EXAMPLES[0].read_bytes())
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        entry = source.getinfo("xl/worksheets/sheet3.xml")
    data[entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2] ^= 0x10
    assert read_fast(bytes(data)) is None
    assert read(bytes(data)) == Remark("F04")


def test_links_hyperlinks_comments_and_chart_sheets_do_no_harm():
    def fill(book):
        sheet = book.add_worksheet("a")
        sheet.write_url("A1", "https://example.org", string="x")
        sheet.write_comment("B2", "记得问")
        sheet.insert_chart("D4", chart(book, "a"))
        sheet.add_table("F1:G3")

    def chart(book, title):
        made = book.add_chart({"type": "bar"})
        made.add_series({"values": f"={title}!$A$1:$A$3"})
        return made

    def with_chart_sheet(book):
        fill(book)
        book.add_chartsheet("图").set_chart(chart(book, "a"))
        book.add_worksheet("b").write("A1", 1)
        book.define_name("b!own", "=b!$A$1")

    assert [cell.value for cell in assert_same(by_xlsxwriter(fill)).sheets[0].cells.values()][:1] == ["x"]
    data = by_xlsxwriter(with_chart_sheet)
    assert read_fast(data) is None
    cells = read(data)
    assert [sheet.title for sheet in cells.sheets] == ["a", "b"]
    assert cells.sheets[1].names == {"own": Range(1, 1, 1, 1)}


def test_a_type_that_only_the_properties_know_is_found():
    def fill(book):
        book.add_worksheet()
        book.set_custom_property("perfxl.type", "计划", "text")
        book.set_custom_property("perfxl.version", 4, "number")

    data = by_xlsxwriter(fill)
    assert read_fast(data) is None
    cells = read(data)
    assert (cells.type_id, cells.version) == ("计划", 4)


# Any damage

SMALL = parts(
    by_xlsxwriter(
        lambda book: fill_by_xlsxwriter(
            book,
            {
                "甲": {
                    (0, 0): ("text", "中文 &<> _x0041_ ", "@"),
                    (0, 1): ("number", 1.5, "0.00%"),
                    (1, 0): ("date", datetime(2024, 1, 2, 3, 4, 5), "yyyy-mm-dd"),
                    (1, 1): ("blank", None, "0"),
                    (2, 0): ("truth", True, "0"),
                    (2, 1): ("formula", ('=A1&"<"', "x"), "0"),
                    (3, 0): ("formula", ("=1/0", "#DIV/0!"), "0"),
                    (3, 1): ("rich", ["a", " b"], "0"),
                },
                "乙 丙": {(9, 9): ("text", "end", "0")},
            },
            merged=True,
        )
    )
)
READ_PARTS = [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]


@settings(deadline=None, max_examples=400)
@given(
    part=st.sampled_from([*READ_PARTS, SHEET, SHEET]),
    at=st.integers(0, 10**6),
    gone=st.sampled_from([0, 1, 1, 2, 8, 20]),
    new=st.text(st.sampled_from("<>&\"'/ =rstcfv019AZ:\x01é!-[]x"), max_size=2),
)
def test_no_damage_makes_the_readers_differ(part, at, gone, new):
    content = SMALL[part]
    at %= len(content)
    data = archive({**SMALL, part: content[:at] + new.encode() + content[at + gone :]})
    fast, careful = read_fast(data), read_carefully(data)
    # openpyxl refuses attributes that it does not know, even of windows and fonts: there the fast reader knows better.
    assert fast is None or careful is None or plainly(fast) == plainly(careful)


# Dates


@settings(deadline=None, max_examples=500)
@given(days=NUMBERS, number_format=FORMATS, since_1904=st.booleans())
def test_dates_are_what_openpyxl_makes_of_them(days, number_format, since_1904):
    if not is_date(number_format):
        assert not numbers.is_date_format(number_format)
        return
    assert numbers.is_date_format(number_format) or number_format == "[$-804]aaaa"  # of which openpyxl knows nothing
    epoch = date_serials.SINCE_1904 if since_1904 else date_serials.SINCE_1900
    if days < 0:
        with pytest.raises(ValueError, match="before the first"):
            date_serials.moment(days, number_format, epoch)
        return
    try:
        expected = from_excel(days, epoch, timedelta=numbers.is_timedelta_format(number_format))
    except (OverflowError, ValueError):
        with pytest.raises((OverflowError, ValueError)):
            date_serials.moment(days, number_format, epoch)
    else:
        found = date_serials.moment(days, number_format, epoch)
        assert (type(found), found) == (type(expected), expected)


def test_the_built_in_formats_are_those_of_openpyxl_but_where_chinese_excel_has_its_own():
    others = {number for number in numbers.BUILTIN_FORMATS if BUILT_IN[number] != numbers.BUILTIN_FORMATS[number]}
    # The currency and how a negative number is marked, the short date of Windows, and a point in 47.
    assert others == {5, 6, 7, 8, 14, 22, 37, 38, 39, 40, 41, 42, 43, 44, 47}
    assert BUILT_IN.keys() - numbers.BUILTIN_FORMATS.keys() == {*range(27, 37), *range(50, 59)}


def test_what_is_read_is_what_was_written():
    """A third opinion, so that the two readers cannot agree on a mistake."""
    contents = [
        "文本",
        1,
        0.29,
        1e-300,
        123456789012345,
        True,
        datetime(2024, 2, 29, 12, 30),
        time(8, 15),
        timedelta(hours=30),
    ]

    def fill(book):
        for column, content in enumerate(contents, 1):
            book.active.cell(1, column, content)

    cells = assert_same(by_openpyxl(fill)).sheets[0].cells
    found = [cells[1, column].value for column in range(1, len(contents) + 1)]
    assert [type(value) for value in found] == [type(content) for content in contents]
    assert all(a == b or math.isclose(a, b) for a, b in zip(found, contents, strict=True))
