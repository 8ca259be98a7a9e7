"""The schema of a type as its author saved it: read, or told in sentences why it cannot be.

Everything that the dialect refuses is told at once, with the file, the field and the word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfxl.model.author_note import AuthorNote, likely
from perfxl.report_type.model import TypeFault
from perfxl.report_type.schema_validator import Fault, Validator

_KINDS = {
    "number": "数", "integer": "整数", "string": "文字", "array": "列表 […]", "object": "一组 {…}",
    "boolean": "true 或 false",
}  # fmt: skip
_SIGNS = {
    "“": '这里有中文引号，要用英文的 "',
    "”": '这里有中文引号，要用英文的 "',
    "，": "这里有中文逗号，要用英文的 ,",
    "：": "这里有中文冒号，要用英文的 :",
    "/": "JSON 里不能写注释，请删掉",
    "#": "JSON 里不能写注释，请删掉",
    "'": '这里有单引号，要用双引号 "',
}
_NAME = "名称用汉字或小写英文字母开头，里面只有汉字、小写字母、数字和下划线"
_ADDRESS = "地址要像“基本信息!C4”“B4:C4”；列表的列只写列号，像“B”"


def read(path: Path) -> tuple[dict[str, Any], list[AuthorNote]]:
    """Return what a schema's file holds, and what is wrong with how it is written.

    Money is exact: numbers come as `Decimal`. Raises `TypeFault` where it is no JSON at all.
    """
    notes: list[AuthorNote] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
            notes.append(AuthorNote(path.name, f"“{key}”", f"“{key}”在同一处写了{keys.count(key)}次", "请只留一个"))
        return dict(pairs)

    try:
        text = path.read_bytes().decode("utf-8-sig")
        schema = json.loads(text, parse_float=Decimal, object_pairs_hook=once)
    except UnicodeDecodeError as error:
        raise _fault(path, "", "不是 UTF-8 编码", "请另存为 UTF-8") from error
    except json.JSONDecodeError as error:
        raise _fault(path, f"第{error.lineno}行第{error.colno}列", *_json_problem(text, error)) from error
    except RecursionError as error:
        raise _fault(path, "", "嵌套太深", "请减少层次") from error
    if not isinstance(schema, dict):
        raise _fault(path, "", "应是一组 {…}", "")
    return schema, notes


def _fault(path: Path, place: str, problem: str, cure: str) -> TypeFault:
    return TypeFault.of([AuthorNote(path.name, place, problem, cure)])


def _json_problem(text: str, error: json.JSONDecodeError) -> tuple[str, str]:
    sign = text[error.pos : error.pos + 1]
    before = text[: error.pos].rstrip()
    if sign in _SIGNS:
        problem, _, cure = _SIGNS[sign].partition("，")
        return problem, cure
    if sign in ("}", "]") and before.endswith(","):
        return f"“{sign}”前面多了一个逗号", "请删掉这个逗号"
    if before.endswith(",") and error.msg.startswith("Illegal trailing"):
        return "最后一项后面多了一个逗号", "请删掉这个逗号"
    if "delimiter" in error.msg:
        return "两项之间少了逗号，或者名称后面少了冒号", "请在这里的前面补上"
    if error.msg.startswith("Extra data"):
        return "括号已经结束，后面还有内容", "请核对括号"
    if not sign:
        return "没有写完，括号不成对", "请核对括号"
    return "写法不对", "请核对引号、逗号和括号"


def dialect_notes(schema: Mapping[str, Any], dialect: Mapping[str, Any], file: str, type_id: str) -> list[AuthorNote]:
    """Return everything in which a schema does not keep to the dialect."""
    notes = []
    for fault in Validator(dialect).faults(schema):
        place = place_of(schema, fault.path)
        for problem, cure in _sentences(fault, dialect, schema):
            notes.append(AuthorNote(file, place, problem, cure))
    wanted = "urn:perfxl:" + type_id
    if "$id" in schema and schema["$id"] != wanted:
        notes.append(AuthorNote(file, "“$id”", f"是“{schema['$id']}”，和文件名不同", f"请改成“{wanted}”，或者改文件名"))
    return list(dict.fromkeys(notes))


def place_of(schema: Mapping[str, Any], path: Sequence[str | int]) -> str:
    """Return a place of a schema as its author thinks of it: 栏目“金额”（decisions.cost）的“minimum”."""
    names: list[str] = []
    rest: list[str | int] = []
    label, node = "", schema
    steps = list(path)
    while steps:
        step = steps.pop(0)
        if step == "properties" and steps:
            name = str(steps.pop(0))
            names.append(name)
            node = _member(_member(node, "properties"), name)
            label = str(node.get("x-label", "")) or label if isinstance(node, Mapping) else label
            rest = []
        elif step == "items" and names and not rest:
            node = _member(node, "items")
        else:
            rest.append(step)
    word = "".join(f"第{step + 1}个" if isinstance(step, int) else f"“{step}”" for step in rest)
    if not names:
        return word
    dotted = ".".join(names)
    named = f"栏目“{label}”（{dotted}）" if label and label != dotted else f"栏目“{dotted}”"
    return f"{named}的{word}" if word else named


def _member(node: Any, key: str) -> Any:
    found = node.get(key, {}) if isinstance(node, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def _sentences(fault: Fault, dialect: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield problem and cure of a fault of the dialect; one that follows from another yields nothing."""
    found, word = fault.found, fault.path[-1] if fault.path else ""
    if fault.keyword == "additionalProperties" and isinstance(found, Mapping):
        known = _node(dialect, schema, fault.path)
        for key in found:
            if key not in known and key not in ("$schema",):
                yield f"没有“{key}”这个词", likely(key, known)
    elif fault.keyword == "required":
        for key in fault.wanted:
            if isinstance(found, Mapping) and key not in found:
                yield f"缺少“{key}”", "请补上"
    elif fault.keyword == "dependentRequired":
        for key, needs in fault.wanted.items():
            for need in needs:
                if isinstance(found, Mapping) and key in found and need not in found:
                    yield f"写了“{key}”就要写“{need}”", _NEEDED.get(need, "请补上")
    elif fault.keyword == "type":
        kinds = [fault.wanted] if isinstance(fault.wanted, str) else fault.wanted
        yield f"应是{'或'.join(_KINDS[kind] for kind in kinds)}，现在是“{_shown(found)}”", "请改过来"
    elif fault.keyword in ("enum", "const"):
        choices = [str(each) for each in (fault.wanted if fault.keyword == "enum" else [fault.wanted])]
        yield f"不能是“{_shown(found)}”", likely(str(found), choices)
    elif fault.keyword == "pattern":
        yield f"“{_shown(found)}”的写法不对", _ADDRESS if word == "x-at" or word == "x-label-at" else _NAME
    elif fault.keyword == "anyOf":
        yield from _any_of(word, found)
    else:
        yield f"“{_shown(found)}”不合要求（{fault.keyword}：{_shown(fault.wanted)}）", "请改过来"


_NEEDED = {"x-shape": "用一句话告诉填表人应是什么样子，如“6位数字”", "x-label": "写上栏目的名称"}


def _any_of(word: str | int, found: Any) -> Iterator[tuple[str, str]]:
    if word in ("x-at", "x-label-at"):
        yield f"“{_shown(found)}”的写法不对", _ADDRESS
    elif word == "type":
        yield f"没有“{_shown(found)}”这种类型", likely(str(found), ("string", "number", "integer", "boolean", "date"))
    elif isinstance(found, Mapping):
        yield "没有写类型", '请写 "type": "string"（文字）、"number"（数）或 "integer"（整数）'
    else:
        yield f"“{_shown(found)}”的写法不对", "请看 docs/report-types.md"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= 40 else text[:38] + "……"


def _node(dialect: Mapping[str, Any], schema: Mapping[str, Any], path: Sequence[str | int]) -> list[str]:
    """Return the words that the dialect knows at a place."""
    rule: Mapping[str, Any] = dialect
    here: Any = schema
    for step in (*path, None):
        rule = _followed(rule, dialect, here)
        if step is None:
            break
        if isinstance(step, int):
            rule = rule.get("items", {})
        else:
            inner = rule.get("properties", {}).get(step, rule.get("additionalProperties"))
            rule = inner if isinstance(inner, Mapping) else {}
        here = _step(here, step)
    return [*rule.get("properties", {})]


def _followed(rule: Mapping[str, Any], dialect: Mapping[str, Any], here: Any) -> Mapping[str, Any]:
    while True:
        if "$ref" in rule:
            rule = dialect["$defs"][rule["$ref"].rpartition("/")[2]]
        elif "if" in rule:
            wanted = rule["if"]["properties"]["type"]["const"]
            rule = rule["then" if isinstance(here, Mapping) and here.get("type") == wanted else "else"]
        elif "anyOf" in rule and "properties" not in rule:
            rule = rule["anyOf"][-1]
        else:
            return rule


def _step(here: Any, step: str | int) -> Any:
    try:
        return here[step]
    except (KeyError, IndexError, TypeError):
        return None
