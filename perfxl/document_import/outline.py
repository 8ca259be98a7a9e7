"""Reports that are a list of sections: numbered headings with text, into which parts are inserted."""

from __future__ import annotations

from collections.abc import Callable

from perfxl.document_import.blocks import Piece, Table
from perfxl.document_import.draft import Draft
from perfxl.document_import.surroundings import Surroundings
from perfxl.record import Place


class Outline:
    """Gathers the paragraphs of a report, for types that have a list of sections."""

    def __init__(self, draft: Draft, surroundings: Surroundings) -> None:
        self._draft = draft
        self._around = surroundings

    def takes_table(self, table: Table) -> bool:
        return False

    def add_table(self, read: Callable[[], None], draft: Draft) -> None:
        read()

    def add_paragraph(self, piece: Piece, place: Place) -> bool:
        return False

    def pause(self) -> None:
        return

    def finish(self) -> None:
        return
