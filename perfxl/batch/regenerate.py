"""The whole of a batch: open the ledger, run, compare units, write the summaries, and say how it went."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.batch.changes_between_runs import RunChange, note_changes, remember
from perfxl.batch.discovery import PRIVATE, SUMMARY
from perfxl.batch.ledger import Ledger, sentence
from perfxl.batch.run import Options, Progress, Result, Run
from perfxl.batch.serialization import digest, shown
from perfxl.batch.states import ALL_UNITS
from perfxl.batch.subject import subject
from perfxl.batch.urgency import ASIDE, MISSING, TO_DO, counts, in_order, rank
from perfxl.pipeline.exit_status import DONE, OUR_FAULT, WRONG_COMMAND, WRONG_INPUT, WRONG_SURROUNDINGS
from perfxl.storage.files import Surroundings

if TYPE_CHECKING:  # many batches have no control totals
    from perfxl.batch.control_totals import Control

_STATUS = {
    "errors": WRONG_INPUT,
    "unread": WRONG_INPUT,
    "template": WRONG_COMMAND,
    "trouble": WRONG_SURROUNDINGS,
    "fault": OUR_FAULT,
}
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
    urgency: int = TO_DO

    @property
    def called(self) -> str:
        """What people call it: the unit with its file."""
        return f"{self.unit}（{self.path}）" if self.unit and self.path else self.unit or self.path

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
    """How a batch went. `lines` are the workbooks that need somebody, or all of them if that was asked for.

    `urgencies` says how many workbooks and missing units there are of each urgency, `about` what they are about,
    `changes` what has changed since the last run, `returned` to how many units something goes back, and
    `resent` how many forms were compared with what was sent before.
    """

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
        self.urgencies: dict[int, int] = {}
        self.about = ""
        self.changes: list[RunChange] = []
        self.returned = 0
        self.resent = 0


def regenerate(
    folder: Path, output: Path, options: Options, progress: Progress, *, every: bool = False, most: int | None = None
) -> Report:
    """Bring the documents of all workbooks below `folder` up to date in `output`, and 汇总 with them.

    `every` asks for a line on every workbook, otherwise there are at most `most` lines, on those that need somebody.
    Raises `Surroundings` where it cannot begin, `ControlFault` where the control totals cannot be used.
    """
    control = _loaded(options.control) if options.control else None
    units = _awaited(options.units) if options.units else []
    ledger = Ledger(output)
    with closing(ledger):
        try:
            run = Run(folder, output, options, ledger, progress)
            result = run.go()
            report = Report(result)
            if result.interrupted:
                report.status = WRONG_SURROUNDINGS
                return report
            report.trouble = _summed_up(report, ledger, run, (control, units))
            if options.html:
                report.result.notes += _web_pages(ledger, output)
            report.about = subject(ledger, folder, options.profile)
            _tell(report, ledger, every, most)
        except sqlite3.DatabaseError as error:
            raise Surroundings(sentence(output, error)) from error
    return report


def _loaded(path: Path) -> Control:
    from perfxl.batch.control_totals import load

    return load(path)


def _awaited(path: Path) -> list[tuple[str, ...]]:
    from perfxl.batch.unit_order import wanted

    return wanted(path, "名单")


def _web_pages(ledger: Ledger, output: Path) -> list[str]:
    from perfxl.batch.web_pages import write_pages

    return write_pages(ledger, output)


def _summed_up(report: Report, ledger: Ledger, run: Run, lists: tuple[Control | None, list[tuple[str, ...]]]) -> str:
    """Compare units and write 汇总 where anything has changed; return what was in the way."""
    output = run.output
    seen = digest(f"{run.folder.resolve()} {lists}".encode("utf-8", "replace")).hex()
    there = all((output / name).is_file() for name in SUMMARY)
    if not run.result.changed and there and ledger.get("summed") == seen:
        rank(ledger)
        return ""
    from perfxl.batch.cross_unit_checks import compare
    from perfxl.batch.summary.writer import write

    run.result.changed = True
    ledger.note(dirty="1")
    compare(ledger, *lists)
    rank(ledger)
    places = _sent_again(ledger, run)
    report.changes = note_changes(ledger, places)
    report.resent = sum(count > 0 for count in places.values())
    report.returned, notes = _sent_back(ledger, run)
    run.result.notes += notes
    about = subject(ledger, run.folder, run.options.profile)
    try:
        write(ledger, run.folder, output, run.options.home, output / PRIVATE / "parts", about)
    except Surroundings as trouble:
        return str(trouble)
    finally:
        run.clear_parts()
    with ledger:
        remember(ledger)
        ledger.execute("DELETE FROM former")
        ledger.note(dirty="", summed=seen)
    return ""


def _sent_again(ledger: Ledger, run: Run) -> dict[bytes, int]:
    """Write what units have changed in forms that they sent again; most runs have none."""
    if ledger.execute("SELECT 1 FROM former LIMIT 1").fetchone() is None:
        return {}
    from perfxl.batch.resent_forms import compare_resent

    asked = run.options
    return compare_resent(ledger, run.folder, run.output, asked.home, asked.profile)


def _sent_back(ledger: Ledger, run: Run) -> tuple[int, list[str]]:
    """Write what goes back to the units; return to how many, and what there is to say of it."""
    from perfxl.batch.returned_forms import letter_template, send_back
    from perfxl.document.template.fault import TemplateFault

    template = letter_template(run.options.home, run.folder)
    try:
        return send_back(ledger, run.output, template)
    except TemplateFault as fault:
        return 0, [f"退回意见没有生成：模板“{template.name}”有问题（{fault}）。"]


def _tell(report: Report, ledger: Ledger, every: bool, most: int | None) -> None:
    by_state = "SELECT CASE gone WHEN 1 THEN 'gone' ELSE state END AS state, count(*) FROM workbook GROUP BY 1"
    report.states = dict(sorted(tuple(row) for row in ledger.execute(by_state)))
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
    report.urgencies = counts(ledger)
    report.lines = list(islice(_lines(ledger, ASIDE if every else TO_DO), most))


def _lines(ledger: Ledger, below: int) -> Iterator[BatchLine]:
    """Yield the workbooks with what became of them, and what else there is to say, the most urgent first."""
    for row in in_order(ledger, "workbook.*", below=below):
        path, state = row["ranked_path"], row["ranked_state"]
        said = ledger.notices(path, number=row["notice"], without=MISSING)
        yield _line(row, path, state, said)


def _line(row: sqlite3.Row, path: bytes, state: str, notices: Sequence[Mapping[str, Any]]) -> BatchLine:
    found = [row[severity] or 0 for severity in ("errors", "warnings", "infos")]
    own = [sum(one["severity"] == severity for one in notices) for severity in ("error", "warning", "info")]
    said = [one["message"] for one in notices if one["severity"] == "error"]
    errors, warnings, infos = (count + more for count, more in zip(found, own, strict=True))
    document = os.fsdecode(row["document"]) if row["output"] or row["state"] == "kept" else ""
    unit = row["unit_name"] or next((one["unit_name"] for one in notices if "unit_name" in one), "")
    name = shown(os.fsdecode(path)) or ("" if state == "missing" else ALL_UNITS)
    first = row["first"] or next(iter(said), "")
    return BatchLine(name, state, shown(document), errors, warnings, infos, first, unit, row["urgency"])
