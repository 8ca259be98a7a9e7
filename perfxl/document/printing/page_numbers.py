"""Page numbers as an office program sees them, put into the contents page of a finished document.

A number that gets more digits may move a line of 目录, and with it pages; only then is the document printed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from perfxl.document.contents.toc import SOURCE, numbers, renumbered
from perfxl.document.package.docx_zip import read_parts, write_parts
from perfxl.document.package.properties import read_property, with_property

_DOCUMENT = "word/document.xml"


class PrintFault(Exception):
    """An office program did not do what it should; the message is a Chinese clause that says what happened."""


@dataclass(frozen=True)
class Print:
    """A document on paper: the PDF, and the page of each bookmark of 目录, from 1."""

    pdf: bytes
    pages: Mapping[str, int]


class Printer(Protocol):
    """An office program that lays documents out. `source` is what documents say of where their numbers come from."""

    @property
    def source(self) -> str: ...

    def printed(self, document: bytes) -> Print:
        """Return the document on paper. Raises `PrintFault`."""


@dataclass(frozen=True)
class Paged:
    """A document with its page numbers, and its PDF where one was asked for."""

    document: bytes
    source: str
    pdf: bytes | None


def source_of(document: bytes) -> str:
    """Return where the page numbers of a finished document come from, empty where it has no contents page."""
    return read_property(read_parts(document), SOURCE)


def paged(document: bytes, printer: Printer, *, pdf: bool) -> Paged:
    """Return `document` with the page numbers that `printer` gives; with `pdf`, its PDF too.

    The document stays ours: nothing but numbers changes in it. It is printed once, and a second time where the new
    numbers may have moved a line or where the PDF would show the old ones. Raises `PrintFault`.
    """
    parts = read_parts(document)
    shown = numbers(parts[_DOCUMENT].decode())
    if not shown and not pdf:
        return Paged(document, "", None)
    result = printer.printed(document)
    found = _found(shown, result)
    if shown:
        document = _with_numbers(document, found, printer.source)
    if (pdf and found != shown) or any(len(str(found[mark])) != len(str(shown[mark])) for mark in shown):
        result = printer.printed(document)
        again = _found(shown, result)
        if again != found:
            document = _with_numbers(document, again, printer.source)
    return Paged(document, printer.source if shown else "", result.pdf if pdf else None)


def _found(shown: Mapping[str, int], result: Print) -> dict[str, int]:
    if not shown.keys() <= result.pages.keys():
        raise PrintFault("排出的页面里找不到目录所列的标题")
    return {mark: result.pages[mark] for mark in shown}


def _with_numbers(document: bytes, found: Mapping[str, int], source: str) -> bytes:
    parts = with_property(read_parts(document), SOURCE, source)
    parts[_DOCUMENT] = renumbered(parts[_DOCUMENT].decode(), found).encode()
    return write_parts(parts)
