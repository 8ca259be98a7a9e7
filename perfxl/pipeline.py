"""The line of flow: workbook → cells → record → findings → document.

Bytes in, frozen data out: paths and printing are for the callers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from perfxl import catalog, checks
from perfxl.catalog import ReportType
from perfxl.checks.finding import Finding, spoken
from perfxl.extraction import extract
from perfxl.profile import Profile
from perfxl.record import Record, names_only
from perfxl.remark import Remark
from perfxl.structure import remarks_on_type
from perfxl.workbook.cells import Cells
from perfxl.workbook.reader import read


@dataclass(frozen=True)
class Examination:
    """What came of a workbook. `record` and `report_type` are None where it could not be read as a report at all."""

    findings: tuple[Finding, ...]
    report_type: ReportType | None = None
    record: Record | None = None

    def count(self, severity: str) -> int:
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def errors(self) -> int:
        return self.count("error")

    @property
    def warnings(self) -> int:
        return self.count("warning")


def examine(data: bytes, file: str, home: Path) -> Examination:
    """Return the record of the workbook `data` and every finding on it.

    `file` is the name that findings carry; `home` the folder of the report types. Raises `TypeFault` where a type is
    not as it must be.
    """
    cells = read(data)
    if isinstance(cells, Remark):
        return Examination((spoken(cells, file, None),))
    return _examine_cells(cells, file, home)


def _examine_cells(cells: Cells, file: str, home: Path) -> Examination:
    titles = {type_id: catalog.load(home, type_id).title for type_id in catalog.available(home)}
    report_type = catalog.load(home, cells.type_id) if cells.type_id in titles else None
    doubt = remarks_on_type(cells, titles, report_type.version if report_type else None)
    if report_type is None or (doubt is not None and doubt.code == "T03"):
        return Examination((spoken(doubt, file, None),) if doubt else ())
    record, remarks = extract(cells, report_type)
    reading = remarks if doubt is None else (doubt, *remarks)
    sheets = [sheet.title for sheet in cells.sheets]
    findings = checks.check(record, report_type, Profile(), reading=reading, file=file, sheets=sheets)
    return Examination(tuple(findings), report_type, record)


def document(record: Record, report_type: ReportType, *, draft: bool = False) -> tuple[bytes, Sequence[Finding]]:
    """Return the Word document of `record`, and a finding for every text of it that the document fails to show.

    A document that comes with findings must not be handed out. Raises `TemplateFault` where the template is damaged.
    """
    from perfxl.document.audit import missing
    from perfxl.document.context import context
    from perfxl.document.render import render

    texts = context(record.values, report_type.schema)
    result = render(report_type.word_template.read_bytes(), {**texts, "draft": draft})
    lost = missing(result, texts, report_type.schema)
    return result, [
        spoken(Remark("T15", path, {"value": _at(texts, path), "label": names_only(path)[-1]}), "", record.place(path))
        for path in lost
    ]


def _at(texts: object, path: Sequence[str | int]) -> object:
    for step in path:
        texts = texts[step]  # type: ignore[index]  # the path was found in these very texts
    return texts
