"""The first look at a file that is to be read as a document: what it is, whatever its name says."""

from __future__ import annotations

from typing import Literal

from perfxl.document_import.blocks import Unreadable
from perfxl.storage.zip_archive import Damaged, directory

Kind = Literal["docx", "doc", "wps", "rtf", "odt", "pdf", "xlsx"]

MAX_BYTES = 256 * 2**20
SUFFIXES = frozenset((".docx", ".docm", ".dotx", ".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt", ".pdf"))
"""The ends of names that people take for documents."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (("WordDocument", "doc"), ("MatOST", "wps"))
_OTHER_STREAMS = (
    ("PowerPoint Document", "演示文稿（.ppt 或 .dps）"),
    ("Workbook", "旧格式的表格（.xls 或 WPS 的 .et）"),
    ("Book", "旧格式的表格（.xls 或 WPS 的 .et）"),
)
_FIRST_BYTES = (
    (b"Rar!", "压缩包（.rar）"),
    (b"7z\xbc\xaf", "压缩包（.7z）"),
    (b"\x1f\x8b", "压缩包（.gz）"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"MZ", "程序（.exe）"),
)
_PARTS = (
    ("ppt/presentation.xml", "演示文稿（.pptx）"),
    ("xl/workbook.bin", "二进制工作簿（.xlsb）"),
    ("OFD.xml", "OFD 版式文件"),
)
_TEXT_MIMETYPE = b"mimetypeapplication/vnd.oasis.opendocument.text"


def kind_of(data: bytes) -> Kind:
    """Return what `data` is. Raises `Unreadable` where it is nothing that can be read as a document."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable("W01", kind="空文件")
    if len(data) > MAX_BYTES:
        raise Unreadable("W04", size=len(data) // 2**20)
    if data.startswith(_OLE):
        return _kind_of_ole(data)
    if data.startswith(b"PK"):
        return _kind_of_zip(data)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    # Some programs write a few bytes of their own before the mark.
    if b"%PDF-" in data[:1024]:
        return "pdf"
    raise Unreadable("W01", kind=_kind_of_other(data))


def _kind_of_ole(data: bytes) -> Kind:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable("W02")
    for stream, kind in _STREAMS:
        if stream.encode("utf-16-le") in data:
            return "wps" if kind == "wps" else "doc"
    kinds = (kind for stream, kind in _OTHER_STREAMS if stream.encode("utf-16-le") in data)
    raise Unreadable("W01", kind=next(kinds, "旧格式的 Office 文件"))


def _kind_of_zip(data: bytes) -> Kind:
    if _TEXT_MIMETYPE in data[:200]:
        return "odt"
    try:
        names = {entry.name for entry in directory(data)}
    except Damaged as fault:
        raise Unreadable("W03") from fault
    if "xl/workbook.xml" in names:
        return "xlsx"
    if any(name.startswith("word/") and name.endswith(".xml") for name in names):
        return "docx"
    kinds = (kind for part, kind in _PARTS if part in names)
    raise Unreadable("W01", kind=next(kinds, "压缩包（.zip）"))


def _kind_of_other(data: bytes) -> str:
    for start, kind in _FIRST_BYTES:
        if data.startswith(start):
            return kind
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<html" in head or b"<table" in head or head.startswith(b"<!doctype"):
        return "网页（HTML）"
    if b'progid="word.document"' in head or b"pkg:package" in head:
        return "XML 文档（2003 格式）"
    if head.startswith(b"<?xml"):
        return "XML 文件"
    return "未知格式的文件" if b"\x00" in head else "文本文件"
