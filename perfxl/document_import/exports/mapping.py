"""Mapping files: which column of an export is which field of a report type.

A mapping is a JSON file. `document_type` is the report type; `columns` leads from the columns of the export to fields,
written as `projects.indicators.name`; `values` has what stands in no column; `words` has the words of the export for
those of a field, `factors` what its numbers are multiplied by; `totals` are the words by which rows of totals are
known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.document_import.label_text import compact, label_keys
from perfxl.document_import.vocabulary import Names, Slot, Vocabulary, vocabulary
from perfxl.report_type import catalog
from perfxl.report_type.model import ReportType

TOTALS = ("合计", "总计", "小计")

_KEYS = ("document_type", "columns", "values", "words", "factors", "totals", "description")
_STEP = re.compile(r"([a-z][a-z0-9_]*)(?:\[([^\]]+)\])?")


class MappingFault(Exception):
    """A mapping file cannot be used; the message is a Chinese sentence that says where and what to do."""


class MappedField(NamedTuple):
    """What a column is: the field, and where it belongs to a list that has rows, that list and the column in it.

    `row` names a row that the list has once, as `funding_lines[其他资金]` does, by the text of its first column.
    """

    slot: Slot
    rows: Slot | None = None
    row: str = ""

    @property
    def name(self) -> str:
        return ".".join(self.slot.path)


class ExportMapping(NamedTuple):
    """A mapping file that was understood.

    `columns` are by their names without blanks; `parts` are these names, and of 资金支出计划/3月底 each of the two.
    """

    report_type: ReportType
    columns: Mapping[str, MappedField]
    values: Mapping[str, Any]
    words: Mapping[str, Mapping[str, str]]
    factors: Mapping[str, Decimal]
    totals: frozenset[str]
    parts: frozenset[str]

    def target(self, name: str) -> MappedField | None:
        """Return what a column of that name is; brackets behind it and a number before it are overlooked."""
        return next((self.columns[key] for key in label_keys(name) if key in self.columns), None)


def understood(data: bytes, home: Path) -> ExportMapping:
    """Return the mapping that a file holds. Raises `MappingFault`."""
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as trouble:
        raise MappingFault(f"映射文件不是能读的 JSON 文件（{trouble}）。") from trouble
    if not isinstance(told, dict):
        raise MappingFault("映射文件应是一个 JSON 对象，里面有 document_type 和 columns。")
    unknown = [key for key in told if key not in _KEYS]
    if unknown:
        raise MappingFault(f"映射文件里没有“{unknown[0]}”这一项，能写的有：{'、'.join(_KEYS)}。")
    report_type = _report_type(told.get("document_type"), home)
    fields = _Fields(report_type)
    columns = {
        "/".join(compact(part) for part in name.split("/")): fields.target(path, f"columns 的“{name}”")
        for name, path in _texts(told, "columns").items()
    }
    if not columns:
        raise MappingFault("映射文件的 columns 是空的：请写明导出文件的哪一列是哪个栏目。")
    parts = frozenset(part for name in columns for part in (name, *name.split("/")))
    words = {
        fields.known(path, "words"): {
            compact(theirs): ours for theirs, ours in _pairs(each, f"words 的“{path}”").items()
        }
        for path, each in _object(told, "words").items()
    }
    factors = {fields.known(path, "factors"): _factor(path, each) for path, each in _object(told, "factors").items()}
    values = {fields.of_document(path): each for path, each in _object(told, "values").items()}
    totals = told.get("totals", list(TOTALS))
    if not isinstance(totals, list) or not all(isinstance(each, str) for each in totals):
        raise MappingFault('映射文件的 totals 应是几个词，例如：["合计"]。')
    return ExportMapping(report_type, columns, values, words, factors, frozenset(map(compact, totals)), parts)


def _report_type(name: object, home: Path) -> ReportType:
    types = {each.id: each for each in catalog.every(home)}
    if not isinstance(name, str) or name not in types:
        known = "、".join(f"{each.id}（{each.title}）" for each in types.values())
        raise MappingFault(f"映射文件的 document_type 应是其中一种：{known}。")
    return types[name]


def _object(told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = told.get(key, {})
    if not isinstance(found, dict):
        raise MappingFault(f"映射文件的 {key} 应是“名称: 内容”的对象。")
    return found


def _texts(told: Mapping[str, Any], key: str) -> Mapping[str, str]:
    return _pairs(_object(told, key), key)


def _pairs(found: object, where: str) -> Mapping[str, str]:
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise MappingFault(f"映射文件的 {where} 应是“文字: 文字”的对象。")
    return found


def _factor(path: str, told: object) -> Decimal:
    try:
        factor = Decimal(str(told))
    except InvalidOperation:
        factor = Decimal("NaN")
    if not factor.is_finite() or not factor:
        raise MappingFault(f"映射文件 factors 的“{path}”应是一个数字，例如元换成万元写 0.0001。")
    return factor


class _Fields:
    """The fields of a report type that columns may lead to."""

    def __init__(self, report_type: ReportType) -> None:
        self._words: Vocabulary = vocabulary(report_type)
        self._leaves = {".".join(slot.path): slot for slot in self._words.slots if slot.is_leaf or slot.is_texts}

    def known(self, path: str, where: str) -> str:
        """Return the path of a field without rows; raises `MappingFault` where there is none of that name."""
        return self.target(path, f"{where} 的“{path}”").name

    def of_document(self, path: str) -> str:
        """Return the path of a field that a document has once."""
        target = self.target(path, f"values 的“{path}”")
        if len(target.slot.path) > 1 and (target.rows or target.slot.path[0] in self._words.each):
            raise MappingFault(f"映射文件 values 的“{path}”不是整份填报表的栏目。")
        return target.name

    def target(self, path: str, where: str) -> MappedField:
        steps = _STEP.findall(path)
        names: Names = tuple(name for name, _ in steps)
        slot = self._leaves.get(".".join(names))
        row = next((text for _, text in steps if text), "")
        if slot is None or ".".join(f"{name}[{text}]" if text else name for name, text in steps) != path:
            near = get_close_matches(path, self._leaves, 1, 0.5)
            perhaps = f"，是不是“{near[0]}”" if near else f"，能写的有：{'、'.join(self._leaves)}"
            raise MappingFault(f"映射文件 {where}写的是“{path}”，没有这个栏目{perhaps}。")
        rows = next((self._list(slot.path[:end]) for end in range(1, len(names)) if self._list(slot.path[:end])), None)
        if row and (rows is None or steps[len(rows.path) - 1][1] != row):
            raise MappingFault(f"映射文件 {where}的方括号只能写在列表后面，例如 funding_lines[其他资金]。")
        return MappedField(slot, rows, row)

    def _list(self, path: Names) -> Slot | None:
        slot = self._words.by_path[path]
        return slot if slot.is_rows and path[-1] not in self._words.each else None
