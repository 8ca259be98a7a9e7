"""What changed from one record to another: which field of what, from which cell to which, from what to what."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from perfxl.document.template.context import printed
from perfxl.model.record import FieldPath, Place, Record, path_text
from perfxl.pipeline.comparison.alignment import by_identity, in_order, moved
from perfxl.report_type.model import Field, ReportType, RowList, Sheet

Kind = Literal["changed", "added", "removed", "moved"]
KINDS: Mapping[Kind, str] = {"changed": "修改", "added": "新增", "removed": "删除", "moved": "移动"}

_NAMES = 24  # signs of a name by which a row is called
_NOWHERE = -1  # the index in the path of a version in which there is no such row
_PLAIN_LIKENESS = 0.4  # of two lines of a list, from which one is the other's new version


class Change(NamedTuple):
    """One difference.

    `item` says of which project, empty where it is of the report as a whole; `label` which field or row. `old` and
    `new` are the values as people read them, empty where there is none. `path` leads to the value in the new version,
    or in the old one where it is gone; a place is None where that version has nothing there.
    """

    kind: Kind
    item: str
    label: str
    old: str
    new: str
    path: FieldPath
    old_place: Place | None
    new_place: Place | None

    def as_json(self) -> dict[str, Any]:
        """Return the change for programs."""
        return {
            "kind": self.kind,
            "item": self.item,
            "label": self.label,
            "field": path_text(self.path),
            "old": self.old,
            "new": self.new,
            "old_cell": self.old_place._asdict() if self.old_place else None,
            "new_cell": self.new_place._asdict() if self.new_place else None,
        }


def changes(old: Record, new: Record, report_type: ReportType) -> list[Change]:
    """Return every difference between two records of one type, in the order of the form.

    Amounts are compared as amounts and texts sign by sign; what the form computes counts like what was typed. Projects
    and rows belong together by code, by name, or because they are alike, wherever they stand; that one has changed its
    place is said as well.
    """
    return list(_Comparison(old, new).of(report_type))


class _Sides(NamedTuple):
    """The same thing in both versions, each with the path that leads to it."""

    old: Any
    new: Any
    old_path: FieldPath
    new_path: FieldPath

    def inner(self, steps: Sequence[str]) -> _Sides:
        old, new = _at(self.old, steps), _at(self.new, steps)
        return _Sides(old, new, (*self.old_path, *steps), (*self.new_path, *steps))


class _Comparison:
    def __init__(self, old: Record, new: Record) -> None:
        self._old, self._new = old, new

    def of(self, report_type: ReportType) -> Iterator[Change]:
        both = _Sides(self._old.shown, self._new.shown, (), ())
        for sheet in report_type.sheets:
            if sheet.each:
                yield from self._items(sheet, both.inner((sheet.each,)), report_type)
            else:
                yield from self._sheet(sheet, both, "", depth=0)

    def _sheet(self, sheet: Sheet, both: _Sides, item: str, depth: int) -> Iterator[Change]:
        for field in sheet.fields:
            yield from self._field(field, both.inner(field.path[depth:]), item, field.label)
        for rows in sheet.lists:
            inner = both.inner(rows.path[depth:])
            yield from self._lines(rows, inner, item) if rows.plain else self._rows(rows, inner, item)

    def _field(self, field: Field, both: _Sides, item: str, label: str) -> Iterator[Change]:
        if _same(both.old, both.new):
            return
        old, new = said(both.old, field), said(both.new, field)
        kind: Kind = "added" if both.old is None else "removed" if both.new is None else "changed"
        yield self._change(kind, item, label, old, new, both)

    def _items(self, sheet: Sheet, both: _Sides, report_type: ReportType) -> Iterator[Change]:
        old, new = both.old or [], both.new or []
        name = _naming(sheet.fields)
        code = next((field for field in sheet.fields if field.format == "code"), None)
        fields = [*sheet.inputs()]
        keys = [_keys(field, old, new, 1) for field in (code, name) if field is not None]
        pairs = by_identity(_contents(old, fields, 1), _contents(new, fields, 1), keys)
        what = str(report_type.node((sheet.each,))["x-label"])
        changed_places = moved(pairs)
        for before, at in _as_read(pairs):
            sides = _pair(both, old, new, before, at)
            called = _called(what, name, sides, 1)
            if before is None or at is None:
                kind: Kind = "added" if before is None else "removed"
                there = sides.new if before is None else sides.old
                number = (at if before is None else before) or 0
                yield self._change(kind, "", called, *_sided(_item_text(number, there, sheet), kind), sides)
                continue
            if (before, at) in changed_places:
                yield self._change("moved", "", called, f"第{before + 1}个", f"第{at + 1}个", sides)
            yield from self._sheet(sheet, sides, called, depth=1)

    def _rows(self, rows: RowList, both: _Sides, item: str) -> Iterator[Change]:
        old, new = both.old or [], both.new or []
        depth = len(rows.path)
        name = _naming(rows.columns)
        keys = [_keys(name, old, new, depth)] if name is not None else []
        pairs = by_identity(_contents(old, rows.columns, depth), _contents(new, rows.columns, depth), keys)
        changed_places = moved(pairs)
        for before, at in _as_read(pairs):
            sides = _pair(both, old, new, before, at)
            called = _called(rows.label, name, sides, depth)
            if before is None or at is None:
                kind: Kind = "added" if before is None else "removed"
                content = _row_text(sides.new if before is None else sides.old, rows, depth)
                yield self._change(kind, item, called, *_sided(content, kind), sides)
                continue
            if (before, at) in changed_places:
                yield self._change("moved", item, called, f"第{before + 1}行", f"第{at + 1}行", sides)
            for column in rows.columns:
                inner = sides.inner(column.path[depth:])
                yield from self._field(column, inner, item, f"{called}的{column.label}")

    def _lines(self, rows: RowList, both: _Sides, item: str) -> Iterator[Change]:
        old, new = ([str(line) for line in side or []] for side in (both.old, both.new))
        for before, at in in_order(old, new, _PLAIN_LIKENESS):
            sides = _pair(both, old, new, before, at)
            number = (before if at is None else at) or 0
            label = f"{rows.label}第{number + 1}{'条' if item else '段'}"
            if before is None or at is None:
                kind: Kind = "added" if before is None else "removed"
                yield self._change(kind, item, label, sides.old or "", sides.new or "", sides)
            elif sides.old != sides.new:
                yield self._change("changed", item, label, sides.old, sides.new, sides)

    def _change(self, kind: Kind, item: str, label: str, old: str, new: str, both: _Sides) -> Change:
        old_place, new_place = _place(self._old, both.old_path), _place(self._new, both.new_path)
        path = both.old_path if _NOWHERE in both.new_path else both.new_path
        return Change(kind, item, label, old, new, path, old_place, new_place)


def _place(record: Record, path: FieldPath) -> Place | None:
    if _NOWHERE in path:
        return None
    if isinstance(path[-1], int):  # a row or a project is where its first value is
        path = next((inner for inner in record.places if inner[: len(path)] == path), path)
    return record.place(path)


def _at(value: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        if not isinstance(value, Mapping) or step not in value:
            return None
        value = value[step]
    return value


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, str) or isinstance(new, str):
        return bool(old == new) or (not old and not new)
    return bool(old == new)


def said(value: Any, field: Field) -> str:
    """Return a value as people read it in the form."""
    if value is None:
        return ""
    return value if isinstance(value, str) else printed(value, field.schema)


def _naming(fields: Sequence[Field]) -> Field | None:
    """Return the field by which people call a row: the first short text that is neither a code nor chosen."""
    texts = [field for field in fields if field.format is None and field.types == ("string",)]
    free = [field for field in texts if "enum" not in field.schema and "examples" not in field.schema]
    return next(iter([field for field in free if "maxLength" in field.schema] or free), None)


def _keys(field: Field, old: Sequence[Any], new: Sequence[Any], depth: int) -> tuple[list[Hashable], list[Hashable]]:
    steps = field.path[depth:]
    return [_key(_at(one, steps)) for one in old], [_key(_at(one, steps)) for one in new]


def _key(value: Any) -> Hashable:
    return "".join(str(value).split()) if value is not None else ""


def _contents(items: Sequence[Any], fields: Sequence[Field], depth: int) -> list[str]:
    return ["\n".join(_texts(item, fields, depth)) for item in items]


def _texts(item: Any, fields: Sequence[Field], depth: int) -> Iterator[str]:
    for field in fields:
        for value in _all_at(item, field.path[depth:]):
            yield value if isinstance(value, str) else f"{value.normalize():f}" if _is_number(value) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal) and value.is_finite()


def _all_at(value: Any, steps: Sequence[str]) -> Iterator[Any]:
    """Yield what steps lead to, in each row of a list on the way."""
    if isinstance(value, list):
        for one in value:
            yield from _all_at(one, steps)
    elif not steps:
        if value is not None:
            yield value
    elif isinstance(value, Mapping) and steps[0] in value:
        yield from _all_at(value[steps[0]], steps[1:])


def _pair(both: _Sides, old: Sequence[Any], new: Sequence[Any], before: int | None, at: int | None) -> _Sides:
    return _Sides(
        None if before is None else old[before],
        None if at is None else new[at],
        (*both.old_path, _NOWHERE if before is None else before),
        (*both.new_path, _NOWHERE if at is None else at),
    )


def _as_read(pairs: Sequence[tuple[int | None, int | None]]) -> list[tuple[int | None, int | None]]:
    """Return pairs in the order in which people read: what is gone stands behind what it stood behind."""
    follows: dict[int, int] = {before: at for before, at in pairs if before is not None and at is not None}
    last = -1
    places: dict[tuple[int | None, int | None], tuple[int, int, int]] = {}
    for before, at in sorted((pair for pair in pairs if pair[0] is not None), key=lambda pair: pair[0] or 0):
        assert before is not None
        last = follows.get(before, last)
        places[before, at] = (last, 1, before)
    return sorted(pairs, key=lambda pair: (pair[1], 0, 0) if pair[1] is not None else places[pair])


def _called(what: str, name: Field | None, sides: _Sides, depth: int) -> str:
    value = None
    if name is not None:
        value = _at(sides.new, name.path[depth:]) or _at(sides.old, name.path[depth:])
    if value:
        text = " ".join(str(value).split())
        return f"{what}“{text if len(text) <= _NAMES else text[: _NAMES - 2] + '……'}”"
    path = sides.new_path if sides.new is not None else sides.old_path
    return f"{what}第{int(path[-1]) + 1}行"


def _item_text(number: int, item: Any, sheet: Sheet) -> str:
    """Return what is said of a project that came or went: where it stands, and what it asks for."""
    money = next((field for field in sheet.fields if field.format == "money"), None)
    value = _at(item, money.path[1:]) if money is not None else None
    return (
        f"第{number + 1}个"
        if money is None or value is None
        else f"第{number + 1}个，{money.label}{said(value, money)}"
    )


def _row_text(row: Any, rows: RowList, depth: int) -> str:
    values = ((column, _at(row, column.path[depth:])) for column in rows.columns)
    return "；".join(f"{column.label}：{said(value, column)}" for column, value in values if value is not None)


def _sided(content: str, kind: Kind) -> tuple[str, str]:
    return ("", content) if kind == "added" else (content, "")
