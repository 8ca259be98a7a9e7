"""The whole of a batch: open the ledger, run, compare units, write the summaries, and say how it went."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from perfxl.batch.across import compare
from perfxl.batch.control import Control, load
from perfxl.batch.entries import Entry, entries
from perfxl.batch.ledger import Ledger, sentence
from perfxl.batch.plan import PRIVATE, SUMMARY
from perfxl.batch.run import Options, Progress, Result, Run
from perfxl.batch.work import digest
from perfxl.desk import DONE, OUR_FAULT, WRONG_INPUT, WRONG_SURROUNDINGS
from perfxl.files import Surroundings

_STATUS = {"errors": WRONG_INPUT, "unread": WRONG_INPUT, "trouble": WRONG_SURROUNDINGS, "fault": OUR_FAULT}
_CODES = {"B02": WRONG_SURROUNDINGS, "B07": WRONG_SURROUNDINGS, "B09": OUR_FAULT}


@dataclass(frozen=True)
class Line:
    """A workbook with something to say: its path, what became of it, and how much there is to mend."""

    path: str
    state: str
    document: str
    errors: int
    warnings: int
    infos: int
    first: str

    def as_json(self) -> dict[str, Any]:
        """Return the line for programs."""
        return {
            "file": self.path,
            "state": self.state,
            "document": self.document or None,
            "errors": self.errors,
            "warnings": self.warnings,
        }


@dataclass
class Report:
    """How a batch went. `lines` are the workbooks that need somebody, or all of them if that was asked for."""

    result: Result
    status: int = DONE
    states: dict[str, int] = field(default_factory=dict)
    errors: int = 0
    warnings: int = 0
    lines: list[Line] = field(default_factory=list)
    trouble: str = ""


def regenerate(
    folder: Path, output: Path, options: Options, progress: Progress, *, every: bool = False, most: int | None = None
) -> Report:
    """Bring the documents of all workbooks below `folder` up to date in `output`, and 汇总 with them.

    `every` asks for a line on every workbook, otherwise there are at most `most` lines, on those that need somebody.
    Raises `Surroundings` where it cannot begin, `ControlFault` where the control totals cannot be used.
    """
    control = load(options.control) if options.control else None
    ledger = Ledger(output)
    with closing(ledger):
        try:
            run = Run(folder, output, options, ledger, progress)
            result = run.go()
            report = Report(result)
            if result.interrupted:
                report.status = WRONG_SURROUNDINGS
                return report
            report.trouble = _summed_up(ledger, run, control)
            _tell(report, ledger, every, most)
        except sqlite3.DatabaseError as error:
            raise Surroundings(sentence(output, error)) from error
    return report


def _summed_up(ledger: Ledger, run: Run, control: Control | None) -> str:
    """Compare units and write 汇总 where anything has changed; return what was in the way."""
    output = run.output
    seen = digest(f"{run.folder.resolve()} {control}".encode("utf-8", "replace")).hex()
    there = all((output / name).is_file() for name in SUMMARY)
    if not run.result.changed and there and ledger.get("summed") == seen:
        return ""
    from perfxl.batch.summary import write

    run.result.changed = True
    ledger.note(dirty="1")
    compare(ledger, control)
    try:
        write(ledger, run.folder, output, run.options.home, output / PRIVATE / "parts")
    except Surroundings as trouble:
        return str(trouble)
    finally:
        run.clear_parts()
    ledger.note(dirty="", summed=seen)
    return ""


def _tell(report: Report, ledger: Ledger, every: bool, most: int | None) -> None:
    counts = "SELECT CASE gone WHEN 1 THEN 'gone' ELSE state END AS state, count(*) FROM workbook GROUP BY 1"
    report.states = dict(sorted(tuple(row) for row in ledger.execute(counts)))
    errors, warnings = ledger.execute(
        "SELECT coalesce(sum(errors), 0), coalesce(sum(warnings), 0) FROM workbook WHERE gone = 0"
    ).fetchone()
    outside = dict(
        tuple(row)
        for row in ledger.execute("SELECT json_extract(finding, '$.severity'), count(*) FROM notice GROUP BY 1")
    )
    report.errors, report.warnings = errors + outside.get("error", 0), warnings + outside.get("warning", 0)
    codes = [row[0] for row in ledger.execute("SELECT DISTINCT code FROM notice")]
    worst = [_STATUS.get(state, DONE) for state in report.states]
    worst += [_CODES.get(code, DONE) for code in codes] + [WRONG_INPUT if report.errors else DONE]
    report.status = WRONG_SURROUNDINGS if report.trouble and OUR_FAULT not in worst else max(worst)
    if every:
        report.lines = list(_every_line(ledger))
    elif report.errors:
        report.lines = list(_troubled(ledger, most))


def _every_line(ledger: Ledger) -> Iterator[Line]:
    for entry in entries(ledger):
        yield _line(entry, "")


def _troubled(ledger: Ledger, most: int | None) -> Iterator[Line]:
    told = 0
    for entry in entries(ledger):
        if not entry.count("error"):
            continue
        told += 1
        if most is not None and told > most:
            return
        first = next(finding["message"] for finding in entry.findings if finding["severity"] == "error")
        yield _line(entry, first)


def _line(entry: Entry, first: str) -> Line:
    counts = entry.count("error"), entry.count("warning"), entry.count("info")
    return Line(entry.path or entry.name, entry.state, entry.document, *counts, first)
