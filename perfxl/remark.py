"""Remarks: what any stage has to say about a workbook, before it is put into the clerk's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from perfxl.record import Path, Place

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Remark:
    """A code of the catalogue, the value it is about, and the words its message needs.

    `place` is given only where no path leads there: a file, a sheet, a cell outside the form. `repair` is the value
    that may safely stand there instead, where the catalogue promises one. `severity` is given where it differs from
    that of the code.
    """

    code: str
    path: Path = ()
    words: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = None
    repair: Any = None
    severity: Severity | None = None
