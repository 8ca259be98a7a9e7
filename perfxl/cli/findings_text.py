"""Findings as people read them: by sheet and by rule, errors first, the same thing down a column said once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from perfxl.model.addresses import Range
from perfxl.model.finding import SEVERITIES, CatalogueEntry, Finding, counted, word
from perfxl.pipeline.examine import Examination

if TYPE_CHECKING:  # with what writes workbooks, which who only reads has no use for
    from perfxl.pipeline.repair import Mending

_COLOURS = {"error": "\x1b[31m", "warning": "\x1b[33m", "info": "\x1b[36m"}
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_WORD = re.compile(r"\{\w+\}")
_CLINGING = "，。；：、！？）”》%"  # what may not begin a line
_IN_DOCUMENT = re.compile(r"第(?P<number>\d+)(?P<unit>行|段)(?P<label>(?:“.*”)?)", re.DOTALL)
_NARROWEST = 40
_NOT_CARRIED = ("T06", "T07", "T08", "T09", "T13", "T14")
_LONG, _AROUND = 30, 8  # characters


def text(file: str, examination: Examination, *, colour: bool, width: int = 0) -> str:
    """Return all findings of a workbook for a terminal, with their counts.

    Sheets come in the order of their tabs; on a sheet errors come first, then as the eye meets them. A finding that is
    the same in several cells is one line with their addresses. Lines break at `width` columns; 0 leaves that to others.
    """
    lines = [_painted(file, _BOLD, colour)]
    findings = examination.findings
    for sheet in dict.fromkeys(finding.sheet for finding in findings):
        here = [finding for finding in findings if finding.sheet == sheet]
        lines += ["", _painted(sheet, _BOLD, colour) + "  " + counted(here)] if sheet else []
        for group in _by_rule(here):
            lines += _said(group, colour, width)
    lines += ["", counted(findings) + "。" if findings else "没有发现问题。"]
    if examination.errors:
        lines[-1] += "错误要改正后才能生成正式的 Word 文档；警告和提示请核对，可以不改。"
    return "\n".join(lines)


def _by_rule(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Yield the findings of one sheet, rule by rule, the graver first."""
    groups: dict[tuple[int, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((list(SEVERITIES).index(finding.severity), finding.code), []).append(finding)
    for _, group in sorted(groups.items(), key=lambda item: item[0][0]):
        yield group


def _said(group: Sequence[Finding], colour: bool, width: int) -> Iterator[str]:
    """Yield the lines of one rule on one sheet: each message with its cells, and once what to do about them."""
    first = group[0]
    head = f"  {_painted(first.gravity, _COLOURS[first.severity], colour)} {first.code}  "
    indent = " " * 12
    hints = list(dict.fromkeys(finding.hint for finding in group))
    messages: dict[tuple[str, str], list[Finding]] = {}
    for finding in group:
        messages.setdefault((finding.message, finding.hint if len(hints) > 1 else ""), []).append(finding)
    for (message, hint), same in messages.items():
        where = _painted(cells([finding.cell for finding in same]), _BOLD, colour)
        body = "".join(part for part in (where, "  " if where else "", message, hint))
        yield head + _wrapped(body, width, len(indent))
        head = indent
    if len(hints) == 1 and hints[0]:
        yield indent + _wrapped("→ " + hints[0], width, len(indent) + 2)


def cells(addresses: Sequence[str]) -> str:
    """Return addresses with runs down a column as ranges, and their number: `F23:F31、F33（10处）`."""
    if any(_IN_DOCUMENT.fullmatch(address) for address in addresses):
        return _in_document(addresses)
    places = [Range.parse(address) for address in addresses if address]
    ordered = sorted({(place.left, place.top) for place in places})
    runs = []
    for _, run in groupby(enumerate(ordered), key=lambda item: (item[1][0], item[1][1] - item[0])):
        column = [place for _, place in run]
        runs.append(Range(column[0][1], column[0][0], column[-1][1], column[-1][0]))
    shown = "、".join(map(str, sorted(runs)))
    return f"{shown}（{len(ordered)}处）" if len(ordered) > 1 else shown


def _in_document(places: Sequence[str]) -> str:
    """Return places in a Word document with runs of rows as such: `第3—10行“指标值”（8处）`."""
    rows: dict[tuple[str, str], set[int]] = {}
    others = []
    for place in dict.fromkeys(places):
        if found := _IN_DOCUMENT.fullmatch(place):
            rows.setdefault((found["unit"], found["label"]), set()).add(int(found["number"]))
        elif place:
            others.append(place)
    shown = []
    for (unit, label), numbers in rows.items():
        for _, run in groupby(enumerate(sorted(numbers)), key=lambda item: item[1] - item[0]):
            same = [number for _, number in run]
            shown.append(f"第{same[0]}{f'—{same[-1]}' if len(same) > 1 else ''}{unit}{label}")
    count = sum(map(len, rows.values())) + len(others)
    return "、".join([*shown, *others]) + (f"（{count}处）" if count > 1 else "")


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
    lines = []
    for sheet, here in groupby(mending.changes, key=lambda change: change.place.sheet if change.place else ""):
        lines += ["", sheet]
        for change in here:
            cell = change.place.cell if change.place else ""
            before, after = _where_different(change.before, change.after)
            lines.append(f"  {cell}  {_quoted(before)} → {_quoted(after)}  （{'、'.join(change.codes)}）")
    rest = counted(mending.left.findings)
    lines += ["", f"改了 {len(mending.changes)} 处，新的填报表：{output}。原来的文件没有改动。"]
    lines.append(f"新表里还有：{rest}。" if rest else "新表里没有别的问题了。")
    if lost := [one for one in found if one.code in _NOT_CARRIED]:
        lines.append(f"没有带到新表里的（{len(lost)}处，还在原来的文件里）：")
        lines += [f"  {one.sheet} {one.cell}  {one.message}" for one in lost]
    return "\n".join(lines[1:])


def _where_different(before: str, after: str) -> tuple[str, str]:
    """Return the parts of two long texts that differ, with a few characters around them."""
    if max(len(before), len(after)) <= _LONG or not before or not after:
        return before, after
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    first = max(0, start - _AROUND)
    head = "…" if first else ""
    tail = "…" if end > _AROUND else ""
    cut = max(0, end - _AROUND)
    return head + before[first : len(before) - cut] + tail, head + after[first : len(after) - cut] + tail


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def _quoted(words: str) -> str:
    return f"“{word(words)}”" if words else "空白"


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
