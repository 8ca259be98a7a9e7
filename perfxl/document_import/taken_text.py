"""Who took which characters of a document: what became a value, what is a label, and what nobody took."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from perfxl.document_import.blocks import WordParagraph

Kind = Literal["value", "label"]


class Rest(NamedTuple):
    """A stretch of text that nobody took, or that was taken for a label."""

    piece: WordParagraph
    text: str


class Account(NamedTuple):
    """How many characters, blanks aside, a document has, and what became of them."""

    characters: int
    values: int
    labels: int
    left: int

    @property
    def placed(self) -> float:
        """The share of the characters that found their place, in percent; 100 of a document without any."""
        return 100 * (self.values + self.labels) / self.characters if self.characters else 100.0


class TakenText:
    """Keeps the stretches that were taken. What was taken twice counts once."""

    def __init__(self) -> None:
        self._taken: dict[WordParagraph, list[tuple[int, int, Kind]]] = {}

    def take(self, piece: WordParagraph, kind: Kind, start: int = 0, end: int | None = None) -> None:
        """Note that `piece` from `start` to `end` is a value or a label."""
        self._taken.setdefault(piece, []).append((start, len(piece.text) if end is None else end, kind))

    def take_all(self, pieces: Iterable[WordParagraph], kind: Kind) -> None:
        for piece in pieces:
            self.take(piece, kind)

    def is_taken(self, piece: WordParagraph) -> bool:
        """Whether any of `piece` was taken."""
        return piece in self._taken

    def rests(self, pieces: Iterable[WordParagraph]) -> list[Rest]:
        """Return what of `pieces` nobody took, in their order."""
        return [rest for piece in pieces for rest in _free(piece, self._marks(piece))]

    def labels(self, pieces: Iterable[WordParagraph]) -> list[Rest]:
        """Return those of `pieces` that were taken, wholly or partly, for labels and headings, in their order."""
        taken = (piece for piece in pieces if piece in self._taken)
        return [
            Rest(piece, piece.text.strip())
            for piece in taken
            if any(
                mark == "l" and not sign.isspace() for sign, mark in zip(piece.text, self._marks(piece), strict=True)
            )
        ]

    def account(self, pieces: Iterable[WordParagraph]) -> Account:
        """Return the figures of `pieces`."""
        counts = {"v": 0, "l": 0, " ": 0}
        for piece in pieces:
            if piece not in self._taken:
                counts[" "] += sum(not sign.isspace() for sign in piece.text)
                continue
            for sign, mark in zip(piece.text, self._marks(piece), strict=True):
                if not sign.isspace():
                    counts[mark] += 1
        return Account(sum(counts.values()), counts["v"], counts["l"], counts[" "])

    def _marks(self, piece: WordParagraph) -> str:
        """Return a letter for every character: v of a value, l of a label, blank of neither."""
        marks = [" "] * len(piece.text)
        for start, end, kind in self._taken.get(piece, ()):
            for at in range(start, min(end, len(marks))):
                if kind == "value" or marks[at] == " ":
                    marks[at] = kind[0]
        return "".join(marks)


def _free(piece: WordParagraph, marks: str) -> list[Rest]:
    """Return the stretches of a text that nobody took."""
    found = []
    start = 0
    while start < len(marks):
        end = start
        while end < len(marks) and (marks[end] == " ") == (marks[start] == " "):
            end += 1
        text = piece.text[start:end].strip()
        if marks[start] == " " and text:
            found.append(Rest(piece, text))
        start = end
    return found
