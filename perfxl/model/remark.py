"""Remarks: what any stage has to say about a workbook, before it is put into the clerk's words."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from perfxl.model.record import FieldPath, Place

Severity = Literal["error", "warning", "info"]


_NO_WORDS: Mapping[str, Any] = {}


class Remark(NamedTuple):
    """A code of the catalogue, the value it is about, and the words its message needs.

    `place` is given only where no path leads there: a file, a sheet, a cell outside the form. `repair` is the value
    that may safely stand there instead, where the catalogue promises one. `severity` is given where it differs from
    that of the code.
    """

    code: str
    path: FieldPath = ()
    words: Mapping[str, Any] = _NO_WORDS
    place: Place | None = None
    repair: Any = None
    severity: Severity | None = None
