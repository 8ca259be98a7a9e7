"""Files that are not what they should be: always the right sentence, the right exit status, no output left behind."""

import io
import json
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter

from perfxl.cli.main import main
from perfxl.report_type import catalog
from perfxl.report_type.json_data import loads
from perfxl.workbook.form.form import write

HOME = catalog.home()
TYPE = catalog.load(HOME, "performance_plan")
BOOK = write(TYPE, loads((HOME / "examples" / "beidaihe-gongshanglian-2021.json").read_bytes(), TYPE))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


LINK = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="@"/>'
    b"</Relationships>"
)


def utf16(text):
    return text.encode("utf-16-le")


def archive(parts):
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts:
            target.writestr(name, content)
    return result.getvalue()


def parts(book=BOOK):
    with zipfile.ZipFile(io.BytesIO(book)) as source:
        return [(name, source.read(name)) for name in source.namelist()]


def changed(name, change, book=BOOK):
    """The workbook with one part changed: `change` takes and returns its bytes, or None to leave the part out."""
    kept = [(part, change(content) if part == name else content) for part, content in parts(book)]
    return archive([(part, content) for part, content in kept if content is not None])


def encrypted_zip():
    """The workbook with the flag of encryption on its first entry."""
    data = bytearray(BOOK)
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def broken_in(name):
    """The workbook with one byte changed in the middle of a compressed part."""
    with zipfile.ZipFile(io.BytesIO(BOOK)) as source:
        entry = source.getinfo(name)
    at = entry.header_offset + 30 + len(name) + entry.compress_size // 2
    return BOOK[:at] + bytes([BOOK[at] ^ 255]) + BOOK[at + 1 :]


def plain_workbook():
    result = io.BytesIO()
    with xlsxwriter.Workbook(result, {"in_memory": True}) as book:
        book.add_worksheet("Sheet1").write("A1", "随手记")
    return result.getvalue()


def by_openpyxl(edit):
    """The workbook after openpyxl changed it, as programs do that know no protection."""
    book = openpyxl.load_workbook(io.BytesIO(BOOK))
    edit(book)
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


def replaced(old, new):
    return lambda content: content.replace(old, new)


UNREADABLE = {
    "an empty file": (b"", "F02", "空文件"),
    "blanks alone": (b"  \r\n", "F02", "空文件"),
    "an old workbook": (OLE + utf16("Workbook"), "F02", ".xls"),
    "an old Word document": (OLE + utf16("WordDocument"), "F02", ".doc"),
    "a presentation": (OLE + utf16("PowerPoint Document"), "F02", "演示文稿"),
    "another compound file": (OLE, "F02", "旧格式"),
    "an encrypted workbook": (OLE + utf16("EncryptedPackage"), "F03", "密码"),
    "an encrypted archive": (encrypted_zip(), "F03", "密码"),
    "a web page": (b"<html><table><tr><td>1</td></tr></table></html>", "F02", "网页"),
    "a web page with a mark": (b"\xef\xbb\xbf\r\n<!DOCTYPE html><p>1</p>", "F02", "网页"),
    "a table of 2003": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "F02",
        "2003",
    ),
    "some XML": (b'<?xml version="1.0"?><a/>', "F02", "XML"),
    "comma separated values": ("项目,金额\n培训,1.5\n".encode("gbk"), "F02", "csv"),
    "a PDF": (b"%PDF-1.7\n", "F02", "PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "F02", "图片"),
    "a photograph": (b"\xff\xd8\xff\xe0", "F02", "图片"),
    "a rar archive": (b"Rar!\x1a\x07", "F02", "rar"),
    "a 7z archive": (b"7z\xbc\xaf\x27\x1c", "F02", "7z"),
    "a gz archive": (b"\x1f\x8b\x08", "F02", "gz"),
    "rich text": (b"{\\rtf1}", "F02", "RTF"),
    "a web page in one file": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "F02", "网页"),
    "texts in two bytes a character": ("项目\t金额".encode("utf-16"), "F02", "csv"),
    "a flat OpenDocument file": (b'<?xml version="1.0"?><office:document/>', "F02", "fods"),
    "an old table without streams": (b"\x09\x08\x10\x00\x00\x06", "F02", ".xls"),
    "what lies beside an open workbook": (b"\x06Zhang " + bytes(158), "F02", "~$"),
    "what a Mac puts beside a file": (b"\x00\x05\x16\x07" + bytes(40), "F02", "._"),
    "a file locked by an office's encryption": (b"b\x14#e\x01\x02E-SafeNet LOCK", "F02", "加密软件"),
    "random bytes": (bytes(range(1, 256)) + b"\x00", "F02", "未知"),
    "a Word document": (archive([("word/document.xml", b"<a/>")]), "F02", "Word"),
    "an OpenDocument file": (archive([("content.xml", b"<a/>")]), "F02", "ods"),
    "a binary workbook": (archive([("xl/workbook.bin", b"")]), "F02", "xlsb"),
    "a new presentation": (archive([("ppt/presentation.xml", b"")]), "F02", "pptx"),
    "a document for print": (archive([("OFD.xml", b"<a/>")]), "F02", "OFD"),
    "a table of a Mac": (archive([("Index/Document.iwa", b"")]), "F02", "numbers"),
    "a Word document with its body elsewhere": (
        archive(
            [
                ("_rels/.rels", LINK.replace(b"@", b"word/document2.xml")),
                ("word/document2.xml", b'<w:document xmlns:w="x"/>'),
            ]
        ),
        "F02",
        "Word",
    ),
    "a binary workbook elsewhere": (
        archive([("_rels/.rels", LINK.replace(b"@", b"/x/book.bin")), ("x/book.bin", b"\x83")]),
        "F02",
        "xlsb",
    ),
    "some archive": (archive([("readme.txt", b"")]), "F02", "zip"),
    "an archive with a workbook in it": (archive([("填报表.xlsx", BOOK)]), "F02", "zip"),
    "an archive of a workbook's parts": (archive([(f"表/{name}", part) for name, part in parts()]), "F02", "zip"),
    "half a workbook": (BOOK[: len(BOOK) // 2], "F04", "损坏"),
    "a workbook with a lost end": (BOOK[:-40], "F04", "损坏"),
    "a workbook with a broken byte": (broken_in("xl/sharedStrings.xml"), "F04", "损坏"),
    "a workbook without styles": (changed("xl/styles.xml", lambda _: b"<styleSheet"), "F04", "损坏"),
    "a workbook without its sheets": (changed("xl/worksheets/sheet2.xml", lambda _: None), "F04", "损坏"),
    "a workbook with broken XML": (changed("xl/workbook.xml", lambda content: content[:-20]), "F04", "损坏"),
    "a path that climbs out": (archive([*parts(), ("../evil.txt", b"x")]), "F04", "损坏"),
    "a zip bomb": (archive([*parts(), ("xl/worksheets/bomb.xml", bytes(70 * 2**20))]), "F05", "MB"),
    "a thousand pictures": (archive([*parts(), ("xl/media/bomb.bin", bytes(300 * 2**20))]), "F05", "MB"),
    "a crowd of entries": (archive([*parts(), *((f"x/{n}", b"") for n in range(5001))]), "F05", "MB"),
    "a workbook of ours that is no report": (plain_workbook(), "T01", "不是填报表"),
    "an unknown type": (
        changed("docProps/custom.xml", lambda _: None, changed("xl/workbook.xml", replaced(b"performance_plan", b"x"))),
        "T01",
        "不是填报表",
    ),
    "a newer version": (
        by_openpyxl(lambda book: setattr(book.defined_names["perfxl.version"], "value", "99")),
        "T03",
        "第99版",
    ),
    "an entity bomb": (
        changed(
            "xl/sharedStrings.xml",
            lambda content: re.sub(
                rb"^.*?<sst",
                b'<!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sst',
                content,
                count=1,
                flags=re.DOTALL,
            ).replace("工商联活动经费".encode(), b"&b;"),
        ),
        "F04",
        "损坏",
    ),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_is_no_form_is_named_for_what_it_is(kind, tmp_path, capsys):
    content, code, words = UNREADABLE[kind]
    path = tmp_path / "填报表.xlsx"
    path.write_bytes(content)
    assert main(["check", str(path), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["severity"], finding["file"]) == (code, "error", str(path))
    assert words in finding["message"]
    assert finding["hint"]
    assert main(["report", str(path), "--draft"]) == 1
    assert main(["data", str(path)]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["填报表.xlsx"]
    assert path.read_bytes() == content


CURES = {
    "另存为": ("an old workbook", "a binary workbook", "an OpenDocument file", "a table of 2003"),
    "解压": ("some archive", "a rar archive", "an archive with a workbook in it"),
    "找到原来的": ("a PDF", "a picture", "a web page", "comma separated values", "a Word document"),
    "重新发送": ("an empty file", "half a workbook"),
    "解密": ("a file locked by an office's encryption",),
    "密码": ("an encrypted workbook",),
}


@pytest.mark.parametrize(("cure", "kind"), [(cure, kind) for cure, kinds in CURES.items() for kind in kinds])
def test_what_is_said_to_help_helps_with_that_kind_of_file(cure, kind, tmp_path, capsys):
    path = tmp_path / "填报表.xlsx"
    path.write_bytes(UNREADABLE[kind][0])
    assert main(["check", str(path), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert cure in finding["hint"]
    assert "……" not in finding["hint"]


def test_duplicate_entries_are_a_damaged_file(tmp_path, capsys):
    path = tmp_path / "x.xlsx"
    with pytest.warns(UserWarning, match="Duplicate name"):
        path.write_bytes(archive([*parts(), ("xl/workbook.xml", b"<workbook/>")]))
    assert main(["check", str(path), "--json"]) == 1
    assert [f["code"] for f in json.loads(capsys.readouterr().out)["findings"]] == ["F04"]


def cell(sheet, address, content, number_format=None):
    def edit(book):
        target = book[sheet][address]
        target.value = content
        if number_format:
            target.number_format = number_format

    return edit


DOUBTFUL = {
    "a formula without its result": (cell("项目1", "C5", "=1+1"), ("T08", "项目1", "C5")),
    "an error value": (cell("项目1", "H5", "#DIV/0!"), ("T09", "项目1", "H5")),
    "a link to another workbook": (cell("项目1", "E5", "='[预算.xlsx]表'!A1"), ("T08", "项目1", "E5")),
    "a code that became a number": (cell("项目1", "B4", 130304212000000000000.0), ("T13", "项目1", "B4")),
    "a note beside the form": (cell("项目1", "K5", "记得问财政局"), ("T06", "项目1", "K5")),
    "rows pasted beyond the form": (cell("项目1", "C80", "多出来的指标"), ("T06", "项目1", "C80")),
    "a changed label": (cell("项目1", "B5", "预算数（元）"), ("T05", "项目1", "B5")),
    "a sheet of one's own": (lambda book: book.create_sheet("草稿").append(["x"]), ("T14", "草稿", "")),
    "a pasted project sheet": (
        lambda book: (
            [book.create_sheet("粘贴").append([c.value for c in row]) for row in [next(book["项目1"].iter_rows())]]
            and [book["粘贴"].append([c.value for c in row]) for row in book["项目1"].iter_rows()]
        ),
        ("T07", "粘贴", ""),
    ),
    "a name that is gone": (
        lambda book: book["项目1"].defined_names.pop("projects.use_of_funds"),
        ("T04", "项目1", ""),
    ),
    "an older version": (lambda book: setattr(book.defined_names["perfxl.version"], "value", "0"), ("T02", "", "")),
    "a control character": (cell("项目1", "B6", "招商培训_x000C_活动经费"), ("V08", "项目1", "B6")),
    "full-width digits": (cell("项目1", "C5", "１．５０"), ("V07", "项目1", "C5")),
    "an amount with words": (cell("项目1", "C5", "250万"), ("M02", "项目1", "C5")),
    "a missing amount": (cell("项目1", "C5", None), ("M02", "项目1", "C5")),
    "an amount in the wrong sum": (cell("项目1", "C5", 1.6), ("M01", "项目1", "C5")),
    "a percent as text": (cell("项目1", "B8", "四分之一"), ("M04", "项目1", "B8")),
    "a year as text": (cell("基本信息", "C4", "二〇二一"), ("V01", "基本信息", "C4")),
    "a year far off": (cell("基本信息", "C4", 1921), ("V04", "基本信息", "C4")),
    "a code with the name in it": (cell("基本信息", "C7", "716001工商联"), ("D04", "基本信息", "C7")),
    "a code too short": (cell("项目1", "B4", "13030421"), ("D05", "项目1", "B4")),
    "a sign that is no sign": (cell("项目1", "E23", "大于"), ("V03", "项目1", "E23")),
}


@pytest.mark.parametrize("kind", DOUBTFUL)
def test_a_form_with_one_trouble_is_told_it_at_its_cell(kind, tmp_path, capsys):
    edit, expected = DOUBTFUL[kind]
    path = tmp_path / "x.xlsx"
    path.write_bytes(by_openpyxl(edit))
    assert main(["check", str(path), "--json"]) in (0, 1)
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert expected in [(f["code"], f["sheet"], f["cell"]) for f in findings]
    # What cannot be read or is refused has its cell to itself: nothing that merely follows from it is told as well.
    if expected[2]:
        assert [f["code"] for f in findings if (f["sheet"], f["cell"]) == expected[1:]] == [expected[0]]


def test_a_missing_section_is_reported_at_its_first_cell(tmp_path, capsys):
    def edit(book):
        for row in range(131, 191):
            book["第一部分"].cell(row, 3).value = None

    path = tmp_path / "x.xlsx"
    path.write_bytes(by_openpyxl(edit))
    assert main(["report", str(path), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert ("D01", "第一部分", "C131", "safeguard_measures") in [
        (f["code"], f["sheet"], f["cell"], f["field"]) for f in findings
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["x.xlsx"]


def test_a_missing_file_is_the_commands_mistake(tmp_path, capsys):
    assert main(["check", str(tmp_path / "没有.xlsx"), "--json"]) == 2
    assert [f["code"] for f in json.loads(capsys.readouterr().out)["findings"]] == ["F01"]
