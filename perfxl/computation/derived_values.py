"""Values that follow from others and that nobody typed, by the families of a report type that compute something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from perfxl.computation import sheet_formulas
from perfxl.model.record import FieldPath, Record, leaves, names_only
from perfxl.report_type.model import ReportType
from perfxl.report_type.profile import Profile


def _evaluated(values: Mapping[str, Any], profile: Profile, preset: Mapping[str, Any]) -> Mapping[str, Any]:
    from perfxl.computation import evaluation_figures

    return evaluation_figures.completed(values, profile, preset.get("sections", ()))


_COMPLETIONS: Mapping[str, Callable[[Mapping[str, Any], Profile, Mapping[str, Any]], Mapping[str, Any]]] = {
    "evaluation": _evaluated
}


def completed(record: Record, report_type: ReportType, profile: Profile) -> Record:
    """Return `record` with what follows from its values, by the families that compute something.

    Results that are doubted are computed anew: forms of perfxl 0.1 count 96%, typed under the unit %, as 0.96.
    """
    if record.doubted:
        rest = Record(_without(record.values, (), record.doubted.__contains__))
        right = dict(leaves(completed(rest, report_type, profile).shown))
        values = _replaced(record.values, (), {path: right[path] for path in record.doubted if path in right})
        record = Record(values, record.places, record.traces, dates=record.dates)
    if record.completed is None:
        for family in report_type.rules:
            if family in _COMPLETIONS:
                values = _COMPLETIONS[family](record.shown, profile, report_type.preset)
                record = Record(record.values, record.places, record.traces, values, record.dates)
        if not any(family in _COMPLETIONS for family in report_type.rules):
            values = sheet_formulas.completed(record.values, report_type)
            if values is not record.values:
                record = Record(record.values, record.places, record.traces, values, record.dates, record.doubted)
    return record


def typed_only(record: Record, report_type: ReportType, profile: Profile) -> dict[str, Any]:
    """Return the values of `record` without those that its own sheets compute, and that nobody typed differently."""
    derived = {field.path for sheet in report_type.sheets for field in sheet.inputs() if field.formula}
    if not derived:
        return dict(record.values)
    found = {path: value for path, value in leaves(record.values) if names_only(path) in derived}

    def unlike(left_out: set[FieldPath]) -> set[FieldPath]:
        """Return those that come out differently when they are computed."""
        rest = Record(_without(record.values, (), lambda path: path in left_out))
        due = dict(leaves(completed(rest, report_type, profile).shown))
        return {path for path in left_out if due.get(path) != found[path]}

    # A total differs as long as a score that was typed is left out, so each is tried again beside those typed ones.
    typed = unlike(set(found))
    for path in sorted(typed, key=len, reverse=True):
        if path not in unlike(set(found) - typed | {path}):
            typed.discard(path)
    computed = set(found) - typed
    return dict(_without(record.values, (), lambda path: path in computed))


def _replaced(value: Any, here: FieldPath, new: Mapping[FieldPath, Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: _replaced(member, (*here, key), new) for key, member in value.items()}
    if isinstance(value, list):
        return [_replaced(member, (*here, index), new) for index, member in enumerate(value)]
    return new.get(here, value)


def _without(value: Any, here: FieldPath, left_out: Callable[[FieldPath], bool]) -> Any:
    if isinstance(value, Mapping):
        members = {key: _without(member, (*here, key), left_out) for key, member in value.items()}
        return {key: member for key, member in members.items() if not left_out((*here, key))}
    if isinstance(value, list):
        return [_without(member, (*here, index), left_out) for index, member in enumerate(value)]
    return value
