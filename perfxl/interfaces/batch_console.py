"""The other end of the buttons in the console, the workbook that runs a batch for people who type no commands.

Its macro starts `perfxl click CONSOLE --result FILE --console name:value…`, with a word for each input, and waits as
for any button (see `click`). The answer has two more kinds of lines:

    put       name, word                        a word for the cell `told.name`
    row       word, word, …                     the next row of the table `told.results`

A word is empty, or its first sign says what it is: `'` a text, `#` a number, `=` a formula. All that people read is
decided here; the macro knows neither an option nor a state.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from perfxl.batch import messages, progress
from perfxl.batch.discovery import SUMMARY
from perfxl.batch.output_folder import RETURNED
from perfxl.batch.regenerate import BatchLine, Report, regenerate
from perfxl.batch.run import Options, Progress
from perfxl.batch.serialization import plain_way
from perfxl.batch.states import NO_WORKBOOK, STATES
from perfxl.interfaces import excel_button
from perfxl.pipeline.exit_status import DONE, WrongCommand, fault_sentence
from perfxl.report_type.profile import ProfileFault
from perfxl.storage.files import Surroundings, write
from perfxl.workbook.form.page_layout import literal

YES, NO = "是", "否"
COLUMNS = ("单位", "文件", "状态", "错误", "警告", "第一处问题", "Word文档")
ROWS = 1000
_CHANGES = 8  # by name in a message; 汇总 has them all
COUNTS = ("total", "made", "errors", "draft", "other", "same", "unread")

_COUNTED = ("made", "errors", "draft", "unread")
_OUTPUT = "{}-成品"
_VOLUME = "汇编.docx"
_LONGEST_LINK = 255  # of the function HYPERLINK
_QUOTES = "\"'“”"
_LABELS = {
    "folder": "单位文件夹",
    "output": "输出文件夹",
    "control": "控制数文件",
    "units": "应报名单",
    "draft": "草稿也生成",
    "pdf": "生成PDF",
    "html": "生成网页",
    "volume": "合订成汇编",
    "force": "全部重新生成",
}

Row = Sequence[str]


@dataclass(frozen=True)
class Asked:
    """What is asked for in the cells of the console.

    `tells_returned`: it has a cell for the folder of letters; consoles of earlier versions have none.
    """

    folder: Path
    output: Path
    profile: str
    control: Path | None
    draft: bool
    pdf: bool
    force: bool
    units: Path | None = None
    html: bool = False
    volume: bool = False
    tells_returned: bool = False


def run(console: Path, result: Path, words: Sequence[str], home: Path) -> None:
    """Do what the button asks for and leave the answer in `result`. Raises `Surroundings` where it cannot."""
    pace = _Pace()
    with excel_button.alive(result, lambda: pace.said):
        rows = answer(console, words, home, pace)
    write(result, excel_button.text(rows).encode("ascii"))


class _Pace:
    """How far the batch is, for the status line."""

    def __init__(self) -> None:
        self.said = ""
        self._began = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if done == 0:
            self._began = time.monotonic()
        self.said = progress.sentence(done, total, time.monotonic() - self._began)


def answer(console: Path, words: Sequence[str], home: Path, pace: Progress) -> list[Row]:
    """Return the lines of the answer. Never raises: nobody sees this program's own output."""
    began = time.monotonic()
    try:
        asked = understood(console, words)
        profile, wanted = asked.profile, (asked.force, asked.control, "estimate", asked.pdf)
        options = Options(
            home, profile, asked.draft, messages.processors(), *wanted, html=asked.html, units=asked.units
        )
        report = regenerate(asked.folder, asked.output, options, pace, every=True)
        bound = _bound(asked, report) if asked.volume and not report.result.interrupted else ()
    except (WrongCommand, ProfileFault, Surroundings) as trouble:
        return [("status", "trouble"), ("message", str(trouble))]
    except Exception as fault:  # noqa: BLE001 - the last door: whatever is left is a fault of ours, and is told as one
        return [("status", "trouble"), ("message", fault_sentence(fault))]
    return list(_told(asked, report, bound, time.monotonic() - began))


def _bound(asked: Asked, report: Report) -> Sequence[str]:
    """Bind what is made into one volume, in the order of the list of units; return what there is to say of it."""
    if not any(line.document for line in report.lines):
        return ["没有生成汇编：还没有生成过文档。"]
    from perfxl.batch.volume import write_volume

    try:
        volume = write_volume(asked.output, asked.output / _VOLUME, order=asked.units, pdf=asked.pdf)
    except (WrongCommand, Surroundings) as trouble:
        return [str(trouble)]
    told = [f"汇编：{volume.document}（{len(volume.titles)} 份）。", *volume.notes]
    return [*told, volume.trouble] if volume.trouble else told


# --- what is asked ---


def understood(console: Path, words: Sequence[str]) -> Asked:
    """Return what the words of the macro ask for. Raises `WrongCommand` where a cell does not say what it should."""
    typed = {name: excel_button.unescaped(value).strip() for name, _, value in (word.partition(":") for word in words)}
    folder = _path(typed, "folder", console)
    if folder is None:
        raise WrongCommand("请先填写“单位文件夹”，就是存放各单位填报表的文件夹，或者点右边的“选择文件夹”。")
    if not folder.is_dir():
        why = "是一个文件，应填文件夹" if folder.exists() else "不存在"
        raise WrongCommand(f"单位文件夹“{folder}”{why}。请核对，或者点右边的“选择文件夹”。")
    output = _path(typed, "output", console) or folder.parent / _OUTPUT.format(folder.name)
    if os.path.lexists(output) and not output.is_dir():
        raise WrongCommand(f"输出文件夹“{output}”是一个文件，文档放不进去，请换一个。")
    draft, pdf, force, html, volume = (_choice(typed, name) for name in ("draft", "pdf", "force", "html", "volume"))
    profile, control, units = _profile(typed, console), *(_path(typed, name, console) for name in ("control", "units"))
    return Asked(folder, output, profile, control, draft, pdf, force, units, html, volume, "units" in typed)


def _path(typed: dict[str, str], name: str, console: Path) -> Path | None:
    """Return the path in a cell, or None where it is blank. What does not say on which disk lies beside the console."""
    # Windows copies a path with quotes around it.
    said = typed.get(name, "").strip(_QUOTES).strip()
    if not said:
        return None
    if urlsplit(said).netloc and "://" in said:
        raise WrongCommand(f"“{_LABELS[name]}”应是电脑上的位置，不能是网址：{said}。")
    path = Path(said)
    if not path.is_absolute():
        if not console.is_file():
            raise WrongCommand(f"“{_LABELS[name]}”请写全，从盘符写起（例如 D:\\报送），现在是“{said}”。")
        path = console.parent / path
    return Path(os.path.normpath(path))


def _profile(typed: dict[str, str], console: Path) -> str:
    """Return the name of a profile, or the path of its file, which may lie beside the console."""
    said = typed.get("profile", "")
    beside = console.parent / said.strip(_QUOTES)
    return str(beside) if said and beside.is_file() else said


def _choice(typed: dict[str, str], name: str) -> bool:
    said = typed.get(name, "")
    if said not in (YES, NO, ""):
        raise WrongCommand(f"“{_LABELS[name]}”应选“{YES}”或“{NO}”，现在是“{said}”。")
    return said == YES


# --- what is told ---


def _told(asked: Asked, report: Report, bound: Sequence[str], seconds: float) -> Iterator[Row]:
    summary = asked.output / SUMMARY[0]
    sentences = [messages.by_urgency(report), *messages.told_changes(report, _CHANGES), *messages.verdict(report)]
    sentences += bound
    if report.returned:
        sentences.append(f"退回意见 {report.returned} 份，在“{RETURNED}”文件夹里，已按单位分好。")
    if len(report.lines) > ROWS:
        sentences.append(f"表里只列得下 {ROWS} 份，全部见“{SUMMARY[0]}”。")
    if report.result.total == 0:
        sentences = [f"“{asked.folder}”里没有填报表。请核对单位文件夹。"]
    well = report.status == DONE and report.result.total > 0
    yield "status", "done" if well else "findings"
    yield "message", "\n".join([f"√ {sentences[0]}" if well else sentences[0], *sentences[1:]])
    yield "document", str(summary) if report.result.total and summary.is_file() else ""
    yield "put", "summary", _link(summary, str(summary))
    if asked.tells_returned:
        letters = asked.output / RETURNED
        yield "put", "returned", _link(letters, str(letters)) if letters.is_dir() else ""
    yield "put", "time", f"'{datetime.now():%Y-%m-%d %H:%M}，用时 {_duration(seconds)}"
    for name, count in _counts(report).items():
        yield "put", name, f"#{count}"
    for line in report.lines[:ROWS]:
        yield "row", *_row(line, asked)


def _counts(report: Report) -> dict[str, int]:
    counts = {state: report.states.get(state, 0) for state in _COUNTED}
    other = sum(count for state, count in report.states.items() if state not in (*_COUNTED, "gone"))
    total = report.result.total
    return {**counts, "total": total, "other": other, "same": max(0, total - report.result.done)}


def _row(line: BatchLine, asked: Asked) -> Iterator[str]:
    yield f"'{line.unit}"
    yield _link(asked.folder / line.path, line.path) if line.state not in (*NO_WORKBOOK, "gone") else f"'{line.path}"
    yield f"'{STATES[line.state]}"
    yield f"#{line.errors}"
    yield f"#{line.warnings}"
    yield f"'{line.first}"
    yield _link(asked.output / line.document, line.document) if line.document else ""


def _link(target: Path, shown: str) -> str:
    way = plain_way(str(target))
    if len(way) > _LONGEST_LINK or len(shown) > _LONGEST_LINK:
        return f"'{shown}"
    return f"=HYPERLINK({literal(way)},{literal(shown)})"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} 分 {whole % 60} 秒" if whole >= 60 else f"{max(whole, 1)} 秒"
