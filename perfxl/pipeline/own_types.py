"""Types of one's own, looked over before they are used, so that an author's fault is told as such and never a clerk."""

from __future__ import annotations

from pathlib import Path

from perfxl.report_type import catalog
from perfxl.report_type.model import ReportType


def load(home: Path, type_id: str) -> ReportType:
    """Return the report type `type_id`. Raises `TypeFault` with all that is wrong where its author has to mend it."""
    if catalog.place_of(home, type_id) != catalog.home():
        from perfxl.authoring.inspection import require_sound  # those that come with the program are sound

        require_sound(home, type_id)
    return catalog.load(home, type_id)


def template(report_type: ReportType, layout: str) -> bytes:
    """Return the Word template of a type in a look. Raises `TemplateFault` where its author has to mend it."""
    path = catalog.word_template(report_type, layout)
    if path.parent.parent == catalog.home():
        return path.read_bytes()
    from perfxl.authoring.inspection import require_template

    data = path.read_bytes() if path.is_file() else b""
    require_template(report_type, path, data)
    return data
