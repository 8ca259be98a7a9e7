"""What is wrong with a Word template."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.model.author_note import AuthorNote
from perfxl.model.faults import AuthorFault


class TemplateFault(AuthorFault):
    """A Word template that cannot be used as it is: a fault of whoever made it, never of the data.

    `part` is the part of the .docx (`word/document.xml`), empty where the file as a whole is meant; `problem` says what
    is wrong; `near` is the text of the paragraph where it happens, where that is known.
    """

    def __init__(self, part: str, problem: str, near: str = "") -> None:
        super().__init__(f"Word 模板{f'（{part}）' if part else ''}：{problem}{f'，在“{near}”处' if near else ''}")
        self.part = part
        self.problem = problem
        self.near = near

    @classmethod
    def of(cls, notes: Sequence[AuthorNote]) -> TemplateFault:
        """Return the fault that tells all of `notes`."""
        return cls("", "；".join(str(note).rstrip("。") for note in notes), "")
