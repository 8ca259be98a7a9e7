"""Many workbooks: the batch, its table, and one archive with documents, findings and 汇总."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from perfxl import beside
from perfxl.batch import telling
from perfxl.batch.entries import Entry, entries
from perfxl.batch.ledger import Ledger
from perfxl.batch.plan import PRIVATE, SUMMARY
from perfxl.batch.regenerate import Line, Report, regenerate
from perfxl.batch.run import Options
from perfxl.batch.words import STATES
from perfxl.checks.finding import Finding
from perfxl.interfaces.browser_page import told
from perfxl.workbook import opinion

Tell = Callable[[str], object]

_ARCHIVE = "绩效文本-成品.zip"
_NEW_YEAR = (1980, 1, 1, 0, 0, 0)  # the same input, the same bytes
_FINE = ("made", "gone")


def regenerated(request: Mapping[str, Any], home: Path, tell: Tell) -> dict[str, Any]:
    """Return what became of each workbook, those that need somebody first, and the archive of all results."""
    folder, output = Path(request["folder"], "in"), Path(request["folder"], "out", "成品")
    output.mkdir(parents=True)
    options = Options(home, request.get("profile") or "", bool(request.get("draft")))

    def progress(done: int, total: int) -> None:
        tell(json.dumps({"done": done, "total": total}))

    report = regenerate(folder, output, options, progress, every=True)
    total = len(report.lines)
    with closing(Ledger(output)) as ledger:
        for number, entry in enumerate(entries(ledger), 1):
            _write_opinion(entry, folder, output)
            tell(json.dumps({"done": number, "total": total, "stage": "检查意见"}))
    archive = Path(request["folder"], "out", _ARCHIVE)
    _pack(output, archive)
    lines = sorted(report.lines, key=lambda line: line.state in _FINE and not line.errors)
    return {
        "sentences": list(telling.verdict(report)),
        "counts": _counts(report),
        "lines": [_line(line) for line in lines],
        "files": [told.made("archive", archive, "下载全部成品")],
    }


def _counts(report: Report) -> dict[str, int]:
    return {STATES[state]: count for state, count in report.states.items() if count}


def _line(line: Line) -> dict[str, Any]:
    return {
        "unit": line.unit,
        "file": line.path,
        "state": line.state,
        "label": STATES[line.state],
        "errors": line.errors,
        "warnings": line.warnings,
        "first": line.first,
        "document": line.document,
    }


def _write_opinion(entry: Entry, folder: Path, output: Path) -> None:
    """Write the workbook of findings on a workbook beside its document, where there is anything to say of it."""
    findings = [Finding(**words) for words in json.loads(entry.findings)]
    source = folder / entry.path
    if not findings or not source.is_file():
        return
    place = beside.opinion_path(output / entry.path, source.stem)
    place.parent.mkdir(parents=True, exist_ok=True)
    sentence = beside.counted_sentence(findings)
    place.write_bytes(opinion.write(source.name, sentence, map(told.row, findings), beside.digest(source.read_bytes())))


def _pack(folder: Path, archive: Path) -> None:
    """Pack what is for people. It is packed already, document by document."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for path in _results(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _NEW_YEAR)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes())


def _results(folder: Path) -> Sequence[Path]:
    return sorted(_below(folder))


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        if path.is_file() and inside[0] != PRIVATE and path.name != SUMMARY[1]:
            yield path
