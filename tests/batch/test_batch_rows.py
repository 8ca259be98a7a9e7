"""Rows of 汇总 and packed findings are made together for speed; they are what one after another would give."""

from decimal import Decimal

import plans
import pytest

from perfxl.batch.serialization import dumped, dumped_findings, loaded
from perfxl.batch.summary.tables import tables
from perfxl.batch.summary.workbook_rows import END, ORIGIN, Link, cell, finding_rows, row, told
from perfxl.model.finding import Finding
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog

TEXTS = {
    "common": "本年度预算数与各项之和不一致",
    "markup": 'a & b < c > d "e"',
    "blanks at its ends": " 两端有空格 ",
    "wide blanks and lines": "\u3000第一行\n第二行",
    "the mark between texts": "一⸻二",
    "half a character": "\ud800",
    "what XML cannot hold": "a\x0bb\r\n",
    "what looks escaped": "_x0041_",
    "more than a cell holds": "长" * 40_000,
    "none": "",
}


@pytest.fixture(scope="module")
def examination():
    return examine(plans.book({}), "计划.xlsx", catalog.home())


def finding(message, hint="请核对。", **others):
    return Finding("M01", "error", message, hint, "a.xlsx", "项目1", "D6", "projects[0].fiscal_funds", **others)


@pytest.mark.parametrize("kind", TEXTS)
def test_rows_of_findings_are_made_of_the_cells(kind):
    texts = [("问题", "办法"), (TEXTS[kind], "办法"), ("问题", TEXTS[kind]), (TEXTS[kind], TEXTS[kind])]
    expected = "".join(
        cell(0, "第一局", "wrap") + cell(1, "错误", "error") + cell(2, "M01")
        + cell(3, Link("#'项目1'!D6", "项目1!D6", pending=True)) + cell(4, message, "wrap")
        + cell(5, hint, "wrap")
        + cell(6, Link("", "a.xlsx", pending=True)) + END
        for message, hint in texts
    )  # fmt: skip
    found = [finding(message, hint)._asdict() for message, hint in texts]
    assert finding_rows("第一局", "a.xlsx", None, found) == expected.encode()


@pytest.mark.parametrize("kind", TEXTS)
def test_rows_of_tables_are_made_of_the_cells(examination, kind):
    report_type = examination.report_type
    values = dict(examination.record.values)
    first, *others = values["projects"]
    indicator, *more = first["indicators"]
    values["projects"] = [{**first, "indicators": [{**indicator, "name": TEXTS[kind]}, {}, *more]}, *others]
    origin = [(str(values.get(name, "")), "") for name in ORIGIN]
    styles = {"money": "money", "percent": "percent"}
    made = told("a.xlsx", [], report_type, values).tables
    assert sum(map(len, made.values())) > 0
    for table in tables([report_type]):
        formats = [column.format for column in table.columns]
        expected = b"".join(
            row([*origin, *(shown(value, form, styles) for value, form in zip(line, formats, strict=True))])
            for line in table.lines(report_type.id, values)
        )
        assert made[table.title] == expected


def shown(value, form, styles):
    if value is None or isinstance(value, str):
        return value, ""
    return (value / 100 if form == "percent" else value), styles.get(form, "")


@pytest.mark.parametrize("kind", TEXTS)
def test_findings_are_packed_as_json(kind):
    found = [finding(TEXTS[kind]), finding("问题", repair={"to": Decimal("0.1")}), finding("问题", TEXTS[kind])]
    for some in (found, found[:1], found[1:2], []):
        assert dumped_findings(some) == dumped([one.as_json() for one in some])
    assert loaded(dumped_findings(found))[1]["repair"] == {"to": Decimal("0.1")}


def test_amounts_keep_their_digits():
    values = [Decimal("1.50"), Decimal("1.5"), Decimal("2E+3"), Decimal("0.12345678901234567890")]
    assert dumped(values) == b'[1.5, 1.5, 2000, "0.12345678901234567890"]'
