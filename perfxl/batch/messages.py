"""The batch as a command: its words, and what people and programs are told of it."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from perfxl.batch.changes_between_runs import KINDS
from perfxl.batch.discovery import SUMMARY
from perfxl.batch.output_folder import RESENT, RETURNED
from perfxl.batch.progress import Progress
from perfxl.batch.regenerate import BatchLine, Report, regenerate
from perfxl.batch.run import Options
from perfxl.batch.states import STATES
from perfxl.batch.urgency import FINE, TO_DO, TO_LOOK_AT, URGENCIES
from perfxl.pipeline.exit_status import WrongCommand

_MOST = 20  # lines on a terminal
_JOBS = 64
_OPEN = (
    "调度器“{}”的连接不加密，也不核对身份：网络上的任何人都能让各台机器运行任意程序，所以没有开始。"
    "请用 TLS（地址以 tls:// 开头，见 docs/batch-operation.md）；确实是只有自己人的网络，请加 --open-network。"
)


def batch(options: Namespace, home: Path, say: Callable[[str], None]) -> int:
    """Do what the command asks for and return its exit status; `say` prints. Raises `WrongCommand`."""
    folder, output = options.folder, options.output
    if not folder.is_dir():
        raise WrongCommand(f"文件夹“{folder}”不存在。")
    if os.path.lexists(output) and not output.is_dir():
        raise WrongCommand(f"“{output}”不是文件夹，文档放不进去，请换一个名字。")
    jobs = processors() if options.jobs is None else options.jobs
    if not 1 <= jobs <= _JOBS:
        raise WrongCommand(f"--jobs 应在1到{_JOBS}之间。")
    if options.scheduler and not options.open_network and not is_guarded(options.scheduler):
        raise WrongCommand(_OPEN.format(options.scheduler))
    wanted = (
        options.force,
        options.control,
        options.contents,
        options.pdf,
        options.scheduler,
        options.html,
        options.units,
    )
    asked = Options(home, options.profile or "", options.draft, jobs, *wanted)
    terminal = sys.stdout.isatty()
    # Standard error may be closed, and nobody looks at progress when programs read.
    progress = Progress(None if options.json else sys.stderr)
    report = regenerate(folder, output, asked, progress, every=options.json, most=_MOST + 1 if terminal else None)
    if options.json:
        say(json.dumps(_as_json(report, folder, output), ensure_ascii=False, indent=2))
    else:
        for line in _said(report, output, terminal):
            say(line)
    return report.status


def is_guarded(address: str) -> bool:
    """Whether only this machine, or who has a certificate, can speak with a scheduler: it runs whatever it is sent."""
    try:
        way = urlsplit(address if "://" in address else f"tcp://{address}")
        host = way.hostname or ""
        return way.scheme in ("tls", "inproc") or host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def processors() -> int:
    """Return how many workers this machine is good for: two at least, so that no workbook can take the run down."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(2, min(available, _JOBS))


def _as_json(report: Report, folder: Path, output: Path) -> dict[str, object]:
    return {
        "folder": str(folder),
        "output": str(output),
        "interrupted": report.result.interrupted,
        "workbooks": report.result.total,
        "processed": report.result.done,
        "states": report.states,
        "errors": report.errors,
        "warnings": report.warnings,
        "summary": None if report.result.interrupted else [str(output / name) for name in SUMMARY],
        "notes": [*report.result.troubles, *report.result.notes],
        "about": report.about,
        "urgencies": {URGENCIES[urgency]: count for urgency, count in report.urgencies.items()},
        "to_do": [
            {"unit": line.unit, "file": line.path, "state": line.state, "errors": line.errors, "first": line.first}
            for line in report.lines
            if line.urgency == TO_DO
        ],
        "changes": [{**change._asdict(), "kind": KINDS[change.kind]} for change in report.changes],
        "files": [line.as_json() for line in report.lines],
    }


def _said(report: Report, output: Path, terminal: bool) -> Iterator[str]:
    result = report.result
    if result.interrupted:
        yield f"已停止。这次做好了 {result.done} 份，都已保存；再运行一次就接着做其余的。"
        return
    yield from _to_do(report, terminal)
    yield from told_changes(report, _MOST if terminal else len(report.changes))
    yield from verdict(report)
    if not report.trouble:
        yield f"汇总：{output / SUMMARY[0]}{'' if result.changed else '（没有变化）'}"
        if report.returned:
            yield f"退回意见：{output / RETURNED}（{report.returned} 份，已按单位分好）"
        if report.resent:
            yield f"修改对照：{output / RESENT}（{report.resent} 份重报的）"


def _to_do(report: Report, terminal: bool) -> Iterator[str]:
    """Yield what needs somebody, then how many there are of the rest."""
    if report.about:
        yield report.about
    wanted = report.urgencies.get(TO_DO, 0)
    shown = report.lines[:_MOST] if terminal else report.lines
    yield f"{URGENCIES[TO_DO]} {wanted} 份{'：' if shown else '。'}"
    for line in shown:
        yield f"  {_line(line)}"
    if len(report.lines) > len(shown):
        yield f"  ……其余的见“{SUMMARY[0]}”。"
    others = [f"{URGENCIES[urgency]} {report.urgencies.get(urgency, 0)} 份" for urgency in (TO_LOOK_AT, FINE)]
    yield f"{'，'.join(others)}。"


def by_urgency(report: Report) -> str:
    """Return in a sentence how many workbooks and missing units need somebody, and how many do not."""
    found = [f"{URGENCIES[urgency]} {report.urgencies.get(urgency, 0)} 份" for urgency in (TO_DO, TO_LOOK_AT, FINE)]
    return f"{'，'.join(found)}。"


def told_changes(report: Report, most: int) -> Iterator[str]:
    """Yield by name what has changed since the last run, at most so many lines."""
    if not report.changes:
        return
    yield "和上次比："
    for change in report.changes[:most]:
        yield f"  {KINDS[change.kind]}  {change.sentence}"
    if len(report.changes) > most:
        yield f"  ……共 {len(report.changes)} 份有变化，其余的见“{SUMMARY[0]}”。"


def verdict(report: Report) -> Iterator[str]:
    """Yield in sentences what a run came to: how many workbooks there are, their states, what was in the way."""
    result = report.result
    rest = "，其余没有变化" if result.done < result.total else ""
    yield f"共 {result.total} 份填报表，这次处理了 {result.done} 份{rest}。"
    states = [f"{STATES[state]} {count} 份" for state, count in report.states.items() if count]
    if states:
        yield f"现在：{'、'.join(states)}；错误 {report.errors} 处，警告 {report.warnings} 处。"
    yield from (*result.troubles, *result.notes)
    if report.trouble:
        yield report.trouble


def _line(line: BatchLine) -> str:
    if line.state == "missing":
        return f"{line.called}  {STATES[line.state]}"
    return f"{line.called}  {STATES[line.state]}，错误 {line.errors} 处：{line.first}"
