"""Files that are no documents, or hostile ones: always a sentence, the right status, no output, no long wait."""

import io
import json
import warnings
import zipfile

import pytest

from document_import import makes, word_maker
from document_import.word_maker import W, package
from perfxl.cli.main import main
from perfxl.document.printing import libreoffice

DOCUMENT = word_maker.word(makes.original("beidaihe-gongshanglian-2021"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
NAMESPACE = f'xmlns:w="{W}"'


def utf16(text):
    return text.encode("utf-16-le")


def archive(parts, method=zipfile.ZIP_DEFLATED):
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", method) as target, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile's own, of a name that comes twice
        for name, content in parts:
            target.writestr(name, content)
    return result.getvalue()


def parts():
    with zipfile.ZipFile(io.BytesIO(DOCUMENT)) as source:
        return [(name, source.read(name)) for name in source.namelist()]


def changed(name, change):
    """The document with one part changed, or left out where `change` gives None."""
    kept = [(part, change(content) if part == name else content) for part, content in parts()]
    return archive([(part, content) for part, content in kept if content is not None])


def body(inside, declaration=""):
    document = f"{declaration}<w:document {NAMESPACE}><w:body>{inside}</w:body></w:document>"
    return changed("word/document.xml", lambda _: document)


def encrypted_zip():
    data = bytearray(DOCUMENT)
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def broken():
    with zipfile.ZipFile(io.BytesIO(DOCUMENT)) as source:
        entry = source.getinfo("word/document.xml")
    at = entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2
    return DOCUMENT[:at] + bytes([DOCUMENT[at] ^ 255]) + DOCUMENT[at + 1 :]


def lying_size():
    """The directory states a size of ten bytes for the main part."""
    data = bytearray(DOCUMENT)
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + 17] != b"word/document.xml":
        at = data.index(b"PK\x01\x02", at + 4)
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


BOMB = b"<w:p/>" * 12_000_000
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
TABLES = "<w:tbl><w:tr><w:tc>" * 400 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 400

# The content, the code, a word of the message, the exit status.
FILES = {
    "an empty file": (b"", "W01", "空文件", 1),
    "blanks": (b" \r\n\t", "W01", "空文件", 1),
    "zeros": (bytes(1000), "W01", "空文件", 1),
    "text": ("绩效目标\n".encode(), "W01", "文本文件", 1),
    "text of another code": ("绩效目标\n".encode("gb18030"), "W01", "文本文件", 1),
    "random bytes": (bytes(range(256)), "W01", "未知", 1),
    "a web page": (b"<html><body><table></table></body></html>", "W01", "网页", 1),
    "a page with a mark": (b"\xef\xbb\xbf<!DOCTYPE html>", "W01", "网页", 1),
    "XML": (b'<?xml version="1.0"?><a/>', "W01", "XML", 1),
    "a document of 2003": (
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>',
        "W01",
        "2003",
        1,
    ),
    "a picture": (b"\x89PNG\r\n\x1a\n", "W01", "图片", 1),
    "a photograph": (b"\xff\xd8\xff\xe0", "W01", "图片", 1),
    "a scan": (b"II*\x00", "W01", "图片", 1),
    "a rar": (b"Rar!\x1a\x07", "W01", "rar", 1),
    "a 7z": (b"7z\xbc\xaf\x27\x1c", "W01", "7z", 1),
    "a gz": (b"\x1f\x8b\x08", "W01", "gz", 1),
    "a program": (b"MZ\x90", "W01", "程序", 1),
    "some archive": (archive([("readme.txt", b"")]), "W01", "zip", 1),
    "a workbook": (archive([("xl/workbook.xml", b"<a/>")]), "W01", "Excel", 1),
    "a binary workbook": (archive([("xl/workbook.bin", b"")]), "W01", "xlsb", 1),
    "a presentation": (archive([("ppt/presentation.xml", b"")]), "W01", "演示", 1),
    "an OFD": (archive([("OFD.xml", b"")]), "W01", "OFD", 1),
    "an old workbook": (OLE + utf16("Workbook"), "W01", ".xls", 1),
    "an old presentation": (OLE + utf16("PowerPoint Document"), "W01", "演示", 1),
    "another compound file": (OLE, "W01", "旧格式", 1),
    "an encrypted document": (OLE + utf16("EncryptedPackage"), "W02", "密码", 1),
    "an encrypted archive": (encrypted_zip(), "W02", "密码", 1),
    "half a document": (DOCUMENT[: len(DOCUMENT) // 2], "W03", "损坏", 1),
    "a lost end": (DOCUMENT[:-30], "W03", "损坏", 1),
    "a broken byte": (broken(), "W03", "损坏", 1),
    "a size that is none": (lying_size(), "W03", "损坏", 1),
    "a part twice": (archive([*parts(), ("word/document.xml", b"<a/>")]), "W03", "损坏", 1),
    "a part outside": (archive([*parts(), ("../x.xml", b"<a/>")]), "W03", "损坏", 1),
    "no main part": (changed("word/document.xml", lambda _: None), "W01", "zip", 1),
    "no XML": (changed("word/document.xml", lambda _: b"PK nonsense"), "W03", "损坏", 1),
    "half the XML": (changed("word/document.xml", lambda content: content[: len(content) // 2]), "W03", "损坏", 1),
    "entities that grow": (body("<w:p><w:r><w:t>x</w:t></w:r></w:p>", LAUGHS), "W03", "损坏", 1),
    "a bomb": (changed("word/document.xml", lambda _: BOMB), "W04", "MB", 1),
    "very many parts": (archive([*parts(), *((f"word/x{n}.xml", b"") for n in range(6000))]), "W04", "MB", 1),
    "no text": (body("<w:p/>"), "W07", "没有文字", 1),
    "only a picture": (body("<w:p><w:r><w:drawing/></w:r></w:p>"), "W07", "没有文字", 1),
    "a PDF that is none": (b"%PDF-1.7\nnonsense", "W03", "损坏", 1),
    "half a PDF": (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\nstartxref\n9999\n%%EOF", "W03", "损坏", 1),
    "something else": (package("".join(map(word_maker.paragraph, ["会议通知", "定于明天开会。"]))), "W08", "认不出", 1),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_bad_file_gets_its_sentence(kind, tmp_path, capsys):
    content, code, words, outcome = FILES[kind]
    path, output = tmp_path / "坏.docx", tmp_path / "out.xlsx"
    path.write_bytes(content)
    assert main(["import", str(path), "-o", str(output), "--json"]) == outcome
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert [one["code"] for one in told["findings"]] == [code]
    assert words in told["findings"][0]["message"]
    assert told["workbook"] is None
    assert captured.err == ""
    assert [each.name for each in tmp_path.iterdir()] == ["坏.docx"]
    assert main(["check", str(path), "--json"]) == outcome
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]] == [code]


def test_tables_in_tables_without_end_are_read_as_text(tmp_path, capsys):
    path = tmp_path / "x.docx"
    path.write_bytes(body(TABLES.replace("<w:p/>", "<w:p><w:r><w:t>最深处</w:t></w:r></w:p>")))
    assert main(["import", str(path), "-o", str(tmp_path / "x.xlsx"), "--type", "performance_plan", "--json"]) == 0
    assert [one["text"] for one in json.loads(capsys.readouterr().out)["left"]] == ["最深处"]


def test_a_missing_file_is_the_commands_mistake(tmp_path, capsys):
    output = str(tmp_path / "x.xlsx")
    assert main(["import", str(tmp_path / "没有.docx"), "-o", output, "--json"]) == 2
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]] == ["F01"]


def test_an_old_document_needs_a_program(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    path = tmp_path / "旧.doc"
    path.write_bytes(OLE + utf16("WordDocument"))
    assert main(["import", str(path), "-o", str(tmp_path / "x.xlsx"), "--json"]) == 3
    assert "LibreOffice" in json.loads(capsys.readouterr().out)["findings"][0]["message"]


@pytest.mark.office
def test_an_old_document_that_cannot_be_converted(tmp_path, capsys):
    if libreoffice.program() is None:
        pytest.skip("soffice is not installed on this machine; CI installs it")
    path = tmp_path / "旧.doc"
    path.write_bytes(OLE + utf16("WordDocument"))
    assert main(["import", str(path), "-o", str(tmp_path / "x.xlsx"), "--json"]) in (1, 3)
    finding = json.loads(capsys.readouterr().out)["findings"][0]
    assert finding["code"] in ("W06", "W07", "W08")
