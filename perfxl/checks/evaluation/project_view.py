"""The projects of a self-evaluation as its rules look at them: as typed, completed, and with their indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from perfxl.checks.targets.indicator_rows import IndicatorRow, rows
from perfxl.model.record import FieldPath, Record


def evaluated(record: Record) -> Iterator[tuple[FieldPath, Mapping[str, Any], Mapping[str, Any], list[IndicatorRow]]]:
    """Yield each project: its path, its values as typed, its values completed, and its indicators, completed."""
    found = {path: each for path, _, each in rows(Record(record.shown))}
    for path, project in record.items("projects"):
        yield path, project, record.shown["projects"][path[1]], found.get(path, [])
