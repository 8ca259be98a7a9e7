"""Page numbers as an office program sees them, put into the contents page of a finished document.

A number that gets more digits may move a line of 目录, and with it pages; only then is the document printed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from perfxl.document.contents.toc import SOURCE, numbers, renumbered
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.package.properties import read_property, with_property
from perfxl.storage.zip_archive import write_parts

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


class Printed(NamedTuple):
    """A document after its first printing; `again` says that its PDF does not show it as it now is."""

    document: bytes
    source: str
    pdf: bytes
    again: bool


def paged(document: bytes, printer: Printer, *, pdf: bool) -> Paged:
    """Return `document` with the page numbers that `printer` gives; with `pdf`, its PDF too.

    The document stays ours: nothing but numbers changes in it. It is printed once, and a second time where the new
    numbers may have moved a line or where the PDF would show the old ones. Raises `PrintFault`.
    """
    if not numbers_of(document) and not pdf:
        return Paged(document, "", None)
    first = numbered(document, printer.printed(document), printer.source, pdf=pdf)
    if first.again:
        first = renumbered_again(first, printer.printed(first.document))
    return Paged(first.document, first.source, first.pdf if pdf else None)


def numbers_of(document: bytes) -> dict[str, int]:
    """Return the numbers that a document shows in its 目录, by bookmark."""
    return numbers(read_parts(document)[_DOCUMENT].decode())


def numbered(document: bytes, result: Print, source: str, *, pdf: bool) -> Printed:
    """Return a document with the page numbers of its printing. Raises `PrintFault` where one is missing."""
    shown = numbers_of(document)
    found = _found(shown, result)
    if shown:
        document = _with_numbers(document, found, source)
    moved = any(len(str(found[mark])) != len(str(shown[mark])) for mark in shown)
    return Printed(document, source if shown else "", result.pdf, moved or (pdf and found != shown))


def renumbered_again(first: Printed, result: Print) -> Printed:
    """Return a document after its second printing, which counts. Raises `PrintFault` where a number is missing."""
    shown = numbers_of(first.document)
    found = _found(shown, result)
    document = first.document if found == shown else _with_numbers(first.document, found, first.source)
    return Printed(document, first.source, result.pdf, False)


def _found(shown: Mapping[str, int], result: Print) -> dict[str, int]:
    if not shown.keys() <= result.pages.keys():
        raise PrintFault("排出的页面里找不到目录所列的标题")
    return {mark: result.pages[mark] for mark in shown}


def _with_numbers(document: bytes, found: Mapping[str, int], source: str) -> bytes:
    parts = with_property(read_parts(document), SOURCE, source)
    parts[_DOCUMENT] = renumbered(parts[_DOCUMENT].decode(), found).encode()
    return write_parts(parts)
