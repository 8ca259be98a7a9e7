"""A file of whatever kind → the blocks of its document."""

from __future__ import annotations

from collections.abc import Callable

from perfxl.document_import import docx_reader
from perfxl.document_import.blocks import Document, Unreadable
from perfxl.document_import.file_kinds import kind_of

Convert = Callable[[bytes, str], bytes]
"""Turns a document of another kind into a .docx; raises `Unreadable`."""

_OTHERS = {"xlsx": "Excel 工作簿（.xlsx）", "pdf": "PDF 文件"}


def opened(data: bytes, convert: Convert) -> tuple[Document, bytes]:
    """Return the document that `data` holds, and the .docx of it, which is empty for a PDF. Raises `Unreadable`."""
    kind = kind_of(data)
    if kind in _OTHERS:
        raise Unreadable("W01", kind=_OTHERS[kind])
    word = data if kind == "docx" else convert(data, kind)
    document = docx_reader.read(word)
    if not any(piece.text.strip() for piece in document.pieces()):
        raise Unreadable("W07")
    return document, word
