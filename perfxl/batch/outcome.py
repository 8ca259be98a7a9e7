"""What came of one workbook: a task for a worker, and the answer that it sends back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

State = Literal["made", "draft", "errors", "unread", "stray", "trouble", "template", "fault", "same"]
"""made: the document is written · draft: as a draft, in spite of errors · errors: not written, because of errors ·
unread: no report at all · stray: a workbook of something else · trouble: the surroundings were in the way · template:
the Word template or the type is not as it must be · fault: ours · same: nothing was to be done."""

WRITTEN = ("made", "draft")


class Settings(NamedTuple):
    """What is the same for all workbooks of a run. `parts` is where finished documents wait to be put in place.

    `contents` is how 目录 gets its numbers, one of `perfxl.document.printing.printer.MODES`; `together` is how many
    documents are printed together.
    """

    folder: Path
    parts: Path
    home: Path
    profile: str
    draft: bool
    contents: str = "estimate"
    pdf: bool = False
    together: int = 1

    @property
    def presses(self) -> bool:
        """Whether an office program has to do something for the documents."""
        return self.pdf or self.contents == "auto"


class Task(NamedTuple):
    """A workbook to be made. Where its bytes have the digest `known`, nothing is to be done."""

    path: str
    document: str
    known: bytes = b""


class ItemFigures(NamedTuple):
    """One item of the workbook that has a sheet of its own, such as a project: for comparing across units."""

    code: str
    name: str
    sheet: str
    cell: str
    lines: int  # of its lists, all together
    likeness: bytes  # the digest of what its lists say; equal where they say the same
    lines_cell: str


class Outcome(NamedTuple):
    """What came of a workbook. `findings` and `values` are packed JSON; `part` is the document, not yet in place.

    `profile_name` are the rules that it names, `rules` those by which it was checked.
    `first` is what the first error says, `numbers` where the page numbers come from. `pdf_part` and `pdf` are of the
    PDF what `part` and `output` are of the document. `notes` and `trouble` are what the office program gave reason to
    say; with `trouble` there is no PDF although one was asked for.
    """

    path: str
    state: State
    document: str = ""
    size: int = 0
    mtime: int = 0
    read_at: int = 0
    digest: bytes = b""
    type_id: str = ""
    profile_name: str = ""
    rules: str = ""
    first: str = ""
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    findings: bytes = b""
    values: bytes = b""
    rows: bytes = b""
    facts: Mapping[str, Any] | None = None
    items: tuple[ItemFigures, ...] = ()
    part: str = ""
    output: bytes = b""
    numbers: str = ""
    pdf_part: str = ""
    pdf: bytes = b""
    notes: tuple[str, ...] = ()
    trouble: str = ""


def pdf_name(document: str) -> str:
    """Return the path of the PDF of a document: the same, but for its end."""
    return f"{document.removesuffix('.docx')}.pdf"


Failed = Callable[[Task, str], Outcome]
"""Gives what is said of a workbook that took its worker down, and why it did."""
