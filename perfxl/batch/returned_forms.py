"""What goes back to the units: for each with findings a workbook of them and a letter, ready to be attached.

The letter is a Word template like any other, and an office may have its own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from perfxl import __version__
from perfxl.batch.ledger import Ledger
from perfxl.batch.output_folder import RETURNED
from perfxl.batch.serialization import digest, dumped, loaded, shown, unsqueezed
from perfxl.batch.side_files import SideFiles
from perfxl.batch.urgency import MISSING, TO_LOOK_AT, in_order
from perfxl.model.finding import SEVERITIES
from perfxl.model.record import place_text
from perfxl.report_type import catalog
from perfxl.storage.files import FINDINGS_ENDING, LETTER_ENDING, LETTER_TEMPLATE

TEMPLATE = "退回意见.docx"  # beside the templates of the types
_NOT_SENT = frozenset(("gone", "stray", "missing", "", "units"))

Finding = Mapping[str, Any]


def letter_template(home: Path, folder: Path) -> Path:
    """Return the template of the letter: the office's own in `folder`, that of its types, or ours."""
    places = (folder / LETTER_TEMPLATE, *(place / "templates" / TEMPLATE for place in catalog.places(home)))
    return next((place for place in places if place.is_file()), places[-1])


def send_back(ledger: Ledger, output: Path, template: Path) -> tuple[int, list[str]]:
    """Bring what goes back to the units up to date; return to how many, and sentences on what was in the way.

    The workbooks have to be ranked. What is fine has nothing there. Raises `TemplateFault` where the template of the
    letter is damaged or asks for what there is not.
    """
    letter = template.read_bytes()
    base = digest(b"%b %b" % (__version__.encode(), digest(letter)))
    files = SideFiles(ledger, output, RETURNED)
    owners: set[bytes] = set()
    columns, joins = "workbook.*, content.findings", "LEFT JOIN content ON content.id = workbook.id"
    for row in in_order(ledger, columns, joins, below=TO_LOOK_AT):
        if row["ranked_state"] in _NOT_SENT:
            continue
        own = loaded(unsqueezed(row["findings"])) if row["findings"] else []
        findings = [*ledger.notices(row["path"], without=MISSING), *own]
        if any(finding["severity"] != "info" for finding in findings):
            owners.add(row["path"])
            _bring_up_to_date(files, row, findings, letter, base)
    files.keep_only(owners)
    said = [f"“{path}”被人改过，没有更新；不要那份修改的，删除它再运行一次。" for path in files.kept]
    return len(owners), [*said, *files.troubles]


def _bring_up_to_date(
    files: SideFiles, row: sqlite3.Row, findings: Sequence[Finding], letter: bytes, base: bytes
) -> None:
    stem = os.fsdecode(row["document"]).removesuffix(".docx")
    name = stem.rpartition("/")[2]
    book, paper = f"{stem}/{name}{FINDINGS_ENDING}", f"{stem}/{name}{LETTER_ENDING}"
    made_of = digest(
        base + bytes(row["input"] or b"") + dumped(findings) + str(row["unit_name"]).encode("utf-8", "replace")
    )
    if files.current(book, made_of) and files.current(paper, made_of):
        return
    from perfxl.document.template.printable_text import only_text
    from perfxl.pipeline.produce import rendered
    from perfxl.workbook.form import findings_workbook

    file = shown(os.fsdecode(row["path"]).rpartition("/")[2])
    verdict = _verdict(findings)
    rows = [(SEVERITIES[one["severity"]], *(one[key] for key in _KEYS)) for one in findings]
    files.put(
        book, findings_workbook.write(file, verdict, rows, bytes(row["input"] or b"").hex()), made_of, row["path"]
    )
    texts = {
        "unit_name": row["unit_name"] or file,
        "unit_code": row["unit_code"] or "",
        "fiscal_year": row["year"] or "",
        "file": file,
        "attachment": book.rpartition("/")[2],
        "verdict": verdict,
        "findings": [_line(number, one) for number, one in enumerate(_to_mend(findings), 1)],
    }
    files.put(paper, rendered(letter, only_text(texts), contents=False), made_of, row["path"])


_KEYS = ("sheet", "cell", "message", "hint", "code")


def _line(number: int, finding: Finding) -> dict[str, str]:
    return {
        "number": str(number),
        "severity": SEVERITIES[finding["severity"]],
        "place": place_text(finding["sheet"], finding["cell"]),
        "problem": finding["message"],
        "cure": finding["hint"],
        "code": finding["code"],
    }


def _to_mend(findings: Sequence[Finding]) -> list[Finding]:
    """Return what the letter lists: errors, then warnings. What is only remarked stands in the workbook."""
    order = list(SEVERITIES)
    mended = [one for one in findings if one["severity"] != "info"]
    return sorted(mended, key=lambda one: order.index(one["severity"]))


def _verdict(findings: Sequence[Finding]) -> str:
    severities = [finding["severity"] for finding in findings]
    errors, warnings = severities.count("error"), severities.count("warning")
    if not errors:
        return f"没有错误，有 {warnings} 处请核对。"
    return f"有 {errors} 处错误需要改正" + (f"，另有 {warnings} 处请核对。" if warnings else "。")
