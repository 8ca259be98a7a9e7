"""汇总.xlsx: who has to mend what, and everything that was reported, as tables with filters.

It is written by XlsxWriter row by row, so that memory does not grow with it. `workbook.pen`, which writes the form,
needs its sheets in memory, and forms have neither charts nor links; so this is XlsxWriter's second owner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.batch.entries import SEVERITIES, STATES, Entry, Totals, link, rule
from perfxl.batch.tables import Column, Table

_CREATED = datetime(2000, 1, 1)  # no clock: the same reports give the same bytes
_LAST_ROW = 1_000_000  # Excel has 1,048,576
_LONGEST_TEXT = 32_767
_LONGEST_LINK = 255  # of HYPERLINK; there is no limit to how many, as there is to links of other kinds
_FONT = {"font_name": "等线", "font_size": 11}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "": {},
    "title": {"bold": True, "font_size": 16},
    "head": {"bold": True, "bg_color": "#DDEBF7", "border": 1, "border_color": "#BFBFBF", "text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1},
    "money": {"num_format": "#,##0.00"},
    "percent": {"num_format": "0.##%"},
    "number": {},
    "error": {"font_color": "#C00000"},
    "warning": {"font_color": "#9C5700"},
    "info": {"font_color": "#595959"},
}
_UNITS = (
    ("单位编码", 12), ("单位名称", 30), ("年度", 8), ("状态", 16), ("错误", 7), ("警告", 7), ("提示", 7),
    ("项目数", 8), ("金额（万元）", 14), ("填报表", 40), ("Word 文档", 40),
)  # fmt: skip
_FINDINGS = (
    ("单位名称", 30), ("程度", 7), ("代码", 7), ("位置", 16), ("问题", 70), ("怎么改", 50), ("填报表", 40),
)  # fmt: skip
_ORIGIN = (("单位编码", 12), ("单位名称", 30), ("年度", 8))
_WIDTHS = {"money": 14, "percent": 10, "number": 10, "code": 24}
_TOP = 15
_LONGEST_RULE = 40


class _Sheet:
    """A table that is written row by row, and goes on in another sheet where Excel's ends."""

    def __init__(self, book: Workbook, formats: Mapping[str, Format], title: str, columns: Sequence[tuple[str, int]]):
        self._book, self._formats, self._columns = book, formats, columns
        self.title, self._number, self._row = title, 1, 0
        self._begin(title)

    def _begin(self, title: str) -> None:
        self._sheet: Worksheet = self._book.add_worksheet(title)
        self._sheet.freeze_panes(1, 0)
        for column, (label, width) in enumerate(self._columns):
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(0, column, label, self._formats["head"])
        self._row = 1

    def add(self, cells: Sequence[tuple[Any, str]]) -> None:
        """Add a row: values and their styles. A `_Link` among them is shown as a link."""
        if self._row > _LAST_ROW:
            self.close()
            self._number += 1
            self._begin(f"{self.title}{self._number}")
        for column, (value, style) in enumerate(cells):
            if value is None or value == "":
                continue
            if isinstance(value, _Link):
                self._link(column, value)
            elif isinstance(value, str):
                self._sheet.write_string(self._row, column, plain(value), self._formats[style])
            else:
                self._sheet.write_number(self._row, column, float(value), self._formats[style])
        self._row += 1

    def _link(self, column: int, way: _Link) -> None:
        shown, target = plain(way.shown), plain(way.target)
        if len(target) > _LONGEST_LINK:
            self._sheet.write_url(self._row, column, f"external:{target}", self._formats["link"], shown)
            return
        formula = f"=HYPERLINK({_quoted(target)},{_quoted(shown[:_LONGEST_LINK])})"
        self._sheet.write_formula(self._row, column, formula, self._formats["link"], shown)

    def close(self) -> None:
        """Put a filter on what was written."""
        self._sheet.autofilter(0, 0, max(self._row - 1, 1), len(self._columns) - 1)


class _Link:
    __slots__ = ("shown", "target")

    def __init__(self, target: str, shown: str) -> None:
        self.target, self.shown = target, shown


class Book:
    """The summary workbook in the making."""

    def __init__(self, path: Path, folder: Path, output: Path, tables: Sequence[Table], group: tuple[str, str] | None):
        options = {"constant_memory": True, "tmpdir": str(path.parent), "default_format_properties": _FONT}
        self._book = Workbook(str(path), options)
        self._book.set_properties({"title": "绩效填报汇总", "created": _CREATED})
        self._formats = {name: self._book.add_format({**_FONT, **style}) for name, style in _STYLES.items()}
        self._folder, self._output, self._group = folder, output, group
        self._overview = self._book.add_worksheet("总览")
        self._units = self._sheet("单位", _UNITS)
        self._findings = self._sheet("问题清单", _FINDINGS)
        self._tables = [(table, self._sheet(table.title, [*_ORIGIN, *map(_wide, table.columns)])) for table in tables]

    def _sheet(self, title: str, columns: Sequence[tuple[str, int]]) -> _Sheet:
        return _Sheet(self._book, self._formats, title, columns)

    def add(self, entry: Entry, totals: Totals) -> None:
        """Add a workbook; the lines of its tables are counted into `totals`."""
        way = link(entry.path, self._folder, self._output) if entry.path else ""
        document = link(entry.document, self._output, self._output)
        counts = [entry.count(severity) for severity in SEVERITIES]
        self._units.add(
            [
                (entry.unit_code, ""), (entry.unit_name, ""), (entry.year, ""), (STATES[entry.state], ""),
                *zip(counts, SEVERITIES, strict=True), (entry.items or None, "number"), (entry.money, "money"),
                (_Link(way, entry.path) if way else entry.name, ""),
                (_Link(document, entry.document) if entry.document else None, ""),
            ]
        )  # fmt: skip
        for finding in entry.findings:
            self._add_finding(entry, finding, way)
        for table, sheet in self._tables:
            origin = [(entry.unit_code, ""), (entry.unit_name, ""), (entry.year, "")]
            names = [column.name for column in table.columns if column.own]
            for line in table.lines(entry.type_id, entry.values):
                sheet.add(
                    [*origin, *(_printed(value, column) for value, column in zip(line, table.columns, strict=True))]
                )
                if self._group and self._group[0] in names:
                    at = next(i for i, column in enumerate(table.columns) if column.name == self._group[0])
                    totals.groups[str(line[at] or "（未填）")] += 1

    def _add_finding(self, entry: Entry, finding: Mapping[str, Any], way: str) -> None:
        sheet, cell = finding["sheet"], finding["cell"]
        place: Any = f"{sheet}!{cell}" if cell else sheet
        if place and way:
            place = _Link(f"{way}#{_reference(sheet, cell)}", place)
        severity = finding["severity"]
        self._findings.add(
            [
                (entry.name, ""), (SEVERITIES[severity], severity), (finding["code"], ""), (place, ""),
                (finding["message"], ""), (finding["hint"], ""), (_Link(way, entry.path) if way else "", ""),
            ]
        )  # fmt: skip

    def close(self, totals: Totals, richest: Sequence[tuple[str, Decimal]]) -> None:
        """Write the overview and finish the file."""
        for sheet in (self._units, self._findings, *(sheet for _, sheet in self._tables)):
            sheet.close()
        codes = [(rule(code)[:_LONGEST_RULE], count) for code, count in _most(totals.codes.items())[:_TOP]]
        group = self._group[1] if self._group else ""
        blocks: list[tuple[str, str, Sequence[tuple[str, Any]], str]] = [
            ("状态", "份数", [(STATES[state], totals.states[state]) for state in STATES if totals.states[state]], ""),
            ("单位（金额从大到小）", "金额（万元）", richest, "money"),
            ("问题（从多到少）", "处数", codes, ""),
            (group, "指标数", _most(totals.groups.items()), ""),
        ]
        self._write_overview(totals, [block for block in blocks if block[2]])
        self._book.close()

    def _write_overview(
        self, totals: Totals, blocks: Sequence[tuple[str, str, Sequence[tuple[str, Any]], str]]
    ) -> None:
        sheet = self._overview
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 52)
        sheet.set_column(1, 1, 16)
        sheet.write_string(0, 0, "绩效填报汇总", self._formats["title"])
        number = sum(count for state, count in totals.states.items() if state)
        said = (
            f"填报表 {number} 份，项目 {totals.items} 个，金额合计 {totals.money:,.2f} 万元；"
            f"错误 {totals.severities['error']} 处，警告 {totals.severities['warning']} 处。"
        )
        sheet.write_string(1, 0, said, self._formats[""])
        row, charts = 3, 0
        for label, unit, lines, style in blocks:
            sheet.write_string(row, 0, label, self._formats["head"])
            sheet.write_string(row, 1, unit, self._formats["head"])
            for at, (name, value) in enumerate(lines, row + 1):
                sheet.write_string(at, 0, plain(name), self._formats[""])
                sheet.write_number(at, 1, float(value), self._formats[style])
            if label != "状态":
                self._chart(f"{label}：{unit}", row, len(lines), charts)
                charts += 1
            row += len(lines) + 2

    def _chart(self, title: str, row: int, count: int, number: int) -> None:
        chart = self._book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": ["总览", row + 1, 0, row + count, 0],
                "values": ["总览", row + 1, 1, row + count, 1],
                "fill": {"color": "#4472C4"},
                "data_labels": {"value": True},
                "gap": 40,
            }
        )
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 820, "height": 120 + 26 * count})
        self._overview.insert_chart(3 + 26 * number, 3, chart)


def _wide(column: Column) -> tuple[str, int]:
    return column.label, _WIDTHS.get(column.format, 24)


def _printed(value: Any, column: Column) -> tuple[Any, str]:
    if isinstance(value, str) or value is None:
        return value, ""
    if column.format == "percent":
        return value / 100, "percent"
    return value, "money" if column.format == "money" else "number"


def _most(counts: Any) -> list[tuple[str, int]]:
    return sorted(counts, key=lambda item: (-item[1], item[0]))


def _reference(sheet: str, cell: str) -> str:
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell or 'A1'}"


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def plain(text: str) -> str:
    """Return a text that a cell can hold: without half characters, and not too long."""
    return text.encode("utf-8", "replace").decode("utf-8")[:_LONGEST_TEXT]
