"""What a PDF says, paragraph by paragraph, as its structure tells it: in PDFs of ours those of the document."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from perfxl.document.printing import pdf_seal

MAX_PAGES = 5_000
_SECONDS_A_PAGE = 5.0  # a dense page takes 0.1
# Standard structure types (ISO 32000-1, 14.8.4) that are paragraphs; what stands in others goes to the one around.
_BLOCKS = frozenset(("/P", "/H", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/Caption", "/Title"))
_LEFT_OUT = frozenset(("/TOC", "/Lbl"))  # the contents page, and numbers that the layout counts
_ASIDE = "/Artifact"
_MOST_DEEP = 200
_FAULTS = (
    PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, OSError, RecursionError,
    NotImplementedError, ArithmeticError, MemoryError,
)  # fmt: skip


class Aside(NamedTuple):
    """A text on a page, from 1, that belongs to no paragraph: somebody has put it there afterwards."""

    page: int
    text: str


class PdfText(NamedTuple):
    """What a PDF says. All texts are without blanks.

    `paragraphs` are None where it has no structure (a scan, or another program has written it); then `asides` are the
    texts of its pages. Else those are what stands outside of every paragraph. `seal` is what it says of its origin.
    """

    paragraphs: list[str] | None
    asides: list[Aside]
    seal: bytes | None


class _OnPage(NamedTuple):
    marked: dict[int, str]
    loose: list[str]


def read(pdf: bytes) -> PdfText:
    """Return what a PDF says. Contents page, headers and footers are left out. Raises `ValueError` where it is none."""
    try:
        reader = PdfReader(BytesIO(pdf))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("encrypted")
        if len(reader.pages) > MAX_PAGES:
            raise ValueError("too many pages")
        return _read(reader)
    except _FAULTS as fault:
        # Whatever a damaged file makes the library stumble over, it says by an exception of one of these kinds.
        raise ValueError(f"not a readable PDF: {fault}") from fault


def _read(reader: PdfReader) -> PdfText:
    pages = [_on_page(page) for page in reader.pages]
    asides = [Aside(number, text) for number, page in enumerate(pages, 1) for text in page.loose]
    asides += _notes(reader)
    catalog: Any = reader.trailer["/Root"]
    seal = _seal(catalog)
    if "/StructTreeRoot" not in catalog:
        texts = [Aside(number, "".join(page.marked.values())) for number, page in enumerate(pages, 1)]
        return PdfText(None, [*(aside for aside in texts if aside.text), *asides], seal)
    paragraphs = _Walk(reader, catalog["/StructTreeRoot"], pages).paragraphs()
    # What the structure does not know is left over.
    asides += [Aside(number, text) for number, page in enumerate(pages, 1) for text in page.marked.values()]
    return PdfText(paragraphs, asides, seal)


def _seal(catalog: Any) -> bytes | None:
    ours = (catalog.get(pdf_seal.PIECES) or {}).get(f"/{pdf_seal.NAME}")
    return None if ours is None else bytes(ours[pdf_seal.PRIVATE].get_data())


def _notes(reader: PdfReader) -> Iterator[Aside]:
    """Yield what annotations show as if it were printed on the page (ISO 32000-1, 12.5.6.6)."""
    for number, page in enumerate(reader.pages, 1):
        for note in page.get("/Annots") or ():
            held = note.get_object()
            text = "".join(str(held.get("/Contents") or "").split())
            if held.get("/Subtype") in ("/FreeText", "/Stamp") and text:
                yield Aside(number, text)


def _on_page(page: Any) -> _OnPage:
    """Return the texts of a page by the number of their marks; headers and footers are marked as no content."""
    marked: dict[int, list[str]] = {}
    loose: list[str] = []
    open_marks: list[tuple[str, int | None]] = []
    late = time.monotonic() + _SECONDS_A_PAGE

    def operand(operator: bytes, operands: Any, _matrix: Any, _text: Any) -> None:
        if time.monotonic() > late:
            raise ValueError("a page takes too long")
        if operator == b"BDC":
            held = operands[1]
            number = held.get("/MCID") if hasattr(held, "get") else None
            open_marks.append((str(operands[0]), None if number is None else int(number)))
        elif operator == b"BMC":
            open_marks.append((str(operands[0]), None))
        elif operator == b"EMC" and open_marks:
            open_marks.pop()

    def text(words: str, _matrix: Any, _place: Any, _font: Any, _size: Any) -> None:
        words = "".join(words.split())
        if not words:
            return
        for kind, number in reversed(open_marks):
            if number is not None:
                marked.setdefault(number, []).append(words)
                return
            if kind == _ASIDE:
                return
        loose.append(words)

    page.extract_text(visitor_operand_before=operand, visitor_text=text)
    return _OnPage({number: "".join(words) for number, words in marked.items()}, loose)


class _Walk:
    """Goes through the structure in its order."""

    def __init__(self, reader: PdfReader, root: Any, pages: list[_OnPage]) -> None:
        self._root, self._pages = root, pages
        self._roles: Any = root.get("/RoleMap") or {}
        self._numbers = {
            page.indirect_reference.idnum: number
            for number, page in enumerate(reader.pages)
            if page.indirect_reference is not None
        }
        self._found: list[list[str]] = []

    def paragraphs(self) -> list[str]:
        self._go(self._root, 0, None)
        texts = ("".join(pieces) for pieces in self._found)
        return [text for text in texts if text]

    def _go(self, node: Any, page: int, pieces: list[str] | None, depth: int = 0, *, shown: bool = True) -> None:
        """Follow a node; `pieces` are those of the paragraph it stands in, `shown` whether that counts."""
        held = node.get_object()
        if depth > _MOST_DEEP:
            raise ValueError("a structure without end")
        if isinstance(held, int):
            self._take(int(held), page, pieces)
            return
        if "/Pg" in held:
            page = self._numbers.get(held.raw_get("/Pg").idnum, page)
        if "/S" in held:
            kind = str(held["/S"])
            role = str(self._roles.get(kind, kind))
            shown = shown and role not in _LEFT_OUT
            if role in _BLOCKS or not shown:
                pieces = []
                self._found += [pieces] if shown else []
        elif "/MCID" in held:
            self._take(int(held["/MCID"]), page, pieces)
            return
        below = held.get("/K")
        if below is not None:
            for child in below if isinstance(below, list) else [below]:
                self._go(child, page, pieces, depth + 1, shown=shown)

    def _take(self, number: int, page: int, pieces: list[str] | None) -> None:
        text = self._pages[page].marked.pop(number, "")
        if pieces is None:
            self._found.append([text])
        else:
            pieces.append(text)
