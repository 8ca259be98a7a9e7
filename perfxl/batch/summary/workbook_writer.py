"""汇总.xlsx: who has to mend what, and everything that was reported, as tables with filters.

XlsxWriter writes the overview and sheets with headings alone. The rows wait in files, so that memory does not grow with
them, and are poured in at the end: XlsxWriter would take 13 µs for each of a million cells. Forms have neither charts
nor links; so this is XlsxWriter's second owner beside `workbook.pen`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook

from perfxl.batch.serialization import loaded
from perfxl.batch.states import STATES
from perfxl.batch.summary.entries import SOURCES, SummaryEntry, SummaryHeading, Totals, link, rule
from perfxl.batch.summary.overview_sheet import TITLE, Overview, OverviewBlock
from perfxl.batch.summary.tables import TableColumn, grouped_by, tables
from perfxl.batch.summary.workbook_rows import (
    END,
    LONGEST_WAY,
    NUMBER,
    STYLES,
    WAY,
    Link,
    finding_rows,
    moved,
    row,
    way_in,
)
from perfxl.model.finding import SEVERITIES
from perfxl.report_type.model import ReportType

_CREATED = datetime(2000, 1, 1)  # no clock: the same reports give the same bytes
_END, _NUMBER, _WAY = END.encode(), NUMBER.encode(), WAY.encode()
_LAST_ROW = 1_000_000  # Excel has 1,048,576
_LEVEL = 1  # of compression: a sixth larger than the usual one, in a third of its time
_LARGE = 2**30  # bytes; a part of more than twice that needs sizes of 64 bits
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
_FONT = {"font_name": "等线", "font_size": 11}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "head": {"bold": True, "bg_color": "#DDEBF7", "border": 1, "border_color": "#BFBFBF", "text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1},
    "money": {"num_format": "#,##0.00"},
    "percent": {"num_format": "0.##%"},
    "error": {"font_color": "#C00000"},
    "warning": {"font_color": "#9C5700"},
    "info": {"font_color": "#595959"},
    "wrap": {"text_wrap": True, "valign": "top"},
}
_UNITS = (
    ("单位编码", 12), ("单位名称", 30), ("年度", 8), ("状态", 16), ("错误", 7), ("警告", 7), ("提示", 7),
    ("项目数", 8), ("金额（万元）", 14), ("填报表", 40), ("Word 文档", 40),
    ("页码", 12), ("PDF", 40), ("规则", 14),
)  # fmt: skip
_FINDINGS = (
    ("单位名称", 30), ("程度", 7), ("代码", 7), ("位置", 16), ("问题", 70), ("怎么改", 50), ("填报表", 40),
)  # fmt: skip
_ORIGIN = (("单位编码", 12), ("单位名称", 30), ("年度", 8))
_WIDTHS = {"money": 14, "percent": 10, "number": 10, "code": 24}
_TOP = 15
_COUNTED = [state for state in STATES if state != "units"]


class _SummarySheet:
    """A table whose rows wait in files: a file for a sheet, because a long table goes on where Excel's sheets end."""

    def __init__(self, folder: Path, title: str, columns: Sequence[tuple[str, int]]):
        self._folder, self._title = folder, title
        self.columns = columns
        self.parts: list[tuple[str, Path, int]] = []
        self._begin()

    def _begin(self) -> None:
        number = len(self.parts) + 1
        self._name = f"{self._title}{number if number > 1 else ''}"
        self._path = self._folder / f"{self._name}.xml"
        self._stream: BinaryIO = self._path.open("wb")
        self._row = 1  # of the headings

    def add(self, rows: bytes) -> None:
        """Add rows that have been made ready."""
        found: list[bytes] = []
        for one in rows.split(_END)[:-1]:
            if self._row > _LAST_ROW:
                self._stream.write(b"".join(found))
                found.clear()
                self.close()
                self._begin()
            self._row += 1
            number = b"%d" % self._row
            found.append(b'<row r="%b">%b</row>' % (number, one.replace(_NUMBER, number)))
        self._stream.write(b"".join(found))

    def close(self) -> None:
        """Let the rows wait: `parts` has a title, a file and the number of the last row for each sheet."""
        self._stream.close()
        self.parts.append((self._name, self._path, self._row))


class SummaryBook:
    """The summary workbook in the making."""

    def __init__(self, path: Path, folder: Path, output: Path, types: Sequence[ReportType]):
        self._path, self._folder, self._output = path, folder, output
        self._group = grouped_by(types)
        self._tables = tables(types)
        self._own = {one.id: {table.title: table.columns for table in tables([one])} for one in types}
        self._overview = Overview()
        self._units = _SummarySheet(path.parent, "单位", _UNITS)
        self._findings = _SummarySheet(path.parent, "问题清单", _FINDINGS)
        self._sheets = [
            _SummarySheet(path.parent, table.title, [*_ORIGIN, *map(_wide, table.columns)]) for table in self._tables
        ]

    def abandon(self) -> None:
        """Let go of the rows that wait."""
        for sheet in (self._units, self._findings, *self._sheets):
            sheet.close()

    def add(self, entry: SummaryEntry) -> None:
        """Add a workbook."""
        way = link(entry.path, self._folder, self._output) if entry.path else ""
        self._overview.add(entry, way)
        # A nought is nothing to be red about.
        counts = [(entry.count(severity), severity if entry.count(severity) else "") for severity in SEVERITIES]
        self._units.add(
            row(
                [
                    (entry.unit_code, ""), (entry.unit_name, "wrap"), (entry.year, ""), (STATES[entry.state], ""),
                    *counts, (entry.items or None, ""), (entry.money, "money"),
                    (Link(way, entry.path) if way else entry.name, ""), self._link(entry.document),
                    (SOURCES.get(entry.numbers, ""), ""), self._link(entry.pdf), (entry.rules, ""),
                ]
            )
        )  # fmt: skip
        self._findings.add(finding_rows(entry.name, entry.path, way, entry.notices))
        if len(way) > LONGEST_WAY:
            self._findings.add(finding_rows(entry.name, entry.path, way, loaded(entry.findings)))
        else:
            self._findings.add(entry.told.findings.replace(_WAY, way_in(way)))
        # A type that is no longer there has no columns.
        own = self._own.get(entry.type_id, {})
        for table, sheet in zip(self._tables, self._sheets, strict=True):
            if table.title in own:
                rows, columns = entry.told.tables.get(table.title, b""), own[table.title]
                sheet.add(rows if columns == table.columns else moved(rows, columns, table.columns))

    def _link(self, path: str) -> tuple[Link | None, str]:
        return (Link(link(path, self._output, self._output), path) if path else None), ""

    def close(self, totals: Totals, richest: Sequence[tuple[str, Decimal]], heading: SummaryHeading) -> None:
        """Write the overview and the file."""
        frame = BytesIO()
        self._book = Workbook(frame, {"in_memory": True, "default_format_properties": _FONT})
        self._book.set_properties({"title": "绩效填报汇总", "created": _CREATED})
        self._formats = {name: self._book.add_format({**_FONT, **_LOOKS[name]}) for name in STYLES if name}
        # The rows that were made ready know the formats by their numbers.
        assert [form._get_xf_index() for form in self._formats.values()] == [STYLES[name] for name in self._formats]
        overview = self._book.add_worksheet(TITLE)
        _fit_to_paper(overview)
        waiting: dict[str, Path] = {}
        for sheet in (self._units, self._findings, *self._sheets):
            sheet.close()
            for title, rows, last in sheet.parts:
                waiting[f"xl/worksheets/sheet{len(waiting) + 2}.xml"] = rows
                self._add_sheet(title, sheet.columns, last)
        codes = [(rule(code), count) for code, count in _most(totals.codes.items())[:_TOP]]
        group = self._group[1] if self._group else ""
        states = [(STATES[state], totals.states[state]) for state in _COUNTED if totals.states[state]]
        blocks = (
            OverviewBlock("状态", "份数", states, chart=False),
            OverviewBlock("单位（金额从大到小）", "金额（万元）", richest, "money"),
            OverviewBlock("问题（从多到少）", "处数", codes),
            OverviewBlock(group, "指标数", _most(totals.groups.items())),
        )
        self._overview.write(self._book, overview, self._formats, totals, (heading, blocks))
        self._book.close()
        _pour(frame, waiting, self._path)

    def _add_sheet(self, title: str, columns: Sequence[tuple[str, int]], last: int) -> None:
        """Add a sheet with nothing but headings, and a filter on the rows that are to come."""
        sheet = self._book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        _fit_to_paper(sheet)
        for column, (label, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, self._formats["head"])
        sheet.autofilter(0, 0, max(last - 1, 1), len(columns) - 1)


def _fit_to_paper(sheet: Any) -> None:
    """Let a sheet be printed on A4 across, all columns on one page, on as many pages as it takes."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _pour(frame: BytesIO, waiting: Mapping[str, Path], path: Path) -> None:
    """Write the workbook `frame` to `path`, with the rows that wait for its parts."""
    with ZipFile(frame) as source, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as target:
        for name in source.namelist():
            content, rows = source.read(name), waiting.get(name)
            large = rows is not None and rows.stat().st_size > _LARGE
            with target.open(name, "w", force_zip64=large) as stream:
                if rows is None:
                    stream.write(content)
                    continue
                # The size of a sheet that is stated for programs that ask for it would be that of the headings.
                before, end, after = _DIMENSION.sub(b"", content).partition(b"</sheetData>")
                stream.write(before)
                with rows.open("rb") as source_rows:
                    shutil.copyfileobj(source_rows, stream, 1 << 20)
                stream.write(end + after)
                rows.unlink()


def _wide(column: TableColumn) -> tuple[str, int]:
    return column.label, _WIDTHS.get(column.format, 24)


def _most(counts: Any) -> list[tuple[str, int]]:
    return sorted(counts, key=lambda item: (-item[1], item[0]))
