"""The first look at a file: is it a workbook that is safe to open, and if not, what is it?

openpyxl says “File is not a zip file” of a renamed .xls as of a PDF, and unpacks 900 kB into 100 MB without a word;
so the first bytes and the archive's directory are read before anything else is.
"""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.model.remark import Remark
from perfxl.storage.zip_archive import ENCRYPTED, Damaged, ZipEntry, directory
from perfxl.workbook.reading.budget import Excess

MAX_ENTRIES = 5_000
MAX_XML_BYTES = 32 * 2**20  # a form with 60 projects unpacks to less than 3 MiB
MAX_OTHER_BYTES = 256 * 2**20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_LOCK_FILE = (162, 165)  # bytes of what Excel and WPS put beside a file that is open, `~$name`
_LONGEST_USER = 54  # bytes of the user's name in it

# What to do about a file: each says what works for the kinds that have it.
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”；只改扩展名没有用。"
_FIND_FORM = "它变不回填报表：请找到原来的 Excel 填报表（.xlsx 或 .xlsm）再试。"
_UNPACK = "请先解压，再选里面的填报表。"
_SEND_AGAIN = "请打开看看内容在不在；是空的，就请对方重新发送，或者等网盘下载完再试。"
_CLOSE = "请选不带“~$”的那一个文件；它是打开填报表时自动生成的，关闭填报表就没有了。"
_WITHOUT_DOTS = "请选不带“._”的那一个文件。"
_DECRYPT = "请在装有加密软件的电脑上解密，或者申请外发，再把解密后的填报表发过来。"
_UNKNOWN = "请核对是不是选错了文件；能用 Excel 或 WPS 打开的，请另存为“Excel 工作簿（*.xlsx）”。"

_OLD = "旧格式的表格（.xls 或 WPS 的 .et）"
_OLE_STREAMS = (
    ("WordDocument", "Word 97-2003 文档（.doc）", _FIND_FORM),
    ("PowerPoint Document", "演示文稿（.ppt 或 .dps）", _FIND_FORM),
    ("Workbook", _OLD, _SAVE_AS),
    ("Book", _OLD, _SAVE_AS),
)
_FIRST_BYTES = (
    (b"%PDF", "PDF 文件", _FIND_FORM),
    (b"Rar!", "压缩包（.rar）", _UNPACK),
    (b"7z\xbc\xaf", "压缩包（.7z）", _UNPACK),
    (b"\x1f\x8b", "压缩包（.gz）", _UNPACK),
    (b"\x89PNG", "图片", _FIND_FORM),
    (b"\xff\xd8\xff", "图片", _FIND_FORM),
    (b"GIF8", "图片", _FIND_FORM),
    (b"{\\rtf", "RTF 文档", _FIND_FORM),
    (b"\x09\x08", _OLD, _SAVE_AS),
    (b"\x00\x05\x16\x07", "苹果电脑的附属文件（文件名以“._”开头）", _WITHOUT_DOTS),
    (b"b\x14#e", "由加密软件加密的文件", _DECRYPT),
)
_ENCRYPTION_PROGRAMS = (b"E-SafeNet", b"%TSD-Header-###%")
_PARTS = (
    ("word/document.xml", "Word 文档（.docx）", _FIND_FORM),
    ("ppt/presentation.xml", "演示文稿（.pptx）", _FIND_FORM),
    ("xl/workbook.bin", "二进制工作簿（.xlsb）", _SAVE_AS),
    ("content.xml", "OpenDocument 文件（.ods）", _SAVE_AS),
    ("ofd.xml", "OFD 版式文件", _FIND_FORM),
    ("index/document.iwa", "苹果 Numbers 表格（.numbers）", _FIND_FORM),
)
_ROOTS = {"document": "Word 文档（.docx）", "presentation": "演示文稿（.pptx）"}


def first_look(data: bytes) -> Remark | None:
    """Return what keeps `data` from being read as a workbook, or None where it is one and safe to unpack."""
    if not data.strip(b"\x00 \t\r\n"):
        return _other("空文件", _SEND_AGAIN)
    if data.startswith(_OLE):
        return _look_at_ole(data)
    if data.startswith(b"PK"):
        return _look_at_zip(data)
    return _look_at_the_rest(data)


def _other(kind: str, advice: str) -> Remark:
    return Remark("F02", words={"kind": kind, "advice": advice})


def _look_at_ole(data: bytes) -> Remark:
    if _ENCRYPTED in data:
        return Remark("F03")
    for stream, kind, advice in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return _other(kind, advice)
    return _other("旧格式的 Office 文件", _UNKNOWN)


def _look_at_the_rest(data: bytes) -> Remark:
    for start, kind, advice in _FIRST_BYTES:
        if data.startswith(start):
            return _other(kind, advice)
    if any(mark in data[:512] for mark in _ENCRYPTION_PROGRAMS):
        return _other("由加密软件加密的文件", _DECRYPT)
    if len(data) in _LOCK_FILE and data[0] <= _LONGEST_USER:
        return _other("打开填报表时的临时文件（文件名以“~$”开头）", _CLOSE)
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"mime-version:") or (b"<html" in head or b"<table" in head or head.startswith(b"<!doctype")):
        return _other("网页（HTML）", _FIND_FORM)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return _other("XML 表格（2003 格式）", _SAVE_AS)
    if head.startswith(b"<?xml"):
        if b"<office:document" in head:
            return _other("OpenDocument 文件（.fods）", _SAVE_AS)
        return _other("XML 文件", _FIND_FORM)
    if b"\x00" in head and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _other("未知格式的文件", _UNKNOWN)
    return _other("文本文件（如 .csv）", _FIND_FORM)


def _look_at_zip(data: bytes) -> Remark | None:
    try:
        entries = directory(data)
    except Damaged:
        return Remark("F04")
    names = {entry.name for entry in entries}
    if any(entry.flags & ENCRYPTED for entry in entries):
        return Remark("F03")
    if len(names) < len(entries) or any(".." in name.replace("\\", "/").split("/") for name in names):
        return Remark("F04")
    if remark := _too_large(entries):
        return remark
    return None if _WORKBOOK in names else _look_at_parts(data, names)


def _too_large(entries: Sequence[ZipEntry]) -> Remark | None:
    # No reader inflates an entry beyond the size that the directory states, so the stated sizes can be trusted.
    xml = sum(entry.size for entry in entries if entry.name.lower().endswith((".xml", ".rels", ".vml")))
    other = sum(entry.size for entry in entries) - xml
    if xml > MAX_XML_BYTES or other > MAX_OTHER_BYTES or len(entries) > MAX_ENTRIES:
        return Remark("F05", words={"size": (xml + other) // 2**20})
    return None


def _look_at_parts(data: bytes, names: set[str]) -> Remark | None:
    """Return what an archive is that has no workbook in the usual place, or None where it is one nevertheless."""
    plain = {name.replace("\\", "/").lstrip("/").lower() for name in names}
    for part, kind, advice in _PARTS:
        if part in plain:
            return _other(kind, advice)
    from perfxl.workbook.reading.package import WorkbookPackage  # 40 ms with what it rests on, for hardly any file

    package = WorkbookPackage(data)
    try:
        root = package.root()
    except Excess as excess:
        return Remark("F07", words={"what": str(excess)})
    if root == "workbook":
        return None
    if package.main.endswith(".bin"):
        return _other("二进制工作簿（.xlsb）", _SAVE_AS)
    if root in _ROOTS:
        return _other(_ROOTS[root], _FIND_FORM)
    return _other("压缩包（.zip）", _UNPACK)
