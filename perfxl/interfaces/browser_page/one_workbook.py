"""One workbook: what was found in it, its document, the workbook of findings, and the safe repairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from perfxl import beside, carry, catalog, reading
from perfxl.desk import examine_file
from perfxl.interfaces.browser_page import told
from perfxl.pipeline import Examination
from perfxl.repair import mended
from perfxl.workbook.buttons import load

Tell = Callable[[str], object]


def checked(request: Mapping[str, Any], home: Path, _tell: Tell) -> dict[str, Any]:
    """Return what was found in the workbook, and its results as files.

    `draft` asks for a document in spite of errors; `profile` names the rules, or a file of them among the workbooks.
    """
    path, profile = _asked(request)
    data = path.read_bytes()
    results = Path(request["folder"], "out", path.name)
    examination, made = beside.examined(
        path, data, home, results, draft=bool(request.get("draft")), profile=profile
    )
    files = [told.made("document", made.document, "下载 Word")] if made.document else []
    files.append(told.made("opinion", made.opinion, "下载检查意见"))
    return {
        "name": path.name,
        "about": _about(examination),
        "state": _state(examination, made),
        "sentence": made.sentence,
        "sheets": told.sheets(examination.findings),
        "next": _next(examination, home),
        "files": files,
    }


def repaired(request: Mapping[str, Any], home: Path, _tell: Tell) -> dict[str, Any]:
    """Return the safe repairs of the workbook: what they change, what is left, and the new workbook."""
    path, profile = _asked(request)
    examination = examine_file(path, home, profile)
    macros = load(home) if path.suffix.lower() == ".xlsm" else None
    mending = mended(examination, macros)
    if mending is None:
        return {"changes": [], "files": []}
    end = ".xlsm" if macros else ".xlsx"
    output = Path(request["folder"], "out", f"{path.stem}（已改正）{end}")
    output.write_bytes(mending.workbook)
    return {
        "changes": [change._asdict() for change in reading.changed(mending)],
        "summary": reading.left(mending),
        "not_carried": [
            {"sheet": one.sheet, "cell": one.cell, "message": one.message}
            for one in reading.not_carried(examination.findings)
        ],
        "files": [told.made("mended", output, "下载改好的填报表")],
    }


def _asked(request: Mapping[str, Any]) -> tuple[Path, str]:
    """Return the workbook that is meant, and the rules that are asked for: a name, or a file."""
    files = list(told.workbooks(request["folder"]))
    profile = next((path for path in files if path.name == request.get("profile")), None)
    return next(path for path in files if path != profile), str(profile or request.get("profile") or "")


def _about(examination: Examination) -> list[str]:
    """Return what the workbook is, in a few words: its kind, whose, for which year."""
    if examination.record is None or examination.report_type is None:
        return []
    values = examination.record.values
    year = values.get("fiscal_year")
    words = (examination.report_type.title, values.get("unit_name"), f"{year}年度" if year else "")
    return [str(word) for word in words if word]


def _state(examination: Examination, made: beside.Made) -> str:
    if examination.record is None:
        return "unread"
    if examination.errors:
        return "draft" if made.document else "errors"
    return "done" if made.document else "fault"


def _next(examination: Examination, home: Path) -> dict[str, Any] | None:
    """Return into which types the workbook can be carried, and for which year such a one would be the next."""
    if examination.record is None or examination.report_type is None:
        return None
    every = catalog.every(home)
    year = examination.record.values.get("fiscal_year")
    return {
        "types": [{"id": each.id, "title": each.title} for each in carry.targets(examination.report_type, every)],
        "year": int(year) + 1 if isinstance(year, int) else None,
        "title": examination.report_type.title,
    }
