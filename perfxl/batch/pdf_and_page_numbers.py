"""Page numbers and PDFs: what is asked of a run, what this machine can give, and what is to be said of it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from perfxl.batch.ledger import Ledger
from perfxl.batch.outcome import Outcome, pdf_name
from perfxl.batch.output_folder import Shelf
from perfxl.batch.serialization import shown
from perfxl.storage.files import Surroundings

_STALE = """
    SELECT pdf.* FROM pdf JOIN workbook USING (id)
    WHERE pdf.output IS NOT NULL AND pdf.printed IS NOT workbook.output AND gone = 0 ORDER BY path"""


class Paper:
    """The page numbers and PDFs of one run. `contents` and `pdf` are what is asked for.

    In the end `notes` has what there is to say, and `troubles` why there is not every PDF that was asked for.
    """

    def __init__(self, contents: str, pdf: bool, ledger: Ledger, shelf: Shelf) -> None:
        self.contents, self.pdf = contents, pdf
        self.notes: list[str] = []
        self.troubles: list[str] = []
        self._ledger, self._shelf = ledger, shelf
        self._said: dict[tuple[bool, str], tuple[str, int]] = {}
        self._best = "estimate"
        if not self.pdf and self.contents != "auto":
            return
        from perfxl.document.printing import printer  # most batches need no office program

        self._best = printer.best()
        self._improves = printer.improves
        if self._best == printer.ESTIMATE:
            # Without a program nothing is tried document by document; it is said once.
            if self.pdf:
                self.troubles.append(f"没有生成 PDF：{printer.NONE}，请安装其中一个。Word 文档不受影响。")
            elif self.contents == printer.AUTO:
                self.notes.append(f"目录的页码是估算的（{printer.NONE}），装好以后再运行一次，会换成排出来的。")
            self.contents = printer.ESTIMATE if self.contents == printer.AUTO else self.contents
            self.pdf = False

    def state(self, row: sqlite3.Row) -> str:
        """Return what is with the paper side of a document that is as we made it.

        `well`: as good as was asked for, or better · `wanting`: to be done again · `edited`: the PDF is somebody
        else's, and `outdated`: of another document besides; neither is touched.
        """
        if self.contents == "auto" and self._improves(self._best, row["numbers"]):
            return "wanting"
        if not self.pdf:
            return "well"
        pdf = self._ledger.pdf(row["id"])
        if pdf is None or os.fsdecode(pdf["document"]) != pdf_name(os.fsdecode(row["document"])):
            return "wanting"
        state, current = self._shelf.state(pdf), pdf["printed"] == row["output"]
        if state == "edited":
            return "edited" if current else "outdated"
        return "well" if state == "ours" and current else "wanting"

    def place(self, number: int) -> str:
        """Put the announced PDF of a document that is in its place beside it.

        Returns its path where somebody else's stands there and was left, and nothing where all is well. Raises
        `Surroundings` where the place cannot be written to.
        """
        row = self._ledger.pdf(number)
        if row is None or row["intended"] is None:
            return ""
        try:
            known = self._shelf.place(row)
        except Surroundings:
            self._ledger.pdf_withdrawn(number)
            raise
        if known is not None:
            self._ledger.pdf_placed(number, known)
            return ""
        self._ledger.pdf_withdrawn(number)
        # Where a killed run has lost it, nothing stands there, and it is made again when it is asked for.
        return os.fsdecode(row["document"]) if self._shelf.state(row) == "edited" else ""

    def note(self, outcome: Outcome) -> None:
        """Remember what the office program gave reason to say of a document: a sentence once, and of how many."""
        told = [(True, outcome.trouble)] if outcome.trouble else [(False, note) for note in outcome.notes]
        for key in told:
            first, count = self._said.get(key, (shown(outcome.document), 0))
            self._said[key] = (first, count + 1)

    def conclude(self) -> None:
        """Put what was remembered into sentences."""
        for (grave, sentence), (first, count) in self._said.items():
            (self.troubles if grave else self.notes).append(f"{_several(first, count)}：{sentence}")
        self._said.clear()
        old = list(self._stale())
        if old:
            name = _several(shown(os.fsdecode(old[0])), len(old))
            self.notes.append(f"{name}：文档已经更新，PDF 还是以前的；请加 --pdf 再运行一次，或者删除旧的 PDF。")

    def _stale(self) -> Iterator[bytes]:
        for row in self._ledger.execute(_STALE).fetchall():
            if self._shelf.state(row) != "deleted":
                yield row["document"]


def _several(first: str, count: int) -> str:
    return first if count == 1 else f"{Path(first).as_posix()} 等 {count} 份"
