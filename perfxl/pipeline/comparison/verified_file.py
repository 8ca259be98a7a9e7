"""A finished document that is to be verified, Word or PDF: what it says now, and what it says of its origin."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from perfxl.document import origin
from perfxl.document.origin import Seal

if TYPE_CHECKING:  # Word documents are verified without the library for PDFs
    from perfxl.document.printing.pdf_paragraphs import Aside

_PDF = b"%PDF-"
_FORMAT = "Cf"  # the category of signs that are not seen; a PDF has nothing of them


class VerifiedFile(NamedTuple):
    """What a document holds.

    `paragraphs` are None in a PDF without structure. `untouched`: not a byte has changed since it was made; `resaved`:
    more than its text may have. `asides` are texts of a PDF outside of its paragraphs.
    """

    paragraphs: Sequence[str] | None
    seal: Seal | None
    untouched: bool
    resaved: bool
    pdf: bool = False
    asides: Sequence[Aside] = ()

    @property
    def text(self) -> str:
        """All that stands on the pages of a PDF without structure."""
        return "".join(aside.text for aside in self.asides)


def read(data: bytes) -> VerifiedFile:
    """Return what a .docx or PDF holds. Raises `ValueError` where it is neither, or damaged."""
    if data.startswith(_PDF):
        return _read_pdf(data)
    seal, said = origin.seal_of(data), origin.paragraphs(data)
    resaved = seal is not None and origin.parts_mark(data) != seal.parts
    return VerifiedFile(said, seal, False, resaved)


def _read_pdf(data: bytes) -> VerifiedFile:
    from perfxl.document.printing import pdf_mark, pdf_paragraphs

    said = pdf_paragraphs.read(data)
    seal = origin.seal_in(said.seal) if said.seal else None
    untouched = pdf_mark.is_as_made(data)
    return VerifiedFile(said.paragraphs, seal, untouched, not untouched, True, () if untouched else said.asides)


def seen(texts: Sequence[str]) -> list[str]:
    """Return texts without the signs that nobody sees."""
    return ["".join(sign for sign in text if unicodedata.category(sign) != _FORMAT) for text in texts]
