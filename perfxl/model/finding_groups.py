"""Findings as people read them, whatever shows them: sheet by sheet, rule by rule, the same thing said once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from perfxl.model.addresses import Range
from perfxl.model.finding import SEVERITIES, Finding, catalogue, counted
from perfxl.model.remark import Severity

_IN_DOCUMENT = re.compile(r"第(?P<number>\d+)(?P<unit>行|段)(?P<label>(?:“.*”)?)", re.DOTALL)


class GroupedMessage(NamedTuple):
    """A message with the cells to which it applies. `hint` is empty where the rule has one for all its messages."""

    cells: str
    message: str
    hint: str


class RuleGroup(NamedTuple):
    """What one rule found on one sheet. `hint` is what to do, where that is the same for all."""

    severity: Severity
    code: str
    messages: tuple[GroupedMessage, ...]
    hint: str


class SheetGroup(NamedTuple):
    """The findings on one sheet, the graver first; those on no sheet have an empty name."""

    sheet: str
    counts: str
    rules: tuple[RuleGroup, ...]


SEVERAL = "多张工作表"
_NUMBERED = re.compile(r"第\d+(?:个|条|行|项)(?:指标)?的?")  # which of the cells it is, said by the link as well
_MANY = 3  # sheets on which the same is said, from which it is said once


def by_sheet(findings: Sequence[Finding]) -> Iterator[SheetGroup]:
    """Yield findings by sheet, in the order of the tabs; on a sheet errors come first, then as the eye meets them.

    What is the same on many sheets comes after them, said once. Last comes how things are written, in one group.
    """
    style = [finding for finding in findings if finding.is_style]
    rest = [finding for finding in findings if not finding.is_style]
    sheets: dict[tuple[str, str, str], set[str]] = {}
    for finding in rest:
        sheets.setdefault(_said(finding), set()).add(finding.sheet)
    alone = [finding for finding in rest if len(sheets[_said(finding)]) < _MANY]
    for sheet in dict.fromkeys(finding.sheet for finding in alone):
        here = [finding for finding in alone if finding.sheet == sheet]
        yield SheetGroup(sheet, counted(here), tuple(map(_rule, _by_rule(here))))
    if many := [finding for finding in rest if len(sheets[_said(finding)]) >= _MANY]:
        yield SheetGroup(SEVERAL, counted(many), tuple(map(_rule, _by_rule(many))))
    if style:
        rules = tuple(_written(group) for group in _by_rule(style))
        yield SheetGroup(f"可自动改正 {len(style)} 处", "只是写法，可以让程序一并改好", rules)


def _said(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.message, finding.hint


def _written(group: Sequence[Finding]) -> RuleGroup:
    """Return where one kind of thing is not written properly: the list behind the line that counts them."""
    title = catalogue()[group[0].code].title
    said = GroupedMessage(_on_sheets([(one.sheet, one.cell) for one in group]), title, "")
    return RuleGroup(group[0].severity, group[0].code, (said,), "")


def _on_sheets(places: Sequence[tuple[str, str]]) -> str:
    """Return cells of one sheet as `cells` does, and those of several with the names of their sheets."""
    sheets = list(dict.fromkeys(sheet for sheet, _ in places))
    if len(sheets) == 1:
        return cells([cell for _, cell in places])
    shown = [f"{sheet} {cells([cell for here, cell in places if here == sheet])}".strip() for sheet in sheets]
    return "；".join(shown)


def _by_rule(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    groups: dict[tuple[int, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((list(SEVERITIES).index(finding.severity), finding.code), []).append(finding)
    for _, group in sorted(groups.items(), key=lambda item: item[0][0]):
        yield group


def _rule(group: Sequence[Finding]) -> RuleGroup:
    """Return what one rule found: each message with its cells, and once what to do about them."""
    hints = list(dict.fromkeys(finding.hint for finding in group))
    several = len(hints) > 1
    messages: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for finding in group:
        place = finding.sheet, finding.cell
        messages.setdefault((finding.message, finding.hint if several else ""), []).append(place)
    said = tuple(GroupedMessage(_on_sheets(places), message, hint) for (message, hint), places in messages.items())
    return RuleGroup(group[0].severity, group[0].code, said, "" if several else hints[0])


def cells(addresses: Sequence[str]) -> str:
    """Return addresses with runs down a column as ranges, and their number: `F23:F31、F33（10处）`."""
    if any(_IN_DOCUMENT.fullmatch(address) for address in addresses):
        return _in_document(addresses)
    shown = "、".join(runs(addresses))
    number = len({Range.parse(address)[:2] for address in addresses if address})
    return f"{shown}（{number}处）" if number > 1 else shown


def runs(addresses: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses of cells with those below one another as ranges, in the order of their rows."""
    places = [Range.parse(address) for address in addresses if address]
    ordered = sorted({(place.left, place.top) for place in places})
    found = []
    for _, run in groupby(enumerate(ordered), key=lambda item: (item[1][0], item[1][1] - item[0])):
        column = [place for _, place in run]
        found.append(Range(column[0][1], column[0][0], column[-1][1], column[-1][0]))
    return tuple(map(str, sorted(found)))


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


class Slip(NamedTuple):
    """What is wrong in the same way in several cells of one sheet: one line of a list, with a link to each range."""

    sheet: str
    ranges: tuple[str, ...]
    what: str
    hint: str


def slips(findings: Sequence[Finding]) -> Iterator[Slip]:
    """Yield findings folded: the graver first, then as they come; the same on one sheet is said once."""
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: list(SEVERITIES).index(one.severity)):
        groups.setdefault((finding.code, finding.sheet, _alike(finding), _cure(finding)), []).append(finding)
    for (code, sheet, said, hint), group in groups.items():
        first = group[0]
        places = list(dict.fromkeys(finding.cell for finding in group if finding.cell))
        several = len(places) > 1
        message = f"{said}（{len(places)}处）" if several else first.message
        yield Slip(sheet, runs(places), f"{first.gravity} {code}：{message}", hint if several else first.hint)


def _alike(finding: Finding) -> str:
    """Return what is said of all cells with the same slip. How a thing is written is said of each in other words."""
    return catalogue()[finding.code].title if finding.is_style else _NUMBERED.sub("", finding.message)


def _cure(finding: Finding) -> str:
    return "点“改正”可以一并改好。" if finding.is_style else finding.hint
