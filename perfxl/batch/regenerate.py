"""The whole of a batch: open the ledger, run, compare units, write the summaries, and say how it went."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.batch.discovery import PRIVATE, SUMMARY
from perfxl.batch.ledger import Ledger, sentence
from perfxl.batch.run import Options, Progress, Result, Run
from perfxl.batch.serialization import digest, shown
from perfxl.batch.states import ALL_UNITS
from perfxl.pipeline.exit_status import DONE, OUR_FAULT, WRONG_INPUT, WRONG_SURROUNDINGS
from perfxl.storage.files import Surroundings

if TYPE_CHECKING:  # many batches have no control totals
    from perfxl.batch.control_totals import Control

_STATUS = {"errors": WRONG_INPUT, "unread": WRONG_INPUT, "trouble": WRONG_SURROUNDINGS, "fault": OUR_FAULT}
_CODES = {"B02": WRONG_SURROUNDINGS, "B07": WRONG_SURROUNDINGS, "B09": OUR_FAULT}


class BatchLine(NamedTuple):
    """A workbook with something to say: its path, what became of it, how much there is to mend, and whose it is."""

    path: str
    state: str
    document: str
    errors: int
    warnings: int
    infos: int
    first: str
    unit: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the line for programs."""
        return {
            "file": self.path,
            "state": self.state,
            "document": self.document or None,
            "errors": self.errors,
            "warnings": self.warnings,
        }


class Report:
    """How a batch went. `lines` are the workbooks that need somebody, or all of them if that was asked for."""

    def __init__(
        self, result: Result, states: Mapping[str, int] | None = None, lines: Sequence[BatchLine] = ()
    ) -> None:
        self.result = result
        self.status = DONE
        self.states = dict(states or {})
        self.errors = 0
        self.warnings = 0
        self.lines = list(lines)
        self.trouble = ""


def regenerate(
    folder: Path, output: Path, options: Options, progress: Progress, *, every: bool = False, most: int | None = None
) -> Report:
    """Bring the documents of all workbooks below `folder` up to date in `output`, and 汇总 with them.

    `every` asks for a line on every workbook, otherwise there are at most `most` lines, on those that need somebody.
    Raises `Surroundings` where it cannot begin, `ControlFault` where the control totals cannot be used.
    """
    control = _loaded(options.control) if options.control else None
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


def _loaded(path: Path) -> Control:
    from perfxl.batch.control_totals import load

    return load(path)


def _summed_up(ledger: Ledger, run: Run, control: Control | None) -> str:
    """Compare units and write 汇总 where anything has changed; return what was in the way."""
    output = run.output
    seen = digest(f"{run.folder.resolve()} {control}".encode("utf-8", "replace")).hex()
    there = all((output / name).is_file() for name in SUMMARY)
    if not run.result.changed and there and ledger.get("summed") == seen:
        return ""
    from perfxl.batch.cross_unit_checks import compare
    from perfxl.batch.summary.writer import write

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
    troubled = bool(report.trouble or report.result.troubles)
    report.status = WRONG_SURROUNDINGS if troubled and OUR_FAULT not in worst else max(worst)
    if every or report.errors:
        chosen = (line for line in _lines(ledger, every) if every or line.errors)
        report.lines = list(islice(chosen, most))


def _lines(ledger: Ledger, every: bool) -> Iterator[BatchLine]:
    """Yield the workbooks with what became of them, then the other paths that the folder gave reason to speak of.

    Unless it is to be `every` workbook, those that nothing is wrong with may be missing.
    """
    wanted = "" if every else "AND (errors > 0 OR path IN (SELECT path FROM notice))"
    query = f"SELECT * FROM workbook WHERE path > ? {wanted} ORDER BY path LIMIT ?"
    noticed = ledger.has_notices()
    for row in ledger.portions(query):
        state = "gone" if row["gone"] else row["state"]
        document = os.fsdecode(row["document"]) if row["output"] or row["state"] == "kept" else ""
        counts = (row["errors"], row["warnings"], row["infos"])
        said = ledger.notices(row["path"]) if noticed else []
        yield _line(row["path"], state, document, counts, row["first"], said, row["unit_name"])
    for path in ledger.others():
        yield _line(path, "" if path else "units", "", (0, 0, 0), "", ledger.notices(path))


def _line(
    path: bytes,
    state: str,
    document: str,
    counts: Sequence[int],
    first: str,
    notices: Sequence[Mapping[str, Any]],
    unit: str = "",
) -> BatchLine:
    own = [sum(one["severity"] == severity for one in notices) for severity in ("error", "warning", "info")]
    said = [one["message"] for one in notices if one["severity"] == "error"]
    errors, warnings, infos = (count + more for count, more in zip(counts, own, strict=True))
    name = shown(os.fsdecode(path)) or ALL_UNITS
    return BatchLine(name, state, shown(document), errors, warnings, infos, first or next(iter(said), ""), unit)
