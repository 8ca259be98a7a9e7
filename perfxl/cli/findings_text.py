"""Findings as people read them: by sheet and by rule, errors first, the same thing down a column said once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from perfxl.model.finding import SEVERITIES, CatalogueEntry, Finding, counted
from perfxl.model.finding_groups import RuleGroup, by_sheet
from perfxl.pipeline.examine import Examination

if TYPE_CHECKING:  # with what writes workbooks, which who only reads has no use for
    from perfxl.pipeline.repair import Mending

_COLOURS = {"error": "\x1b[31m", "warning": "\x1b[33m", "info": "\x1b[36m"}
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_WORD = re.compile(r"\{\w+\}")
_CLINGING = "，。；：、！？）”》%"  # what may not begin a line
_NARROWEST = 40


def text(file: str, examination: Examination, *, colour: bool, width: int = 0) -> str:
    """Return all findings of a workbook for a terminal, with their counts.

    Sheets come in the order of their tabs; on a sheet errors come first, then as the eye meets them. A finding that is
    the same in several cells is one line with their addresses. Lines break at `width` columns; 0 leaves that to others.
    """
    lines = [_painted(file, _BOLD, colour)]
    findings = examination.findings
    for group in by_sheet(findings):
        lines += ["", _painted(group.sheet, _BOLD, colour) + "  " + group.counts] if group.sheet else []
        for rule in group.rules:
            lines += _said(rule, colour, width)
    lines += ["", counted(findings) + "。" if findings else "没有发现问题。"]
    if examination.errors:
        lines[-1] += "错误要改正后才能生成正式的 Word 文档；警告和提示请核对，可以不改。"
    return "\n".join(lines)


def _said(rule: RuleGroup, colour: bool, width: int) -> Iterator[str]:
    """Yield the lines of one rule on one sheet: each message with its cells, and once what to do about them."""
    head = f"  {_painted(SEVERITIES[rule.severity], _COLOURS[rule.severity], colour)} {rule.code}  "
    indent = " " * 12
    for said in rule.messages:
        where = _painted(said.cells, _BOLD, colour)
        body = "".join(part for part in (where, "  " if where else "", said.message, said.hint))
        yield head + _wrapped(body, width, len(indent))
        head = indent
    if rule.hint:
        yield indent + _wrapped("→ " + rule.hint, width, len(indent) + 2)


def _painted(words: str, paint: str, colour: bool) -> str:
    return f"{paint}{words}{_PLAIN}" if colour and words else words


def _wrapped(words: str, width: int, indent: int) -> str:
    """Return `words` broken at `width` columns, further lines indented; Chinese characters are two columns wide."""
    if width < _NARROWEST:
        return words
    lines, column = [""], indent
    for piece in re.findall(r"\x1b\[\d+m|[!-~]+|.", words):
        wide = (
            0 if piece[0] == "\x1b" else sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in piece)
        )
        if column + wide > width and piece not in _CLINGING and lines[-1]:
            lines.append("")
            column = indent
            piece = piece.lstrip(" ")
        lines[-1] += piece
        column += wide
    return ("\n" + " " * indent).join(lines)


def changes(output: str, found: Sequence[Finding], mending: Mending) -> str:
    """Return what a new workbook has otherwise than the old one, what is left to do in it, and what it does not hold.

    `found` are the findings on the old workbook, which say what in it is not part of the form.
    """
    from perfxl.pipeline.repair_report import left, not_carried, shown

    lines = []
    for sheet, here in groupby(shown(mending), key=lambda change: change.sheet):
        lines += ["", sheet]
        lines += [f"  {change.cell}  {change.before} → {change.after}  （{change.codes}）" for change in here]
    lines += ["", f"改了 {len(mending.changes)} 处，新的填报表：{output}。原来的文件没有改动。", left(mending)]
    if lost := not_carried(found):
        lines.append(f"没有带到新表里的（{len(lost)}处，还在原来的文件里）：")
        lines += [f"  {one.sheet} {one.cell}  {one.message}" for one in lost]
    return "\n".join(lines[1:])


def explanation(entry: CatalogueEntry) -> str:
    """Return what a code means: what is said, why, how to mend it, an example, and what it rests on."""
    return "\n".join(
        (
            f"{entry.code} {entry.title}（{SEVERITIES[entry.severity]}）",
            f"  提示：{blanked(entry.message)}",
            f"  原因：{entry.cause}",
            f"  改法：{blanked(entry.cure or entry.hint)}",
            f"  举例：{entry.example}",
            *([f"  依据：{entry.source}"] if entry.source else []),
        )
    )


def blanked(sentence: str) -> str:
    """Return a message without its data: `现在是“…”`."""
    return _WORD.sub("…", sentence)
