"""What the schema says, in the clerk's words.

Every failure becomes a remark with the cell's path; jsonschema's English and regular expressions reach nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from perfxl.model.record import FieldPath, Record, names_only
from perfxl.model.remark import Remark
from perfxl.report_type.model import ReportType
from perfxl.report_type.schema_validator import Fault, Validator

_GENERAL = {
    "required": "D01",
    "type": "V01",
    "enum": "V03",
    "pattern": "V05",
    "minimum": "V04",
    "maximum": "V04",
    "multipleOf": "V04",
    "minLength": "V02",
    "maxLength": "V02",
    "minItems": "V06",
    "maxItems": "V06",
    "const": "V03",
    "uniqueItems": "V22",
    "contains": "V22",
}
_MISSING = ("required", "dependentRequired")  # keywords of which a fault says in English alone what is missing
_KINDS = {"number": "数字", "integer": "整数", "string": "文字"}


def failures(record: Record, report_type: ReportType, version: int) -> Iterator[Remark]:
    """Return a remark on every value that the schema of the type refuses, and on every one that it misses.

    What a form of this `version` did not have yet is not missed.
    """
    missed: set[FieldPath] = set()
    for fault in _validator(report_type).faults(record.values):
        if fault.keyword not in _MISSING:
            yield _remark(report_type, fault.keyword, fault.path, fault.found, fault.wanted)
            continue
        # There is one fault for each missing property, and none of them says which, but in English.
        for key in _missing(fault):
            path = (*fault.path, key)
            if path not in missed and _since(report_type, path) <= version:
                missed.add(path)
                yield _remark(report_type, "required", path, "空白", fault.wanted)


def without_refused(record: Record, report_type: ReportType, refused: Sequence[Remark]) -> Record:
    """Return what rules may rely on: `record` without the years and counts that the schema refuses.

    They decide on what is said of many other cells; once they are mended, that is said.
    """
    paths = [remark.path for remark in refused if remark.path and isinstance(remark.path[-1], str)]
    wrong = [path for path in paths if report_type.node(names_only(path)).get("type") == "integer"]
    if not wrong:
        return record
    values, completed = record.values, record.completed
    for path in wrong:
        values = _without(values, path)
        completed = None if completed is None else _without(completed, path)
    rest = Record(values, record.places, record.traces, completed, record.dates, record.doubted)
    rest.schema = record.schema
    return rest


def _without(values: Any, path: FieldPath) -> Any:
    """Return a copy without the value that `path` leads to, if there is one."""
    step, *rest = path
    if isinstance(values, list):
        return [_without(each, tuple(rest)) if at == step else each for at, each in enumerate(values)]
    if step not in values:
        return values
    if not rest:
        return {key: value for key, value in values.items() if key != step}
    return {**values, step: _without(values[step], tuple(rest))}


def _since(report_type: ReportType, path: FieldPath) -> int:
    return int(report_type.node(names_only(path)).get("x-since", 1))


@lru_cache(maxsize=16)
def _validator(report_type: ReportType) -> Validator:
    return Validator(report_type.schema)


def _missing(fault: Fault) -> list[str]:
    """Return the properties that an object misses."""
    if fault.keyword == "required":
        return [key for key in fault.wanted if key not in fault.found]
    asked = [key for leader, keys in fault.wanted.items() if leader in fault.found for key in keys]
    return [key for key in dict.fromkeys(asked) if key not in fault.found]


def _remark(report_type: ReportType, keyword: str, path: FieldPath, value: Any, wanted: Any) -> Remark:
    # A bound of `then` is not among the words of the field.
    node = {**report_type.node(names_only(path)), **({keyword: wanted} if keyword != "required" else {})}
    if isinstance(path[-1], int):
        node = {**node["items"], "x-label": node["x-label"]}
    code = node.get("x-codes", {}).get(keyword) or _GENERAL[keyword]
    return Remark(code, path, _words(keyword, path, node, value))


def _words(keyword: str, path: FieldPath, node: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """Return the words that the messages of schema failures may use; a message takes those it needs."""
    number = next((step + 1 for step in reversed(path) if isinstance(step, int)), 0)
    if keyword in ("uniqueItems", "contains"):
        wrong = "里有两条是一样的" if keyword == "uniqueItems" else f"里没有{_asked(node)}"
        return {"say": f"“{node['x-label']}”{wrong}"}
    words: dict[str, Any] = {"label": node["x-label"], "value": value, "n": number, "advice": "请核对后改正。"}
    if keyword == "pattern":
        shape = node["x-shape"]
        words |= {"n": len(value), "shape": shape, "problem": f"“{node['x-label']}”应为{shape}"}
    if keyword in ("minLength", "maxLength"):
        few = keyword == "minLength"
        words["n"] = len(value)
        words["problem"] = f"不应少于{node['minLength']}个字" if few else f"不应超过{node['maxLength']}个字"
        words["advice"] = "写得具体一些" if few else "压缩文字"
    elif keyword in ("minItems", "maxItems"):
        few = keyword == "minItems"
        words |= {"n": len(value), "advice": "补充" if few else "合并或精简"}
        words["problem"] = f"不应少于{node['minItems']}条" if few else f"不应超过{node['maxItems']}条"
    elif keyword in ("minimum", "maximum", "multipleOf"):
        words["problem"] = f"是{node['multipleOf']}的倍数" if keyword == "multipleOf" else _bounds(node)
    elif keyword in ("enum", "const"):
        words["choices"] = "、".join(map(str, node["enum"] if keyword == "enum" else [node["const"]]))
    elif keyword == "type":
        types = node["type"] if isinstance(node["type"], list) else [node["type"]]
        words["kind"] = "或".join(_KINDS[kind] for kind in types)
    return words


def _asked(node: Mapping[str, Any]) -> str:
    """Return what `contains` asks of one of the rows."""
    members = node["items"].get("properties", {})
    asked = node["contains"].get("properties", {})
    parts = [
        f"“{members.get(name, {}).get('x-label', name)}”是{'、'.join(map(str, rule.get('enum', [rule.get('const')])))}"
        for name, rule in asked.items()
        if "enum" in rule or "const" in rule
    ]
    return f"{'、'.join(parts)}的一条" if parts else "合要求的一条"


def _bounds(node: Mapping[str, Any]) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    between = f"在{low}到{high}之间" if low is not None and high is not None else ""
    return between or (f"不小于{low}" if low is not None else f"不大于{high}")
