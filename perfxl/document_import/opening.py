"""A file of whatever kind → the blocks of its document."""

from __future__ import annotations

from collections.abc import Callable

from perfxl.document_import import docx_reader
from perfxl.document_import.blocks import Document, Unreadable
from perfxl.document_import.file_kinds import kind_of

Convert = Callable[[bytes, str], bytes]
"""Turns a document of another kind into a .docx; raises `Unreadable`."""


def opened(data: bytes, convert: Convert) -> tuple[Document, bytes]:
    """Return the document that `data` holds, and the .docx of it, which is empty for a PDF. Raises `Unreadable`."""
    kind = kind_of(data)
    if kind == "xlsx":
        raise Unreadable("W01", kind="Excel 工作簿（.xlsx）")
    if kind == "pdf":
        try:
            from perfxl.document_import import pdf_reader  # 0.1 s that only a PDF is worth
        except ModuleNotFoundError as fault:  # in a browser, where it would be a twentieth of the page
            if fault.name != "pypdf":
                raise
            raise Unreadable("W06", kind=".pdf", problem="这里没有读 PDF 的程序") from fault

        document, word = pdf_reader.read(data), b""
    else:
        word = data if kind == "docx" else convert(data, kind)
        document = docx_reader.read(word)
    if not any(piece.text.strip() for piece in document.pieces()):
        raise Unreadable("W07")
    return document, word
