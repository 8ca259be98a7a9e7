"""One document on the disk: what the commands that take workbooks do with it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.model.finding import Finding, spoken
from perfxl.model.remark import Remark

if TYPE_CHECKING:
    from perfxl.pipeline.document_intake import Intake
    from perfxl.pipeline.examine import Examination


def read_document(path: Path) -> bytes | Finding:
    """Return what the file holds, or the finding that says why it cannot be read."""
    if not path.is_file():
        return spoken(Remark("F01", words={"name": path.name}), str(path), None)
    try:
        return path.read_bytes()
    except OSError:
        return spoken(Remark("F06", words={"name": path.name}), str(path), None)


def examine_document_file(path: Path, home: Path, asked: str = "") -> tuple[Examination, Intake]:
    """Return what came of the document at `path`; a file that cannot be read is a finding as well."""
    from perfxl.pipeline.document_intake import Intake, examine_document
    from perfxl.pipeline.examine import Examination
    from perfxl.pipeline.workbook_file import profile_for

    data = read_document(path)
    if isinstance(data, Finding):
        return Examination((data,)), Intake((data,))
    return examine_document(data, str(path), home, partial(profile_for, path, home, asked))
