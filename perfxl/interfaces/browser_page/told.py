"""Findings arranged for the page: by sheet and by rule as on a terminal, with what each code means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from perfxl import reading
from perfxl.checks.finding import SEVERITIES, Finding, catalogue


def sheets(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the findings sheet by sheet; what belongs to no sheet comes under an empty name."""
    return [
        {"name": group.sheet, "counts": group.counts, "rules": list(map(_rule, group.rules))}
        for group in reading.grouped(findings)
    ]


def _rule(rule: reading.Rule) -> dict[str, Any]:
    entry = catalogue()[rule.code]
    return {
        "severity": rule.severity,
        "label": SEVERITIES[rule.severity],
        "code": rule.code,
        "title": entry.title,
        "said": [
            {"cells": said.cells, "message": said.message, "hint": said.hint} for said in rule.messages
        ],
        "hint": rule.hint,
        "cause": entry.cause,
        "example": entry.example,
    }


def row(finding: Finding) -> tuple[str, ...]:
    """Return a finding as the workbook of findings lists it."""
    gravity = SEVERITIES[finding.severity]
    return gravity, finding.sheet, finding.cell, finding.message, finding.hint, finding.code


def made(kind: str, path: Path, label: str, name: str = "") -> dict[str, str]:
    """Return a file for the page: what it is, where it lies, what its button says and what it is called."""
    return {"kind": kind, "path": str(path), "label": label, "name": name or path.name}


def workbooks(folder: str) -> Iterator[Path]:
    """Yield the files that the page has put into a request's folder, in the order of their names."""
    yield from sorted(path for path in Path(folder, "in").rglob("*") if path.is_file())
