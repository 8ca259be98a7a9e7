"""Many workbooks: the batch, its table, and one archive with documents, findings and 汇总."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from perfxl.batch import messages
from perfxl.batch.discovery import PRIVATE, SUMMARY
from perfxl.batch.regenerate import BatchLine, Report, regenerate
from perfxl.batch.run import Options
from perfxl.batch.states import STATES
from perfxl.interfaces import results_beside
from perfxl.interfaces.browser_page.request import Request, Tell, made
from perfxl.model.finding import Finding, spoken
from perfxl.model.remark import Remark
from perfxl.pipeline.exit_status import DONE
from perfxl.storage.files import write
from perfxl.storage.zip_archive import write_stored

_ARCHIVE = "绩效文本-成品.zip"
_SAID = ("code", "severity", "message", "hint", "file", "sheet", "cell", "field")
LINES = SUMMARY[1]  # 汇总 for programs, which people have no use for
_DOCUMENTS, _OPINIONS = "生成文档", "整理检查意见"


def regenerated(request: Request, home: Path, tell: Tell) -> dict[str, Any]:
    """Return what became of each workbook, those that need somebody first, and the archive of all results."""
    folder, output = request.inputs, request.output / "成品"
    output.mkdir(parents=True)
    options = Options(home, request.profile, request.draft)
    report = regenerate(folder, output, options, _Progress(tell, _DOCUMENTS), every=True)
    progress = _Progress(tell, _OPINIONS)
    with (output / LINES).open("rb") as lines:
        for done, line in enumerate(lines, 1):
            _write_opinion(json.loads(line), folder, output)
            progress(done, len(report.lines))
    archive = request.output / _ARCHIVE
    _pack(output, archive)
    return {
        "state": "done" if report.status == DONE and report.result.total else "errors",
        "sentences": [*_sentences(report), *_unreadable(request)],
        "lines": list(map(_line, report.lines)),
        "files": [made("archive", archive, "下载全部成品（zip）")] if report.result.total else [],
    }


class _Progress:
    """Tells the page how far the work is."""

    def __init__(self, tell: Tell, stage: str) -> None:
        self._tell, self._stage = tell, stage

    def __call__(self, done: int, total: int) -> None:
        if self._tell is not None:
            said = f"{self._stage}：{done} / {total}"
            self._tell(json.dumps({"done": done, "total": total, "said": said}, ensure_ascii=False))


def _sentences(report: Report) -> Iterator[str]:
    if report.result.total == 0:
        yield "里面没有填报表。请核对选的文件或文件夹。"
        return
    _, *sentences = messages.verdict(report)  # the first tells this run from earlier ones, which the page has not
    yield f"共处理 {report.result.total} 份填报表。"
    yield from (*sentences, messages.by_urgency(report))


def _unreadable(request: Request) -> Iterator[str]:
    for name, size in request.unreadable.items():
        remark = Remark("F05", words={"size": size // 2**20}) if size else Remark("F06", words={"name": name})
        yield f"{name}：{spoken(remark, '', None).message}"


def _line(line: BatchLine) -> dict[str, Any]:
    return {
        "unit": line.unit,
        "file": line.path,
        "state": line.state,
        "label": STATES[line.state],
        "errors": line.errors,
        "warnings": line.warnings,
        "first": line.first,
    }


def _write_opinion(told: Mapping[str, Any], folder: Path, output: Path) -> None:
    """Write the workbook of findings on a workbook where its document is, if there is anything to say of it.

    `told` is what 汇总 says of it, what units show side by side among it.
    """
    source = folder / told["file"]
    if not told["findings"] or not source.is_file():
        return
    findings = [Finding(**{name: one.get(name, "") for name in _SAID}) for one in told["findings"]]
    place = results_beside.opinion_path(output / told["file"], source.stem)
    place.parent.mkdir(parents=True, exist_ok=True)
    sentence = results_beside.found(findings)
    write(place, results_beside.opinion(source.name, sentence, findings, source.read_bytes()))


def _pack(folder: Path, archive: Path) -> None:
    """Pack what is for people. Each file is packed already."""
    with archive.open("wb") as stream:
        write_stored(((p.relative_to(folder).as_posix(), p.read_bytes()) for p in sorted(_results(folder))), stream)


def _results(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).parts[0] != PRIVATE and path.name != LINES:
            yield path
