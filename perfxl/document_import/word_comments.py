"""Findings as comments in a copy of the Word document, for units that go on working in Word.

The only module that knows python-docx, which writes the part of comments and everything that refers to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.text.run import Run

from perfxl.document.package.docx_zip import read_parts
from perfxl.document_import.blocks import Unreadable
from perfxl.document_import.docx_reader import OUR_AUTHOR
from perfxl.storage.zip_archive import write_parts

_INITIALS = "检"


def commented(word: bytes, comments: Mapping[int, Sequence[str]]) -> bytes:
    """Return the .docx `word` with comments, by the number of the paragraph in the order of its XML.

    Nothing else of the text changes, and comments that are there stay. The same arguments give the same bytes. Raises
    `Unreadable` where the document is one that python-docx cannot open, as “Strict Open XML” is.
    """
    try:
        document = Document(BytesIO(word))
        paragraphs = list(document.element.iter(qn("w:p")))
        for number, texts in sorted(comments.items()):
            if 0 <= number < len(paragraphs):
                runs = _runs(paragraphs[number], document)
                for text in texts:
                    comment = document.add_comment(runs, text, OUR_AUTHOR, _INITIALS)
                    # No clock: the date may be left out (ECMA-376 17.13.4.2).
                    comment._comment_elm.attrib.pop(qn("w:date"), "")
        result = BytesIO()
        document.save(result)
        return write_parts(read_parts(result.getvalue()))
    except (ValueError, KeyError, AttributeError, TypeError) as fault:
        raise Unreadable("W06", kind=".docx", problem="加不了批注") from fault


def _runs(paragraph: Any, document: Any) -> list[Run]:
    """Return the first and the last run of a paragraph; a paragraph without text gets one, for a comment to hang on."""
    runs = [run for run in paragraph.iter(qn("w:r")) if _belongs(run, paragraph)]
    if not runs:
        runs = [paragraph._add_r()]
    return [Run(run, document) for run in (runs[:1] if len(runs) == 1 else (runs[0], runs[-1]))]


def _belongs(run: Any, paragraph: Any) -> bool:
    """Whether a run is text of the paragraph, and not of a text box that hangs on it, or struck out."""
    parent = run.getparent()
    while parent is not paragraph:
        if parent.tag in (qn("w:txbxContent"), qn("w:del")):
            return False
        parent = parent.getparent()
    return True
