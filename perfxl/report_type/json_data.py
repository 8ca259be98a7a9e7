"""Records as JSON, and back: what `perfxl data` prints and `perfxl fill` reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from perfxl.model.record import FieldPath, path_text
from perfxl.report_type.model import ReportType, Schema

_MAX_CELL = 32_767  # characters: Excel's limit
_BLANK: tuple[Any, ...] = (None, "", {}, [])
_SURROGATE = re.compile("[\ud800-\udfff]")


class DataFault(Exception):
    """The data do not fit the form; the message is Chinese and names the place."""


def dumps(values: Any) -> str:
    """Return `values` as indented JSON. Amounts are numbers, equal to what the workbook holds."""
    return json.dumps(_plain(values), ensure_ascii=False, indent=2)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        # More digits than a JSON reader keeps (they can only have been typed as text) stay text.
        return float(value) if Decimal(repr(float(value))) == value else f"{value:f}"
    return value


def loads(text: bytes, report_type: ReportType) -> dict[str, Any]:
    """Return the values that the JSON `text` holds for a workbook of `report_type`, without its blanks.

    Raises `DataFault` where it is no JSON, or holds what the form has no place for: nothing is dropped in silence.
    """
    try:
        values = json.loads(text.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise DataFault("数据文件不是 UTF-8 编码，请另存为 UTF-8。") from error
    except json.JSONDecodeError as error:
        raise DataFault(f"数据文件不是 JSON：第{error.lineno}行第{error.colno}列写法不对。") from error
    except RecursionError as error:
        raise DataFault("数据文件嵌套太深。") from error
    faults = list(_faults(values, report_type.schema, ()))
    if faults:
        raise DataFault("\n".join(faults))
    filled = _without_blanks(values)
    return filled if isinstance(filled, dict) else {}


def _refuse_constant(name: str) -> None:
    raise DataFault(f"数据文件里有 {name}，它不是一个数。")


def _faults(value: Any, node: Schema, path: FieldPath) -> Iterator[str]:
    """Yield a sentence for everything that could not be written into the form."""
    here = path_text(path) or "整个文件"
    if value is None:
        return
    if node.get("type") == "object":
        if not isinstance(value, dict):
            yield f"{here}：这里应是一个对象（{{…}}）。"
            return
        for key, member in value.items():
            if key in node["properties"]:
                yield from _faults(member, node["properties"][key], (*path, key))
            else:
                yield f"{path_text((*path, key))}：表格里没有这一栏。"
    elif node.get("type") == "array":
        if not isinstance(value, list):
            yield f"{here}：这里应是一个列表（[…]）。"
            return
        for index, member in enumerate(value):
            yield from _faults(member, node["items"], (*path, index))
    else:
        yield from _leaf_faults(value, node, here)


def _leaf_faults(value: Any, node: Schema, here: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        yield f"{here}：这里应是文字或数字。"
    elif "const" in node and value != node["const"]:
        yield f"{here}：这里应是“{node['const']}”，现在是“{value}”。"
    elif isinstance(value, str) and len(value) > _MAX_CELL:
        yield f"{here}：有{len(value)}个字，一个格子最多{_MAX_CELL}个字。"
    elif isinstance(value, str) and _SURROGATE.search(value):
        yield f"{here}：有半个字符（单独的代理项），Excel 存不下。"


def _without_blanks(value: Any) -> Any:
    """Return `value` without nulls, empty texts, and objects and arrays that hold nothing else."""
    if isinstance(value, dict):
        kept = {key: _without_blanks(member) for key, member in value.items()}
        return {key: member for key, member in kept.items() if member not in _BLANK}
    if isinstance(value, list):
        return [member for member in map(_without_blanks, value) if member not in _BLANK]
    return value
