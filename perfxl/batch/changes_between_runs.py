"""What has changed since the last run: which workbooks are new, mended, worse, sent again or gone, by name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from perfxl.batch.ledger import Ledger
from perfxl.batch.serialization import shown
from perfxl.batch.states import STATES
from perfxl.batch.urgency import MISSING

KINDS = {
    "worse": "变差",
    "new": "新报",
    "mended": "改好",
    "resent": "重报",
    "other": "状态变化",
    "gone": "撤下",
}
"""The kinds of changes, those first that somebody has to look at."""

_UNREADABLE = frozenset(("unread", "stray", "trouble", "template", "fault", "missing"))
_MISSING = b"\0"  # before the code of a unit that has not reported, in the place of a path; no path begins so

_CODES = ", ".join(f"'{code}'" for code in MISSING)
# What the ranking says of each workbook and missing unit, with the digest of the workbook and the name of its unit.
_NOW = f"""
    SELECT ranking.path AS path, ranking.state AS state, ranking.errors AS errors, ranking.warnings AS warnings,
        coalesce(workbook.input, x'') AS input, coalesce(workbook.unit_name, '') AS unit
    FROM temp.ranking JOIN workbook ON workbook.path = ranking.path WHERE notice IS NULL
    UNION ALL SELECT CAST(char(0) || coalesce(
            nullif(json_extract(finding, '$.unit_code'), ''), json_extract(finding, '$.unit_name')
        ) AS BLOB), 'missing', 1, 0, x'',
        json_extract(finding, '$.unit_name') FROM notice WHERE code IN ({_CODES})"""


class RunResult(NamedTuple):
    """What a run told of a workbook."""

    path: bytes
    unit: str
    state: str
    errors: int
    warnings: int
    input: bytes

    @property
    def missing(self) -> bool:
        return self.path[:1] == _MISSING

    @property
    def badness(self) -> tuple[bool, int, int]:
        return self.state in _UNREADABLE, self.errors, self.warnings


class RunChange(NamedTuple):
    """A workbook of which there is something else to tell than last time; `said` is what, in a clause."""

    kind: str
    path: str
    unit: str
    said: str

    @property
    def sentence(self) -> str:
        """What people are told: the unit, or else the file, and what has changed."""
        return f"{self.unit or self.path}：{self.said}"


def note_changes(ledger: Ledger, places: Mapping[bytes, int]) -> list[RunChange]:
    """Enter what has changed since the last run that ended, and return it. All have to be ranked.

    `places` says of forms that were sent again in how many places they differ, by path.

    On a first run everything would be new, and nothing is entered. Where nothing has changed, what an earlier run has
    entered stays. Asked again before `remember`, it finds the same.
    """
    with ledger:
        before = _read(ledger, "SELECT * FROM told")
        now = _read(ledger, _NOW)
        others = _renamed(before, now)
        found = _between(before, now, _codes(ledger), others) if before else []
        # Saved again, a form is another file that says the same.
        found = [
            change for change in found if change[0] != "resent" or places.get(change[1]) != 0 or change[1] in others
        ]
        if found:
            found = [(*change[:3], _with_places(change[3], places.get(change[1]))) for change in found]
            order = list(KINDS)
            found.sort(key=lambda change: (order.index(change[0]), change[1]))
            ledger.execute("DELETE FROM change")
            ledger.many("INSERT INTO change (kind, path, unit, said) VALUES (?, ?, ?, ?)", found)
    return changes(ledger) if found else []


def renamed(ledger: Ledger) -> dict[bytes, bytes]:
    """Return the workbooks that came under another name than last time, with that name. All have to be ranked."""
    return _renamed(_read(ledger, "SELECT * FROM told"), _read(ledger, _NOW))


def _renamed(before: Mapping[bytes, RunResult], now: Mapping[bytes, RunResult]) -> dict[bytes, bytes]:
    """Return the path of each workbook that is new while the only one of its unit has gone, with the path of that."""
    were = {path: told for path, told in before.items() if not told.missing and told.state != "gone" and told.unit}
    are = {path: told for path, told in now.items() if not told.missing and told.state != "gone" and told.unit}
    gone = _by_unit(told for path, told in were.items() if path not in are)
    new = _by_unit(told for path, told in are.items() if path not in were)
    both = {unit: (new[unit], gone[unit]) for unit in gone.keys() & new.keys()}
    return {new[0]: gone[0] for new, gone in both.values() if len(new) == len(gone) == 1}


def _by_unit(workbooks: Iterable[RunResult]) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for told in workbooks:
        found.setdefault(told.unit, []).append(told.path)
    return found


def remember(ledger: Ledger) -> None:
    """Enter what is told this time, for the next run to compare with."""
    now = _read(ledger, _NOW)
    ledger.execute("DELETE FROM told")
    ledger.many("INSERT INTO told VALUES (?, ?, ?, ?, ?, ?)", now.values())


def changes(ledger: Ledger) -> list[RunChange]:
    """Return what has changed, as it was entered."""
    rows = ledger.execute("SELECT kind, path, unit, said FROM change ORDER BY place").fetchall()
    return [RunChange(row["kind"], shown(os.fsdecode(row["path"])), row["unit"], row["said"]) for row in rows]


def _read(ledger: Ledger, query: str) -> dict[bytes, RunResult]:
    rows = ledger.execute(query).fetchall()
    columns = ("path", "unit", "state", "errors", "warnings", "input")
    return {row["path"]: RunResult(*(row[column] for column in columns)) for row in rows}


def _codes(ledger: Ledger) -> dict[bytes, bytes]:
    return {
        row["path"]: os.fsencode(row["unit_code"] or "")
        for row in ledger.execute("SELECT path, unit_code FROM workbook")
    }


def _between(
    before: Mapping[bytes, RunResult],
    now: Mapping[bytes, RunResult],
    codes: Mapping[bytes, bytes],
    others: Mapping[bytes, bytes],
) -> list[tuple[str, bytes, str, str]]:
    """Return what has changed; `codes` are those of the units, by the paths of their workbooks.

    `others` are the names under which workbooks came last time.
    """
    left = set(others.values())
    awaited = {told.path.removeprefix(_MISSING) for told in before.values() if told.missing}
    found: list[tuple[str, bytes, str, str]] = []
    for path, told in now.items():
        last = before.get(path)
        if told.missing or path in left:
            continue
        if path in others:
            found.append(_under_another_name(before[others[path]], told))
        elif last is None or (last.state == "gone" and told.state != "gone"):
            if told.state != "gone":
                late = "补报，" if {codes.get(path), os.fsencode(told.unit)} & awaited else ""
                found.append(("new", path, told.unit, late + _counted(told)))
        elif told.state == "gone":
            if last.state != "gone":
                found.append(("gone", path, told.unit, "填报表不在了，以前生成的文档保留着"))
        elif (change := _change(last, told)) is not None:
            found.append((change[0], path, told.unit or last.unit, change[1]))
    for path, last in before.items():
        if path not in now and path not in left and not last.missing and last.state != "gone":
            found.append(("gone", path, last.unit, "填报表不在了"))
    return found


def _under_another_name(last: RunResult, told: RunResult) -> tuple[str, bytes, str, str]:
    change = _change(last, told)
    kind, said = change or ("other", "内容没有变")
    name = shown(os.fsdecode(last.path))
    return kind, told.path, told.unit, f"文件名改了（原来是“{name}”），{said}"


def _change(last: RunResult, told: RunResult) -> tuple[str, str] | None:
    """Return the kind of a change and what is said of it; None where there is none."""
    said = _differences(last, told)
    resent = last.input != told.input
    if told.badness != last.badness:
        kind = "mended" if told.badness < last.badness else "worse"
    elif told.state != last.state:
        kind = "other"
    elif resent:
        return "resent", f"内容有改动，{_counted(told)}"
    else:
        return None
    return kind, "，".join(said)


def _with_places(said: str, places: int | None) -> str:
    return f"{said}（改了 {places} 处）" if places else said


def _differences(last: RunResult, told: RunResult) -> Sequence[str]:
    said = []
    if told.state in _UNREADABLE:
        return [STATES[told.state]]
    if last.state in _UNREADABLE:
        return [f"原来{STATES[last.state]}", _counted(told)]
    for name, was, is_ in (("错误", last.errors, told.errors), ("警告", last.warnings, told.warnings)):
        if was != is_:
            said.append(f"{name} {was}→{is_}")
    if told.state != last.state:
        said.append(STATES[told.state])
    return said


def _counted(told: RunResult) -> str:
    if told.state in _UNREADABLE:
        return STATES[told.state]
    return f"错误 {told.errors}，警告 {told.warnings}，{STATES[told.state]}"
