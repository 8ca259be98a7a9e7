"""Results beside a workbook, for people without macros: its Word document, and a workbook of findings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from perfxl.checks.finding import SEVERITIES, Finding
from perfxl.click import counted
from perfxl.desk import examine_file, fault_sentence
from perfxl.files import FINDINGS_ENDING, Surroundings, write
from perfxl.pipeline import document
from perfxl.workbook import opinion


@dataclass(frozen=True)
class Made:
    """What stands beside a workbook now. `document` is None where errors kept it from being written."""

    sentence: str
    opinion: Path
    document: Path | None = None


def opinion_path(workbook: Path, stem: str) -> Path:
    """Return where the findings on a workbook belong; `stem` is what its results are called."""
    return workbook.with_name(stem + FINDINGS_ENDING)


def is_made(workbook: Path, data: bytes, stem: str) -> bool:
    """Whether the results that stand beside the workbook were made of these very bytes."""
    try:
        known = opinion_path(workbook, stem).read_bytes()
    except OSError:
        return False
    return opinion.source_of(known) == digest(data)


def digest(data: bytes) -> str:
    """Return what identifies a file's content."""
    return hashlib.sha256(data).hexdigest()


def make(workbook: Path, data: bytes, home: Path, stem: str, *, draft: bool = False, profile: str = "") -> Made:
    """Write the results of the workbook, whose bytes are `data`, beside it.

    Errors keep the Word document from being written, unless it may be a `draft`. Raises `Surroundings` where a file
    cannot be written; the workbook of findings, which says that all is done, comes last.
    """
    output = workbook.with_name(stem + ".docx")
    try:
        findings, result = _outcome(workbook, data, home, profile, draft=draft)
    except Surroundings:
        raise
    except Exception as fault:  # noqa: BLE001 - the last door: whatever is left is a fault of ours, and is told as one
        findings, result, sentence = [], None, fault_sentence(fault)
    else:
        sentence = _sentence(findings, output, written=result is not None)
    if result is not None:
        write(output, result)
    place = opinion_path(workbook, stem)
    write(place, opinion.write(workbook.name, sentence, map(_row, findings), digest(data)))
    return Made(sentence, place, output if result is not None else None)


def _outcome(
    workbook: Path, data: bytes, home: Path, profile: str, *, draft: bool
) -> tuple[list[Finding], bytes | None]:
    """Return what was found, and the document where there may be one."""
    examination = examine_file(workbook, home, profile, data)
    if examination.record is None or (examination.errors and not draft):
        return list(examination.findings), None
    assert examination.report_type is not None
    look = examination.profile.layout if examination.profile else ""
    result, lost = document(
        examination.record, examination.report_type, draft=draft and examination.errors > 0, layout=look
    )
    return [*examination.findings, *lost], None if lost else result


def _sentence(findings: list[Finding], output: Path, *, written: bool) -> str:
    errors = any(finding.severity == "error" for finding in findings)
    told = f"发现{counted(findings)}。" if findings else "没有发现问题。"
    if written:
        kind = "草稿" if errors else " Word 文档"
        return f"{told}已生成{kind}“{output.name}”。"
    old = f"文件夹里的“{output.name}”是以前生成的，内容已经旧了。" if output.exists() else ""
    return f"{told}没有生成 Word 文档，请先改正错误。{old}"


def _row(finding: Finding) -> tuple[str, ...]:
    gravity = SEVERITIES[finding.severity]
    return gravity, finding.sheet, finding.cell, finding.message, finding.hint, finding.code
