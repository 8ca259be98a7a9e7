"""汇总.html: one page that opens anywhere, on a phone as well, and asks the network for nothing."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from decimal import Decimal
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from perfxl.batch.changes_between_runs import KINDS, RunChange
from perfxl.batch.serialization import loaded
from perfxl.batch.states import STATES
from perfxl.batch.summary.entries import SOURCES, SummaryEntry, SummaryHeading, Totals, link, rule
from perfxl.batch.summary.workbook_rows import EACH, card, safe
from perfxl.batch.urgency import FINE, TO_DO, TO_LOOK_AT, URGENCIES
from perfxl.model.finding import SEVERITIES

_ALL = 20_000  # findings on the page
_TOP = 10
_CHANGES = 200


class HtmlPage:
    """The page in the making: what is said of each workbook waits in a file, because the totals stand before it."""

    def __init__(self, parts: Path, folder: Path, output: Path) -> None:
        self._waiting = parts / "entries.json"
        self._folder, self._output = folder, output
        self._stream = self._waiting.open("wb")
        self._told = 0
        self._first = True

    def abandon(self) -> None:
        """Let go of what waits."""
        self._stream.close()

    def add(self, entry: SummaryEntry) -> None:
        """Add a workbook."""
        line = safe(
            [
                entry.name,
                entry.unit_code,
                entry.state,
                [entry.count(severity) for severity in SEVERITIES],
                f"{entry.money:,.2f}" if entry.money is not None else "",
                link(entry.path, self._folder, self._output) if entry.path else "",
                link(entry.document, self._output, self._output) if entry.document else "",
                link(entry.pdf, self._output, self._output) if entry.pdf else "",
                SOURCES.get(entry.numbers, ""),
            ]
        )
        behind = safe([entry.urgency, entry.problem])[1:].encode()
        before = b"" if self._first else b",\n"
        self._stream.write(b"%b%b,%b,%b" % (before, line[:-1].encode(), self._card(entry), behind))
        self._first = False

    def _card(self, entry: SummaryEntry) -> bytes:
        """Return the gravest findings of an entry, as many as there is room for."""
        room = min(EACH, _ALL - self._told)
        self._told += min(room, sum(entry.counts) + len(entry.notices))
        if room == EACH and not entry.notices:
            return entry.told.card
        return card([*entry.notices, *loaded(entry.findings)], room) if room else b"[]"

    def write(
        self, path: Path, totals: Totals, richest: Sequence[tuple[str, Decimal]], group: str, heading: SummaryHeading
    ) -> None:
        """Finish the page at `path`."""
        self._stream.close()
        frame = resources.files("perfxl.batch.summary").joinpath("page.html").read_text("utf-8")
        before, after = _filled(frame, totals, richest, group, heading).split("<!--entries-->")
        with path.open("wb") as target, self._waiting.open("rb") as source:
            target.write(before.encode("utf-8", "replace"))
            shutil.copyfileobj(source, target, 1 << 20)
            target.write(after.encode("utf-8", "replace"))
        self._waiting.unlink()


def _filled(
    frame: str, totals: Totals, richest: Sequence[tuple[str, Decimal]], group: str, heading: SummaryHeading
) -> str:
    made = totals.states["made"] + totals.states["draft"]
    cards = [
        *((URGENCIES[urgency], f"{totals.urgencies[urgency]} 份") for urgency in (TO_DO, TO_LOOK_AT, FINE)),
        ("填报表", f"{totals.workbooks}"),
        ("已生成文档", f"{made}"),
        ("错误", f"{totals.severities['error']}"),
        ("警告", f"{totals.severities['warning']}"),
        ("项目", f"{totals.items}"),
        ("金额合计（万元）", f"{totals.money:,.2f}"),
    ]
    codes = sorted(totals.codes.items(), key=lambda item: (-item[1], item[0]))[:_TOP]
    charts = (
        _chart("各单位金额（万元）", [(name, money, f"{money:,.2f}") for name, money in richest]),
        _chart("出现最多的问题", [(rule(code), count, str(count)) for code, count in codes]),
        _chart(f"{group}覆盖（指标数）", [(name, count, str(count)) for name, count in totals.groups.most_common()]),
    )
    states = {state: name for state, name in STATES.items() if totals.states[state]}
    return (
        frame.replace("<!--cards-->", "".join(f"<div><b>{value}</b><span>{name}</span></div>" for name, value in cards))
        .replace("<!--about-->", escape(heading.about))
        .replace("<!--changes-->", _changes(heading.changes))
        .replace("<!--charts-->", "".join(charts))
        .replace("<!--urgencies-->", "，".join(URGENCIES.values()))
        .replace("<!--states-->", safe(states))
    )


def _changes(changes: Sequence[RunChange]) -> str:
    if not changes:
        return ""
    rows = "".join(
        f"<li><b class={change.kind}>{KINDS[change.kind]}</b> {escape(change.sentence)}</li>"
        for change in changes[:_CHANGES]
    )
    rest = f"<li>……共 {len(changes)} 份</li>" if len(changes) > _CHANGES else ""
    return f"<section><h2>和上次比</h2><ul class=changes>{rows}{rest}</ul></section>"


def _chart(title: str, bars: Sequence[tuple[str, Any, str]]) -> str:
    if not bars:
        return ""
    most = max(float(value) for _, value, _ in bars) or 1.0
    rows = "".join(
        f'<li><span>{escape(name)}</span><i style="width:{max(0.5, 100 * float(value) / most):.1f}%"></i>'
        f"<b>{said}</b></li>"
        for name, value, said in bars
    )
    return f"<section><h2>{escape(title)}</h2><ul class=bars>{rows}</ul></section>"
