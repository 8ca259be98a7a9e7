"""One workbook or Word document: what was found in it, its document, the workbook of findings, the safe repairs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from perfxl.interfaces import results_beside
from perfxl.interfaces.browser_page.request import Request, Tell, made
from perfxl.interfaces.results_beside import Made
from perfxl.model.finding import SEVERITIES, Finding, catalogue, spoken
from perfxl.model.finding_groups import RuleGroup, by_sheet
from perfxl.model.remark import Remark
from perfxl.pipeline import carry_over
from perfxl.pipeline.document_file import examine_document_file
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.repair import mended
from perfxl.pipeline.repair_report import left, not_carried, shown
from perfxl.pipeline.workbook_file import examine_file
from perfxl.report_type import catalog
from perfxl.storage.files import write
from perfxl.workbook.macros.form_buttons import load

_WHOLE = "整份填报表"  # of findings that belong to no sheet


def checked(request: Request, home: Path, _tell: Tell) -> dict[str, Any]:
    """Return what was found in the workbook, and its results as files: its document, the workbook of findings.

    Errors keep the document back unless a draft is asked for.
    """
    path = request.workbook()
    if not path.is_file():
        return _unreadable(path.name, request.unreadable[path.name])
    data = path.read_bytes()
    results = request.output / path.name  # beside it, results bear its name
    known, filled = examined(path, home, request.profile)
    done = results_beside.make(results, data, home, path.stem, draft=request.draft, examined=known)
    examination = done.examination or Examination(())
    files = [made("document", done.document, "下载 Word")] if done.document else []
    if filled:
        write(form := results.with_suffix(".xlsx"), filled)
        files.append(made("form", form, "下载读出的填报表"))
    return {
        "name": path.name,
        "about": _about(examination),
        "state": _state(done, draft=request.draft),
        "sentence": done.sentence,
        "sheets": _sheets(done.findings),
        "mendable": not filled and any(finding.repair is not None for finding in done.findings),
        "next": _next(examination, home),
        "files": [*files, made("opinion", done.opinion, "下载检查意见")],
    }


def examined(path: Path, home: Path, profile: str) -> tuple[Examination, bytes]:
    """Return what came of a workbook or a Word document, and the workbook that was read out of the latter."""
    from perfxl.document_import.file_kinds import SUFFIXES

    if path.suffix.lower() not in SUFFIXES:
        return examine_file(path, home, profile), b""
    examination, intake = examine_document_file(path, home, profile)
    return examination, intake.workbook


def repaired(request: Request, home: Path, _tell: Tell) -> dict[str, Any]:
    """Return the safe repairs of the workbook: what they change, what is left, and the new workbook."""
    path = request.workbook()
    examination = examine_file(path, home, request.profile)
    macros = load(home) if path.suffix.lower() == ".xlsm" else None
    mending = mended(examination, macros)
    if mending is None:
        return {"changes": [], "files": []}
    output = request.output / f"{path.stem}（已改正）{'.xlsm' if macros else '.xlsx'}"
    write(output, mending.workbook)
    kept_back = not_carried(examination.findings)
    return {
        "changes": [change._asdict() for change in shown(mending)],
        "summary": f"自动改正了 {len(mending.changes)} 处，原来的文件没有改动。{left(mending)}",
        "kept_back": [f"{one.sheet} {one.cell} {one.message}" for one in kept_back],
        "files": [made("mended", output, "下载改好的填报表")],
    }


def _unreadable(name: str, size: int) -> dict[str, Any]:
    """Return what is said of a file that the browser could not read: somebody has it open, or it is no file."""
    finding = spoken(
        Remark("F05", words={"size": size // 2**20}) if size else Remark("F06", words={"name": name}), "", None
    )
    return {
        "name": name,
        "about": [],
        "state": "unread",
        "sentence": results_beside.found([finding]),
        "sheets": _sheets([finding]),
        "mendable": False,
        "next": None,
        "files": [],
    }


def _state(done: Made, *, draft: bool) -> str:
    examination = done.examination
    if examination is None:
        return "fault"
    if examination.record is None:
        return "unread"
    if done.document is None:
        return "errors" if examination.errors else "fault"
    return "draft" if draft else "done"


def _about(examination: Examination) -> list[str]:
    """Return what the workbook is, in a few words: its kind, whose it is, for which year."""
    if examination.record is None or examination.report_type is None:
        return []
    values = examination.record.values
    year = values.get("fiscal_year")
    words = (examination.report_type.title, values.get("unit_name"), f"{year}年度" if year else "")
    return [str(word) for word in words if word]


def _next(examination: Examination, home: Path) -> dict[str, Any] | None:
    """Return into which types the workbook can be carried, and for which year such a one would be the next."""
    if examination.record is None or examination.report_type is None:
        return None
    year = examination.record.values.get("fiscal_year")
    targets = carry_over.targets(examination.report_type, catalog.every(home))
    return {
        "types": [{"id": each.id, "label": f"开始做{each.title}"} for each in targets],
        "year": int(year) + 1 if isinstance(year, int) else None,
        "year_label": f"做 {int(year) + 1} 年的{examination.report_type.title}" if isinstance(year, int) else "",
    }


def _sheets(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {"name": group.sheet or _WHOLE, "counts": group.counts, "rules": list(map(_rule, group.rules))}
        for group in by_sheet(findings)
    ]


def _rule(rule: RuleGroup) -> dict[str, Any]:
    entry = catalogue()[rule.code]
    return {
        "severity": rule.severity,
        "label": SEVERITIES[rule.severity],
        "code": rule.code,
        "title": entry.title,
        "said": [said._asdict() for said in rule.messages],
        "hint": rule.hint,
        "cause": entry.cause,
        "example": entry.example,
    }
