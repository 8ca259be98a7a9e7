"""汇总: the same three times over, as a workbook, as JSON lines, and as a page to look at, in one pass."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from perfxl.batch.changes_between_runs import changes
from perfxl.batch.discovery import SUMMARY
from perfxl.batch.ledger import Ledger
from perfxl.batch.serialization import dumped
from perfxl.batch.summary.entries import SummaryEntry, SummaryHeading, Totals, entries, richest
from perfxl.batch.summary.html_page import HtmlPage
from perfxl.batch.summary.tables import grouped_by
from perfxl.batch.summary.workbook_writer import SummaryBook
from perfxl.batch.urgency import URGENCIES
from perfxl.report_type import catalog
from perfxl.storage.files import Surroundings, close_to_others

_TOP = 15


def write(ledger: Ledger, folder: Path, output: Path, home: Path, parts: Path, about: str) -> Totals:
    """Write the summaries of a ledger into `output` and return their totals. `parts` is where they are made.

    `about` says in a line what is summed up. The workbooks have to be ranked.

    Raises `Surroundings` where one of them cannot be put in place, because somebody has it open.
    """
    known = [row[0] for row in ledger.execute("SELECT DISTINCT type FROM workbook WHERE type != '' ORDER BY type")]
    types = [each for each in catalog.every(home) if each.id in known]
    group = grouped_by(types)
    totals = Totals()
    book_part, lines_part, page_part = (parts / name for name in SUMMARY)
    book = SummaryBook(book_part, folder, output, types)
    page = HtmlPage(parts, folder, output)
    with lines_part.open("wb") as lines, ExitStack() as unfinished:
        unfinished.callback(book.abandon)
        unfinished.callback(page.abandon)
        for entry in entries(ledger):
            totals.add(entry, group[0] if group else "")
            book.add(entry)
            page.add(entry)
            lines.write(_line(entry))
        unfinished.pop_all()
    heading = SummaryHeading(about, changes(ledger))
    top = richest(ledger, _TOP)
    book.close(totals, top, heading)
    page.write(page_part, totals, top, group[1] if group else "", heading)
    for name in SUMMARY:
        try:
            close_to_others(parts / name)
            (parts / name).replace(output / name)
        except OSError as error:
            raise Surroundings(f"“{name}”没有保存：它可能正打开着。请关闭它再运行一次，文档都已经做好。") from error
    return totals


def _line(entry: SummaryEntry) -> bytes:
    """Return an entry as a line of JSON; what it holds and what was found in it are JSON already."""
    line = {
        "file": entry.path,
        "state": entry.state,
        "urgency": URGENCIES[entry.urgency],
        "document": entry.document or None,
        "contents": entry.numbers or None,
        "pdf": entry.pdf or None,
        "document_type": entry.type_id or None,
        "profile": entry.rules or None,
        "unit_code": entry.unit_code,
        "unit_name": entry.unit_name,
        "fiscal_year": entry.year,
        "money": entry.money,
        "errors": entry.count("error"),
        "warnings": entry.count("warning"),
    }
    findings = entry.findings
    if entry.notices:
        own = findings[1:-1]
        findings = b"%b%b%b]" % (dumped(entry.notices)[:-1], b", " if own else b"", own)
    return b'%b, "findings": %b, "data": %b}\n' % (dumped(line)[:-1], findings, entry.values)
