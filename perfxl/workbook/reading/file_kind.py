"""The first look at a file: is it a workbook that is safe to open, and if not, what is it?

openpyxl says “File is not a zip file” of a renamed .xls as of a PDF, and unpacks 900 kB into 100 MB without a word;
so the first bytes and the archive's directory are read before anything else is.
"""

from __future__ import annotations

from perfxl.model.remark import Remark
from perfxl.workbook.reading.zip_directory import ENCRYPTED, Damaged, directory

MAX_ENTRIES = 5_000
MAX_XML_BYTES = 64 * 2**20  # a form with 60 projects unpacks to about 8 MiB
MAX_OTHER_BYTES = 256 * 2**20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE_STREAMS = (
    ("WordDocument", "Word 97-2003 文档（.doc）"),
    ("PowerPoint Document", "演示文稿（.ppt 或 .dps）"),
    ("Workbook", "旧格式的表格（.xls 或 WPS 的 .et）"),
    ("Book", "旧格式的表格（.xls 或 WPS 的 .et）"),
)
_FIRST_BYTES = (
    (b"%PDF", "PDF 文件"),
    (b"Rar!", "压缩包（.rar）"),
    (b"7z\xbc\xaf", "压缩包（.7z）"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"{\\rtf", "RTF 文档"),
)
_PARTS = (
    ("word/document.xml", "Word 文档（.docx）"),
    ("ppt/presentation.xml", "演示文稿（.pptx）"),
    ("xl/workbook.bin", "二进制工作簿（.xlsb）"),
    ("content.xml", "OpenDocument 文件（.ods）"),
)


def first_look(data: bytes) -> Remark | None:
    """Return what keeps `data` from being read as a workbook, or None where it is one and safe to unpack."""
    if not data.strip(b"\x00 \t\r\n"):
        return Remark("F02", words={"kind": "空文件"})
    if data.startswith(_OLE):
        return _look_at_ole(data)
    if data.startswith(b"PK"):
        return _look_at_zip(data)
    return Remark("F02", words={"kind": _kind_of_text(data)})


def _look_at_ole(data: bytes) -> Remark:
    if _ENCRYPTED in data:
        return Remark("F03")
    kinds = (kind for stream, kind in _OLE_STREAMS if stream.encode("utf-16-le") in data)
    return Remark("F02", words={"kind": next(kinds, "旧格式的 Office 文件")})


def _kind_of_text(data: bytes) -> str:
    for start, kind in _FIRST_BYTES:
        if data.startswith(start):
            return kind
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<html" in head or b"<table" in head or head.startswith(b"<!doctype"):
        return "网页（HTML）"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "XML 表格（2003 格式）"
    if head.startswith(b"<?xml"):
        return "XML 文件"
    return "未知格式的文件" if b"\x00" in head else "文本文件（如 .csv）"


def _look_at_zip(data: bytes) -> Remark | None:
    try:
        entries = directory(data)
    except Damaged:
        return Remark("F04")
    names = [entry.name for entry in entries]
    if any(entry.flags & ENCRYPTED for entry in entries):
        return Remark("F03")
    if len(set(names)) < len(names) or any(".." in name.replace("\\", "/").split("/") for name in names):
        return Remark("F04")
    if "xl/workbook.xml" not in names:
        kinds = (kind for part, kind in _PARTS if part in names)
        return Remark("F02", words={"kind": next(kinds, "压缩包（.zip）")})
    # Neither reader inflates an entry beyond the size that the directory states, so the stated sizes can be trusted.
    xml = sum(entry.size for entry in entries if entry.name.endswith((".xml", ".rels", ".vml")))
    other = sum(entry.size for entry in entries) - xml
    if len(entries) > MAX_ENTRIES or xml > MAX_XML_BYTES or other > MAX_OTHER_BYTES:
        return Remark("F05", words={"size": (xml + other) // 2**20})
    return None
