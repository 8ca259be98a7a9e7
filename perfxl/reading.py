"""Findings as people read them: grouped by sheet, with what is wrong and what to do."""

from __future__ import annotations

from itertools import groupby

from perfxl.checks.finding import Entry, Finding
from perfxl.pipeline import Examination

_NAMES = {"error": "错误", "warning": "警告", "info": "提示"}
_COLOURS = {"error": "\x1b[31m", "warning": "\x1b[33m", "info": "\x1b[36m"}
_PLAIN = "\x1b[0m"


def text(file: str, examination: Examination, *, colour: bool) -> str:
    """Return all findings of a workbook for a terminal, with their counts; `colour` by the severity."""
    lines = [file]
    for sheet, findings in groupby(examination.findings, key=lambda finding: finding.sheet):
        if sheet:
            lines.append(f"  {sheet}")
        lines += [_line(finding, colour) for finding in findings]
    counts = (f"{_NAMES[s]} {n} 处" for s in _NAMES if (n := examination.count(s)))
    lines.append("  " + ("，".join(counts) or "没有发现问题") + "。")
    return "\n".join(lines)


def _line(finding: Finding, colour: bool) -> str:
    name = _NAMES[finding.severity]
    if colour:
        name = f"{_COLOURS[finding.severity]}{name}{_PLAIN}"
    place = f"{finding.cell}  " if finding.cell else ""
    return f"    {place}{name} {finding.code}  {finding.message}{finding.hint}"


def explanation(entry: Entry) -> str:
    """Return what a code means: what is said, why, how to mend it, and an example."""
    return "\n".join(
        (
            f"{entry.code}（{_NAMES[entry.severity]}）",
            f"  提示：{entry.message}",
            f"  原因：{entry.cause}",
            f"  改法：{entry.hint}",
            f"  举例：{entry.example}",
        )
    )
