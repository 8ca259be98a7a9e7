"""Pictures, error values, words struck out, and what is printed although nobody sees it: one edit of the parts each."""

import re

import pytest
from package_parts import edited, packed, parts, with_cell
from plans import HOME, PLAN, valid_plan

from perfxl.document.audit import paragraphs
from perfxl.fast.workbook.reader import read_fast
from perfxl.pipeline.examine import examine
from perfxl.pipeline.produce import produce
from perfxl.workbook.form.form import write
from perfxl.workbook.reading.reader import read

BOOK = write(PLAN, valid_plan())
ORIGINAL = examine(BOOK, "", HOME).record.values
_RICH = "http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"


def looked_at(data, monkeypatch):
    """What comes of a workbook: the same from both readers."""
    first = examine(data, "", HOME)
    with monkeypatch.context() as plain:
        plain.setenv("PERFXL_PLAIN", "1")
        assert examine(data, "", HOME).findings == first.findings
    return first


def told(examination):
    return [(one.code, f"{one.sheet}!{one.cell}") for one in examination.findings]


def with_rich_value(data, kind):
    """The workbook with a rich value of some kind in H23, as Excel 365 keeps pictures and its newer errors."""
    contents = parts(with_cell(data, "sheet4", "H23", ' t="e" vm="1"><v>#VALUE!</v>'))
    contents["xl/metadata.xml"] = (
        f'<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:xlrd="{_RICH}">'
        '<metadataTypes count="1"><metadataType name="XLRICHVALUE" minSupportedVersion="120000"/></metadataTypes>'
        '<futureMetadata name="XLRICHVALUE" count="1"><bk><extLst><ext uri="{3e2802c4-a4d2-4d8b-9148-e3be6c30e623}">'
        '<xlrd:rvb i="0"/></ext></extLst></bk></futureMetadata>'
        '<valueMetadata count="1"><bk><rc t="1" v="0"/></bk></valueMetadata></metadata>'
    ).encode()
    contents["xl/richData/rdrichvalue.xml"] = (
        f'<rvData xmlns="{_RICH}" count="1"><rv s="0"><v>0</v><v>5</v></rv></rvData>'.encode()
    )
    contents["xl/richData/rdrichvaluestructure.xml"] = (
        f'<rvStructures xmlns="{_RICH}" count="1"><s t="{kind}"><k n="a" t="i"/></s></rvStructures>'.encode()
    )
    return packed(contents)


# Pictures


PICTURES = {
    "by WPS": ' t="str"><f>_xlfn.DISPIMG("ID_6F0A",1)</f><v>=DISPIMG("ID_6F0A",1)</v>',
    "by WPS, saved by a program that does not know it": ' t="e"><f>_xlfn.DISPIMG("ID_6F0A",1)</f><v>#NAME?</v>',
    "by WPS, not computed": '><f>DISPIMG("ID_6F0A",1)</f>',
    "by WPS, pasted as a value": ' t="inlineStr"><is><t>=DISPIMG("ID_6F0A",1)</t></is>',
    "from the web": ' t="e"><f>_xlfn.IMAGE("https://example.org/a.png")</f><v>#VALUE!</v>',
}


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("cell", ["H23", "C5", "B4", "F23"])
def test_a_picture_in_a_cell_is_told_and_never_printed_as_code(kind, cell, monkeypatch):
    found = looked_at(with_cell(BOOK, "sheet4", cell, PICTURES[kind]), monkeypatch)
    assert told(found) == [("T18", f"项目1!{cell}")]
    assert "DISPIMG" not in str(found.record.values)
    assert produce(found).document is None


def test_a_picture_among_shared_strings_is_told(monkeypatch):
    name = ORIGINAL["projects"][0]["indicators"][0]["target_basis"]
    data = edited(BOOK, sharedStrings=[(f">{name}<", '>=DISPIMG("ID_6F0A",1)<')])
    assert {code for code, _ in told(looked_at(data, monkeypatch))} == {"T18"}


@pytest.mark.parametrize(("kind", "code"), [("_localImage", "T18"), ("_webimage", "T18"), ("_error", "T09")])
def test_a_picture_that_excel_keeps_as_a_rich_value_is_told_from_an_error(kind, code, monkeypatch):
    found = looked_at(with_rich_value(BOOK, kind), monkeypatch)
    assert told(found) == [(code, "项目1!H23")]


def test_the_way_to_a_picture_may_be_broken(monkeypatch):
    contents = parts(with_rich_value(BOOK, "_localImage"))
    del contents["xl/richData/rdrichvalue.xml"]
    assert told(looked_at(packed(contents), monkeypatch)) == [("T18", "项目1!H23")]


def test_words_about_pictures_are_words(monkeypatch):
    text = "用函数 DISPIMG 插入的图片应附说明"
    found = looked_at(with_cell(BOOK, "sheet4", "H23", f' t="inlineStr"><is><t>{text}</t></is>'), monkeypatch)
    assert found.record.values["projects"][0]["indicators"][0]["target_basis"] == text
    assert not {code for code, _ in told(found)} & {"T18", "T09"}


# Error values


@pytest.mark.parametrize(
    "text", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", " #N/A ", "＃N/A", "#n/a", "Err:502", "########", "#SPILL!"]
)
@pytest.mark.parametrize("cell", ["H23", "C5", "B4", "F23"])
def test_an_error_value_pasted_as_text_is_an_error_value(text, cell, monkeypatch):
    inside = f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is>'
    assert told(looked_at(with_cell(BOOK, "sheet4", cell, inside), monkeypatch)) == [("T09", f"项目1!{cell}")]


@pytest.mark.parametrize("text", ["#1 号楼改造方案", "##", "Err:50", "A#N/A", "见#REF!一栏"])
def test_a_text_with_a_sign_of_errors_stays_text(text, monkeypatch):
    found = looked_at(with_cell(BOOK, "sheet4", "H23", f' t="inlineStr"><is><t>{text}</t></is>'), monkeypatch)
    assert found.record.values["projects"][0]["indicators"][0]["target_basis"] == text


# What follows from the row


FAILED = {
    "the sheet of lists is gone": ' t="e"><f>IF(B23="","",VLOOKUP(B23,#REF!,2,FALSE))</f><v>#REF!</v>',
    "its name is gone": ' t="e"><f>VLOOKUP(B23,perfxl.follow.1,2,FALSE)</f><v>#NAME?</v>',
    "the sheet came from another workbook": ' t="str"><f>VLOOKUP(B23,[1]列表!$E$1:$F$13,2,FALSE)</f><v>效益指标</v>',
    "the other workbook was not there": "><f>VLOOKUP(B23,[1]列表!$E$1:$F$13,2,FALSE)</f>",
    "nothing computed it": "><f>VLOOKUP(B23,perfxl.follow.1,2,FALSE)</f>",
    "a broken value pasted": ' t="inlineStr"><is><t>#REF!</t></is>',
}


@pytest.mark.parametrize("kind", FAILED)
def test_a_value_that_follows_from_the_row_needs_no_formula(kind, monkeypatch):
    data = with_cell(BOOK, "sheet4", "A23", FAILED[kind])
    data = with_cell(data, "sheet4", "A40", FAILED[kind].replace("23", "40"))  # a row in which nobody typed
    found = looked_at(data, monkeypatch)
    assert told(found) == []
    assert found.record.values == ORIGINAL


def test_a_broken_value_that_follows_from_nothing_is_told(monkeypatch):
    data = with_cell(BOOK, "sheet4", "A23", FAILED["the sheet of lists is gone"])
    data = with_cell(data, "sheet4", "B23", ' t="inlineStr"><is><t>培训类指标</t></is>')
    assert told(looked_at(data, monkeypatch)) == [("T09", "项目1!A23"), ("V03", "项目1!B23")]


# Struck out


def struck_style(data, cell):
    """The workbook with a cell in a style of its own whose font is struck out."""
    contents = parts(data)
    styles = contents["xl/styles.xml"].decode()
    fonts = int(re.search(r'<fonts count="(\d+)"', styles)[1])
    count = int(re.search(r'<cellXfs count="(\d+)"', styles)[1])
    styles = styles.replace("</fonts>", '<font><strike/><sz val="11"/><name val="宋体"/></font></fonts>')
    styles = styles.replace(
        "</cellXfs>", f'<xf numFmtId="0" fontId="{fonts}" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    )
    contents["xl/styles.xml"] = styles.encode()
    name = "xl/worksheets/sheet4.xml"
    xml = re.sub(rf'<c r="{cell}" s="\d+"', f'<c r="{cell}" s="{count}"', contents[name].decode())
    return packed({**contents, name: xml.encode()})


def runs(*pieces):
    fonts = {
        "struck": '<rPr><strike/><sz val="11"/></rPr>',
        "kept": '<rPr><strike val="0"/><sz val="11"/></rPr>',
        "": "",
    }
    inside = "".join(f'<r>{fonts[look]}<t xml:space="preserve">{text}</t></r>' for look, text in pieces)
    return f' t="inlineStr"><is>{inside}</is>'


def struck_words(examination):
    return [one.message for one in examination.findings if one.code == "T19"]


def test_words_struck_out_are_told_and_printed(monkeypatch):
    data = with_cell(
        BOOK, "sheet4", "B6", runs(("struck", "用于接待和"), ("", "用于支付授课费、场地费"), ("kept", "。"))
    )
    found = looked_at(data, monkeypatch)
    assert told(found) == [("T19", "项目1!B6")]
    assert struck_words(found) == ["“资金用途”里划掉了“用于接待和”，照样会印出来。"]
    assert found.record.values["projects"][0]["use_of_funds"] == "用于接待和用于支付授课费、场地费。"
    assert produce(found).document is not None


def test_words_struck_out_in_shared_strings_are_told(monkeypatch):
    text = ORIGINAL["projects"][0]["use_of_funds"]
    string = f"<si><t>{text}</t></si>"
    new = f"<si><r><rPr><strike/></rPr><t>{text[:4]}</t></r><r><t>{text[4:]}</t></r></si>"
    found = looked_at(edited(BOOK, sharedStrings=[(string, new)]), monkeypatch)
    assert told(found) == [("T19", "项目1!B6")]
    assert text[:4] in struck_words(found)[0]
    assert found.record.values == ORIGINAL


@pytest.mark.parametrize(("cell", "words"), [("H23", "target_basis"), ("C5", "budget_amount"), ("F23", "target")])
def test_a_cell_struck_out_as_a_whole_is_told(cell, words, monkeypatch):
    found = looked_at(struck_style(BOOK, cell), monkeypatch)
    assert ("T19", f"项目1!{cell}") in told(found)
    project = ORIGINAL["projects"][0]
    assert str(project.get(words) or project["indicators"][0][words]).rstrip("0").rstrip(".") in struck_words(found)[0]


def test_the_font_of_a_piece_counts_before_that_of_its_cell(monkeypatch):
    data = with_cell(BOOK, "sheet4", "H23", runs(("kept", "农民培育"), ("", "实施方案")))
    assert struck_words(looked_at(struck_style(data, "H23"), monkeypatch)) == [
        "“指标值确定依据”里划掉了“实施方案”，照样会印出来。"
    ]


def test_struck_out_styles_that_no_input_uses_are_no_matter(monkeypatch):
    assert told(looked_at(struck_style(BOOK, "H40"), monkeypatch)) == []
    assert told(looked_at(struck_style(BOOK, "A22"), monkeypatch)) == []


# Hidden


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_project_is_printed_and_told(state, monkeypatch):
    second = edited(BOOK, workbook=[('name="项目2" ', f'name="项目2" state="{state}" ')])
    found = looked_at(second, monkeypatch)
    assert told(found) == [("T16", "项目2!")]
    assert found.record.values == ORIGINAL
    assert paragraphs(produce(found).document) == paragraphs(produce(examine(BOOK, "", HOME)).document)


def test_a_hidden_sheet_of_facts_is_told_and_one_that_holds_nothing_is_not(monkeypatch):
    assert told(
        looked_at(edited(BOOK, workbook=[('name="基本信息" ', 'name="基本信息" state="hidden" ')]), monkeypatch)
    ) == [("T16", "基本信息!")]
    blank = write(PLAN, valid_plan(), copies=3)
    names = re.findall(r'<sheet name="(项目\d)"', parts(blank)["xl/workbook.xml"].decode())
    last = edited(blank, workbook=[(f'name="{names[-1]}" ', f'name="{names[-1]}" state="hidden" ')])
    assert len(names) > len(ORIGINAL["projects"])
    assert told(looked_at(last, monkeypatch)) == []


@pytest.mark.parametrize("truth", ["1", "true"])
def test_hidden_and_filtered_rows_are_printed_and_told(truth, monkeypatch):
    hide = [(f'<row r="{row}" ', f'<row r="{row}" hidden="{truth}" ') for row in (24, 25, 27)]
    found = looked_at(edited(BOOK, sheet4=hide), monkeypatch)
    assert told(found) == [("T17", "项目1!")]
    assert "第24—25行、第27行" in found.findings[0].message
    assert found.record.values == ORIGINAL


def test_rows_and_columns_of_no_size_are_hidden_as_well(monkeypatch):
    sheet = parts(BOOK)["xl/worksheets/sheet4.xml"].decode()
    row = re.search(r'<row r="24" [^>]*>', sheet)[0]
    column = re.search(r'<col min="8" [^>]*/>', sheet)[0]
    for old, new, said in (
        (row, re.sub(r' ht="[^"]*"', ' ht="0"', row), "第24行"),
        (column, re.sub(r' width="[^"]*"', ' width="0"', column), "H列"),
    ):
        assert old != new
        found = looked_at(edited(BOOK, sheet4=[(old, new)]), monkeypatch)
        assert told(found) == [("T17", "项目1!")]
        assert said in found.findings[0].message


def test_a_hidden_column_is_told_and_one_of_formulas_is_not(monkeypatch):
    columns = re.search(r"<cols>.*?</cols>", parts(BOOK)["xl/worksheets/sheet4.xml"].decode())[0]

    def hidden(number):
        new = re.sub(rf'(<col min="{number}" max="{number}")', r'\1 hidden="1"', columns)
        assert new != columns
        return looked_at(edited(BOOK, sheet4=[(columns, new)]), monkeypatch)

    assert "H列" in hidden(8).findings[0].message
    assert told(hidden(8)) == [("T17", "项目1!")]


def test_the_spare_rows_that_the_form_hides_are_no_matter():
    sheets = read(BOOK).sheets
    assert any(sheet.hidden_rows for sheet in sheets)
    assert read_fast(BOOK).sheets == sheets
    assert told(examine(BOOK, "", HOME)) == []
