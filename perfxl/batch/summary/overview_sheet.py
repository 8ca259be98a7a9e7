"""The first sheet of 汇总.xlsx: what needs somebody, what has changed, and only then figures and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from perfxl.batch.changes_between_runs import KINDS, RunChange
from perfxl.batch.states import STATES
from perfxl.batch.summary.entries import SummaryEntry, SummaryHeading, Totals
from perfxl.batch.summary.workbook_rows import LONGEST_TEXT, plain
from perfxl.batch.urgency import FINE, TO_DO, TO_LOOK_AT, URGENCIES

TITLE = "总览"
_COLUMNS = (34, 16, 8, 8, 62, 44)
_HEADERS = ("单位", "状态", "错误", "警告", "第一处问题", "填报表")
_LISTED = 100  # of each urgency; the sheet 单位 has them all
_LONGEST_LINK = 255
_ROW_PIXELS = 20
_CHART_COLUMN = 3


class OverviewBlock(NamedTuple):
    """A small table with a chart beside it, where it has one."""

    label: str
    unit: str
    lines: Sequence[tuple[str, Any]]
    style: str = ""
    chart: bool = True


class _Listed(NamedTuple):
    entry: tuple[str, str, int, int, str, str]
    way: str


class Overview:
    """Collects what is to stand on the sheet, and writes it when everything is counted."""

    def __init__(self) -> None:
        self._listed: dict[int, list[_Listed]] = {TO_DO: [], TO_LOOK_AT: [], FINE: []}

    def add(self, entry: SummaryEntry, way: str) -> None:
        """Add a workbook or missing unit; `way` leads to the workbook, where there is one."""
        listed = self._listed.get(entry.urgency)
        if listed is None or len(listed) >= _LISTED or entry.state in ("", "units"):
            return
        counts = entry.count("error"), entry.count("warning")
        problem = entry.problem if entry.urgency != FINE else ""
        listed.append(_Listed((entry.name, STATES[entry.state], *counts, problem, entry.path), way))

    def write(
        self,
        book: Any,
        sheet: Any,
        formats: Mapping[str, Any],
        totals: Totals,
        told: tuple[SummaryHeading, Sequence[OverviewBlock]],
    ) -> None:
        """Write the sheet of XlsxWriter's `book`; `formats` are those of the summary by name."""
        heading, blocks = told
        writer = _Writer(book, sheet, formats)
        sheet.hide_gridlines(2)
        for column, width in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
        writer.title("绩效填报汇总", heading.about)
        writer.line(
            f"填报表 {totals.workbooks} 份，项目 {totals.items} 个，"
            f"金额合计 {totals.money:,.2f} 万元；错误 {totals.severities['error']} 处，"
            f"警告 {totals.severities['warning']} 处。"
        )
        for urgency, listed in self._listed.items():
            writer.listed(f"{URGENCIES[urgency]} {totals.urgencies[urgency]} 份", listed, totals.urgencies[urgency])
        writer.changes(heading.changes)
        for block in blocks:
            writer.block(block)


class _Writer:
    """Writes from the top down and remembers where the next piece begins."""

    def __init__(self, book: Any, sheet: Any, formats: Mapping[str, Any]) -> None:
        self._book, self._sheet, self._formats = book, sheet, formats
        self._row = 0

    def title(self, title: str, about: str) -> None:
        self._sheet.write_string(0, 0, title, self._formats["title"])
        self._sheet.write_string(1, 0, _text(about))
        self._row = 2

    def line(self, text: str) -> None:
        self._sheet.write_string(self._row, 0, _text(text))
        self._row += 2

    def listed(self, label: str, listed: Sequence[_Listed], count: int) -> None:
        self._sheet.write_string(self._row, 0, label, self._formats["title"])
        self._row += 1
        if not listed:
            self._row += 1
            return
        for column, header in enumerate(_HEADERS):
            self._sheet.write_string(self._row, column, header, self._formats["head"])
        for one in listed:
            self._row += 1
            self._entry(one)
        if count > len(listed):
            self._row += 1
            self._sheet.write_string(self._row, 0, f"……其余 {count - len(listed)} 份见“单位”。")
        self._row += 2

    def _entry(self, one: _Listed) -> None:
        name, state, errors, warnings, problem, path = one.entry
        for column, text in ((0, name), (1, state), (4, problem)):
            self._sheet.write_string(self._row, column, _text(text), self._formats["wrap"])
        for column, count, style in ((2, errors, "error"), (3, warnings, "warning")):
            self._sheet.write_number(self._row, column, count, self._formats[style] if count else None)
        if one.way and max(len(one.way), len(path)) <= _LONGEST_LINK:
            target, shown = (_text(text).replace('"', '""') for text in (one.way, path))
            formula = f'=HYPERLINK("{target}","{shown}")'
            self._sheet.write_formula(self._row, 5, formula, self._formats["link"], _text(path))
        else:
            self._sheet.write_string(self._row, 5, _text(path), self._formats["wrap"])

    def changes(self, changes: Sequence[RunChange]) -> None:
        if not changes:
            return
        self._sheet.write_string(self._row, 0, "和上次比", self._formats["title"])
        for change in changes[:_LISTED]:
            self._row += 1
            self._sheet.write_string(self._row, 0, _text(change.unit or change.path), self._formats["wrap"])
            self._sheet.write_string(self._row, 1, KINDS[change.kind])
            self._sheet.write_string(self._row, 4, _text(change.said), self._formats["wrap"])
        if len(changes) > _LISTED:
            self._row += 1
            self._sheet.write_string(self._row, 0, f"……共 {len(changes)} 份有变化。")
        self._row += 2

    def block(self, block: OverviewBlock) -> None:
        if not block.lines:
            return
        first = self._row
        for column, header in ((0, block.label), (1, block.unit)):
            self._sheet.write_string(first, column, header, self._formats["head"])
        for row, (name, value) in enumerate(block.lines, first + 1):
            self._sheet.write_string(row, 0, _text(name))
            self._sheet.write_number(row, 1, float(value), self._formats.get(block.style))
        self._row += len(block.lines) + 2
        if block.chart:
            height = self._chart(block, first)
            self._row = max(self._row, first + height // _ROW_PIXELS + 2)

    def _chart(self, block: OverviewBlock, first: int) -> int:
        """Put the chart of a block beside it, and return its height in pixels."""
        count = len(block.lines)
        chart = self._book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": [TITLE, first + 1, 0, first + count, 0],
                "values": [TITLE, first + 1, 1, first + count, 1],
                "fill": {"color": "#4472C4"},
                "data_labels": {"value": True},
                "gap": 40,
            }
        )
        chart.set_title({"name": f"{block.label}：{block.unit}", "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        height = 120 + 26 * count
        chart.set_size({"width": 820, "height": height})
        self._sheet.insert_chart(first, _CHART_COLUMN, chart)
        return height


def _text(text: str) -> str:
    return plain(text)[:LONGEST_TEXT]
