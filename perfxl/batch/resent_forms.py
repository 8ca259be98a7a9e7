"""What a unit has changed in the form that it sent again, against the one that it had sent before."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from perfxl import __version__
from perfxl.batch.changes_between_runs import renamed
from perfxl.batch.ledger import Ledger
from perfxl.batch.output_folder import RESENT
from perfxl.batch.serialization import digest, shown, unsqueezed
from perfxl.batch.side_files import SideFiles
from perfxl.computation.derived_values import completed
from perfxl.model.record import Record
from perfxl.pipeline.comparison.changes import Change, changes
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.workbook_file import examine_file
from perfxl.report_type.json_data import loads
from perfxl.storage.files import CHANGES_ENDING

_WORD_ENDING = ".修改对照.docx"


def compare_resent(ledger: Ledger, folder: Path, output: Path, home: Path, profile: str) -> dict[bytes, int]:
    """Write what has changed in each form that was sent again, and return in how many places, by path.

    Of one that was merely saved again that is nowhere, and nothing is written. Forms that cannot be compared (no report
    any more, another type) are left out. What was sent before, maybe under another name, stays in the ledger until all
    of it is told. All have to be ranked.
    """
    ledger.many("UPDATE OR IGNORE former SET path = ? WHERE path = ?", renamed(ledger).items())
    files = SideFiles(ledger, output, RESENT)
    found: dict[bytes, int] = {}
    query = """
        SELECT former.path, former.type, former.data, workbook.input, workbook.document
        FROM former JOIN workbook USING (path) WHERE gone = 0 AND former.type = workbook.type ORDER BY former.path"""
    for row in ledger.execute(query).fetchall():
        examination = examine_file(folder / os.fsdecode(row["path"]), home, profile)
        if examination.record is None or examination.report_type is None:
            continue
        if bytes.fromhex(examination.source) != row["input"]:
            continue  # it has changed again meanwhile; the next run looks at it
        former = _former(row, examination)
        told = changes(former.record, examination.record, examination.report_type) if former.record else []
        found[row["path"]] = len(told)
        if told:
            _write(files, row, former, examination, told)
    return found


def _former(row: sqlite3.Row, now: Examination) -> Examination:
    """Return what the unit had sent before as if it had just been examined; the cells are no longer known."""
    assert now.report_type is not None
    assert now.profile is not None
    record = Record(loads(unsqueezed(row["data"]), now.report_type))
    return now._replace(findings=(), record=completed(record, now.report_type, now.profile), source="")


def _write(files: SideFiles, row: sqlite3.Row, former: Examination, now: Examination, told: Sequence[Change]) -> None:
    stem = os.fsdecode(row["document"]).removesuffix(".docx")
    book, paper = f"{stem}{CHANGES_ENDING}", f"{stem}{_WORD_ENDING}"
    made_of = digest(__version__.encode() + bytes(row["input"]) + bytes(row["data"]))
    if files.current(book, made_of):
        return
    from perfxl.pipeline.comparison import workbook
    from perfxl.pipeline.comparison.tracked_changes import tracked
    from perfxl.pipeline.produce import produce

    name = shown(os.fsdecode(row["path"]).rpartition("/")[2])
    old, new = (produce(one._replace(findings=(), source="")).document for one in (former, now))
    if old is not None and new is not None:
        files.put(paper, tracked(old, new), made_of, row["path"])
    files.put(book, workbook.write(f"{name}（上次）", f"{name}（这次）", told), made_of, row["path"])
