"""汇总.xlsx: who has to mend what, and everything that was reported, as tables with filters.

It is written by XlsxWriter row by row, so that memory does not grow with it. `workbook.pen`, which writes the form,
needs its sheets in memory, and forms have neither charts nor links; so this is XlsxWriter's second owner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.addresses import column_letters
from perfxl.batch.entries import STATES, Entry, Totals, link, rule
from perfxl.batch.tables import Column, Table
from perfxl.checks.finding import SEVERITIES

_CREATED = datetime(2000, 1, 1)  # no clock: the same reports give the same bytes
_LAST_ROW = 1_000_000  # Excel has 1,048,576
_LONGEST_TEXT = 32_767
_LONGEST_LINK = 255  # of HYPERLINK; there is no limit to how many, as there is to links of other kinds
_ESCAPED = re.compile("(_x[0-9A-Fa-f]{4}_)")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
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


class _Stream(Worksheet):  # type: ignore[misc]  # XlsxWriter has no py.typed
    """A worksheet that takes its rows as XML, where XlsxWriter's constant memory keeps them: ten times as fast.

    A thousand plans have a million cells, and XlsxWriter takes 13 µs for each.
    """

    def begin(self) -> None:
        """Say that there are rows."""
        self._check_dimensions(0, 0)

    def row(self, xml: str) -> None:
        """Add a row; they have to come in their order."""
        self.row_data_fh.write(xml)

    def end(self, last_row: int, last_column: int) -> None:
        """Say how far the rows went, and put a filter on them."""
        self._check_dimensions(last_row, last_column)
        self.autofilter(0, 0, max(last_row, 1), last_column)


class _Sheet:
    """A table that is written row by row, and goes on in another sheet where Excel's ends."""

    def __init__(self, book: Workbook, formats: Mapping[str, Format], title: str, columns: Sequence[tuple[str, int]]):
        self._book, self._columns = book, columns
        self._styles = {name: form._get_xf_index() for name, form in formats.items()}
        self._letters = [column_letters(number) for number in range(1, len(columns) + 1)]
        self.title, self._number, self._row = title, 1, 0
        self._begin(title)

    def _begin(self, title: str) -> None:
        self._sheet: _Stream = self._book.add_worksheet(title, worksheet_class=_Stream)
        self._sheet.freeze_panes(1, 0)
        for column, (_, width) in enumerate(self._columns):
            self._sheet.set_column(column, column, width)
        self._sheet.begin()
        self._row = 0
        self.add([(label, "head") for label, _ in self._columns])

    def add(self, cells: Sequence[tuple[Any, str]]) -> None:
        """Add a row: values and their styles. A `_Link` among them is shown as a link."""
        if self._row > _LAST_ROW:
            self.close()
            self._number += 1
            self._begin(f"{self.title}{self._number}")
        self._row += 1
        pieces = [f'<row r="{self._row}">']
        for letters, (value, style) in zip(self._letters, cells, strict=True):
            if value is None or value == "":
                continue
            if isinstance(value, _Link):
                pieces.append(self._link(f"{letters}{self._row}", value))
            elif isinstance(value, str):
                pieces.append(_text(f"{letters}{self._row}", self._styles[style], value))
            else:
                number = f"{value:f}" if isinstance(value, Decimal) else repr(value)
                pieces.append(f'<c r="{letters}{self._row}" s="{self._styles[style]}"><v>{number}</v></c>')
        pieces.append("</row>")
        self._sheet.row("".join(pieces))

    def _link(self, at: str, way: _Link) -> str:
        if len(way.target) > _LONGEST_LINK:
            return _text(at, self._styles[""], way.shown)
        formula = f"HYPERLINK({_quoted(way.target)},{_quoted(way.shown[:_LONGEST_LINK])})"
        said = f"<f>{_escaped(formula)}</f><v>{_escaped(way.shown)}</v>"
        return f'<c r="{at}" s="{self._styles["link"]}" t="str">{said}</c>'

    def close(self) -> None:
        """Put a filter on what was written."""
        self._sheet.end(self._row - 1, len(self._columns) - 1)


def _text(at: str, style: int, text: str) -> str:
    said = _escaped(text)
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _escaped(text: str) -> str:
    """Return a text as it stands in a part: what XML cannot hold as Excel writes it, `_x000B_`."""
    # Nearly every text is printable and short, and then there is nothing to do.
    if "_x" in text or not text.isprintable() or len(text) > _LONGEST_TEXT:
        text = _ESCAPED.sub(r"_x005F\1", plain(text))
        text = _UNPRINTABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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
