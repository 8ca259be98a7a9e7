"""Safe repairs: what the findings offer, made on a copy of the values, until nothing safe is left to mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any, NamedTuple

from perfxl import checks
from perfxl.computation.derived_values import typed_only
from perfxl.model.finding import Finding
from perfxl.model.numbers import decimal_of
from perfxl.model.record import FieldPath, Place, Record, leaves, names_only, path_text
from perfxl.pipeline.examine import Examination
from perfxl.report_type.model import ReportType
from perfxl.workbook.form.form import write
from perfxl.workbook.macros.form_buttons import Macros

# A text may need several repairs, one after the other; every round makes one of each value.
_ROUNDS = 12
_STEP = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class Repair(NamedTuple):
    """A value that was mended, with the cell it came from. `codes` are the findings that asked for it.

    `before` or `after` is empty where there was nothing, or nothing is left.
    """

    path: FieldPath
    codes: tuple[str, ...]
    place: Place | None
    before: str
    after: str

    def as_json(self) -> dict[str, Any]:
        """Return the change as `check --fix --json` prints it."""
        place = self.place or Place("")
        words = {"codes": list(self.codes), "sheet": place.sheet, "cell": place.cell, "field": path_text(self.path)}
        return {**words, "before": self.before, "after": self.after}


class Mending(NamedTuple):
    """A workbook with the safe repairs made, what was changed, and what is left to do in it."""

    workbook: bytes
    changes: tuple[Repair, ...]
    left: Examination


def mended(examination: Examination, macros: Macros | None = None) -> Mending | None:
    """Return a new workbook of what was examined with every safe repair made, or None where there is none to make.

    `macros` are those of its buttons, where it is to have any.
    """
    record, report_type, rules = examination.record, examination.report_type, examination.profile
    if record is None or report_type is None or rules is None:
        return None
    # Cells keep their old addresses, which are those that people have before their eyes.
    sheets = list(dict.fromkeys(place.sheet for place in record.places.values()))

    def findings_on(now: Record) -> list[Finding]:
        return checks.check(now, report_type, rules, sheets=sheets)

    result, changes = mend(record, report_type, findings_on)
    if not changes:
        return None
    left = Examination(tuple(findings_on(result)), report_type, result, rules)
    values = typed_only(result, report_type, rules)  # what the sheets compute goes on being computed
    return Mending(write(report_type, values, macros=macros), changes, left)


def mend(
    record: Record, report_type: ReportType, findings_on: Callable[[Record], Sequence[Finding]]
) -> tuple[Record, tuple[Repair, ...]]:
    """Return `record` with every safe repair made, and what differs from the cells it was read from.

    `findings_on` checks a record. What was read otherwise than it was typed (V07) counts as a change, because the new
    workbook holds what was read.
    """
    values = deepcopy(dict(record.values))
    asked: dict[FieldPath, list[str]] = {}
    seen: dict[FieldPath, list[Any]] = {}
    for _ in range(_ROUNDS):
        now = Record(values, record.places, dates=record.dates)
        offered = {finding.field: finding for finding in reversed(findings_on(now)) if finding.repair is not None}
        done = [_apply(values, finding, report_type, asked, seen) for finding in offered.values()]
        if not any(done):
            break
    mended = Record(values, record.places, dates=record.dates)
    return mended, _changes(record, mended, asked)


def _apply(
    values: dict[str, Any],
    finding: Finding,
    report_type: ReportType,
    asked: dict[FieldPath, list[str]],
    seen: dict[FieldPath, list[Any]],
) -> bool:
    """Make one repair; return whether it changed anything. A mapping mends fields that stand beside one another."""
    path = path_of(finding.field)
    fields = finding.repair if isinstance(finding.repair, Mapping) else {path[-1]: finding.repair}
    changed = False
    for key, value in fields.items():
        here = (*path[:-1], key)
        new = _typed(value, here, report_type)
        old = _get(values, here)
        # Two rules that undo one another must not go on for ever: no value comes back.
        if new == old or new in seen.setdefault(here, [old]):
            continue
        seen[here].append(new)
        _put(values, here, new)
        asked.setdefault(here, []).append(finding.code)
        changed = True
    return changed


def path_of(text: str) -> FieldPath:
    """Return the path that `path_text` printed."""
    return tuple(int(index) if index else name for index, name in _STEP.findall(text))


def _typed(value: Any, path: FieldPath, report_type: ReportType) -> Any:
    """Return a repair as the record holds it: a number where the field takes one and it is one; None for a blank."""
    if value in (None, ""):
        return None
    if isinstance(value, list):
        return value
    kind = report_type.node(names_only(path)).get("type", "")
    if "number" in kind and _NUMBER.fullmatch(str(value)):
        return decimal_of(str(value))
    return str(value)


def _get(values: Any, path: FieldPath) -> Any:
    for step in path:
        try:
            values = values[step]
        except (KeyError, IndexError):
            return None
    return values


def _put(values: Any, path: FieldPath, value: Any) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {}) if isinstance(values, dict) else values[step]
    if value is None:
        values.pop(path[-1], None)
    else:
        values[path[-1]] = value


def _changes(before: Record, after: Record, asked: Mapping[FieldPath, Sequence[str]]) -> tuple[Repair, ...]:
    old, new = dict(leaves(before.values)), dict(leaves(after.values))
    typed = {trace.path: trace.raw for trace in before.traces}
    changes = []
    for path in [*old, *(path for path in new if path not in old)]:
        if path not in typed and old.get(path) == new.get(path):
            continue
        codes = next((codes for at, codes in asked.items() if path[: len(at)] == at), [])
        read = ("V07",) if path in typed else ()
        first = typed.get(path, _word(old.get(path)))
        changes.append(Repair(path, (*read, *dict.fromkeys(codes)), before.place(path), first, _word(new.get(path))))
    return tuple(changes)


def _word(value: Any) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
